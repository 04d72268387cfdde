import { reactive } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { session } from "@web/session";

const EMPTY = {
    /** @type {{id: number, display_name: string} | false} */
    customer: false,
    /**
     * Of the catalogue; ``ownId``: the customer's vehicle that it is
     *
     * @type {{id: number, display_name: string, ownId?: number} | false}
     */
    vehicle: false,
    /** What was answered about the car, see parts/car_facts */
    answers: [],
    /** The running quotation, as sale.order's parts_add_part returns it, or false */
    quotation: false,
    /** Whether the next part starts a new quotation */
    startNew: false,
    query: "",
};

/**
 * What a clerk is about in this tab: customer, vehicle and running quotation stay until
 * they are changed, also over other screens and a reload of the page.
 */
export const counterService = {
    start() {
        const company = user.activeCompany?.id;
        const key = `parts_counter/${session.db}/${user.userId}/${company}`;
        let kept = {};
        try {
            kept = JSON.parse(browser.sessionStorage.getItem(key)) || {};
        } catch {
            // what cannot be read is not worth keeping
        }
        const state = reactive({ ...EMPTY, ...kept });
        return {
            state,
            /** @param {Partial<typeof EMPTY>} values */
            set(values) {
                Object.assign(state, values);
                browser.sessionStorage.setItem(key, JSON.stringify(state));
            },
        };
    },
};

registry.category("services").add("parts_counter", counterService);
