import { expect } from "@odoo/hoot";
import { advanceTime, animationFrame } from "@odoo/hoot-dom";
import { contains, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { browser } from "@web/core/browser/browser";

import { FindParts, TYPING_PAUSE } from "@auto_parts_sales/counter/find_parts";

export const BOX = ".o_parts_box input";
export const GARAGE = { id: 7, display_name: "Counter Garage" };
export const GOLF = { id: 4, display_name: "Volkswagen Golf VII" };

export function hit(id, values = {}) {
    return {
        product_id: id,
        display_name: `Part ${id}`,
        match: "oe",
        path: "OE number of Volkswagen",
        number: "5G0 906 259 C",
        exact: true,
        fit: "unknown",
        fit_condition: false,
        question: false,
        question_kind: false,
        options: [],
        ratio: 1,
        brand: "Bosch",
        grade: "oes",
        grade_label: "OES",
        price: 10 * id,
        currency_id: 1,
        uom: "Units",
        free_qty: 7,
        free_elsewhere: 5,
        lead_days: 0,
        ...values,
    };
}

/** What the server answers; a test changes what it is about. */
export const answers = {};

export function mockServer() {
    browser.sessionStorage.clear();
    Object.assign(answers, {
        canSell: true,
        find: () => [hit(1), hit(2, { exact: false })],
        alternatives: () => [],
        unanswered: () => false,
        running: () => false,
        add: () => ({
            id: 30,
            name: "S00030",
            date: "2026-01-01",
            line_count: 1,
            amount_total: 11.3,
            currency_id: 1,
            quantities: { 1: 1 },
            line: { id: 300, quantity: 1, warning: false },
        }),
    });
    onRpc("has_access", () => answers.canSell);
    onRpc("product.product", "parts_find", ({ kwargs }) => {
        expect.step(`find ${kwargs.query}`);
        return answers.find(kwargs);
    });
    onRpc("product.product", "parts_alternatives", ({ kwargs }) => answers.alternatives(kwargs));
    onRpc("product.product", "parts_search_unanswered", ({ kwargs }) =>
        answers.unanswered(kwargs)
    );
    onRpc("sale.order", "parts_running_quotation", () => answers.running());
    onRpc("sale.order", "parts_add_part", ({ args, kwargs }) => answers.add(args, kwargs));
    onRpc("res.partner", "name_search", () => [[GARAGE.id, GARAGE.display_name]]);
    onRpc("parts.customer.vehicle", "search_read", () => []);
    onRpc("parts.catalog.vehicle", "name_search", () => [[GOLF.id, GOLF.display_name]]);
}

export async function open({ customer = GARAGE, vehicle = false } = {}) {
    const find = await mountWithCleanup(FindParts, { props: {} });
    find.counter.set({ customer, vehicle, answers: [], quotation: false, startNew: false });
    await animationFrame();
    return find;
}

/** Type, wait for the pause and for the answer. */
export async function type(text) {
    await contains(BOX).edit(text, { confirm: false });
    await advanceTime(TYPING_PAUSE);
    await animationFrame();
}
