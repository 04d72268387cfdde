import { describe, expect, test } from "@odoo/hoot";
import { animationFrame, press, queryAllTexts } from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    clickSave,
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class Part extends models.Model {
    _name = "part";
    name = fields.Char();
    _records = [
        { id: 1, name: "Genuine pump" },
        { id: 2, name: "Aftermarket pump" },
    ];
}

class Vehicle extends models.Model {
    _name = "parts.catalog.vehicle";
    name = fields.Char();
    _records = [{ id: 4, name: "Golf VII" }];
}

class Line extends models.Model {
    _name = "line";
    product_id = fields.Many2one({ relation: "part" });
    display_type = fields.Char();
    parts_number_asked = fields.Char();
    parts_vehicle_id = fields.Many2one({ relation: "parts.catalog.vehicle" });
    parts_fit = fields.Selection({
        selection: [
            ["yes", "Fits"],
            ["depends", "Depends"],
            ["unknown", "Unknown"],
            ["no", "Does not fit"],
        ],
    });
    parts_fit_condition = fields.Char();
    parts_fit_question = fields.Char();
    parts_fit_options = fields.Json();
    parts_fit_answer = fields.Char();
    parts_fit_answers = fields.Json();
    product_uom_qty = fields.Float();
    _records = [
        {
            id: 1,
            product_id: 1,
            parts_number_asked: "06A 905 115 D",
            product_uom_qty: 3,
            parts_vehicle_id: 4,
            parts_fit: "depends",
            parts_fit_condition: "engine CZCA",
            parts_fit_question: "Which engine code does it have?",
            parts_fit_options: [
                { value: "CZCA", label: "CZCA" },
                { value: "*", label: "None of these" },
            ],
        },
        { id: 2, product_id: 1, parts_fit: "no" },
        { id: 3 },
    ];
}

defineMailModels();
defineModels([Part, Vehicle, Line]);

function mountLine(resId) {
    return mountView({
        type: "form",
        resModel: "line",
        resId,
        arch: `
            <form>
                <field name="product_id"/>
                <field name="display_type" invisible="1"/>
                <field name="parts_number_asked"/>
                <field name="parts_fit" widget="parts_fit" readonly="1"/>
                <field name="parts_vehicle_id"/>
                <field name="product_uom_qty"/>
                <widget name="parts_alternatives"/>
            </form>`,
    });
}

test("where it depends, the question is asked and its answer kept", async () => {
    onRpc("line", "web_save", ({ args }) => expect.step(args[1]));
    await mountLine(1);
    expect(".o_field_widget[name=parts_fit]").toHaveText("Depends");
    await contains(".o_parts_fit_ask").click();
    expect(".o_parts_fit_question").toHaveText(/Which engine code does it have\?/);
    expect(".o_parts_fit_question").toHaveText(/engine CZCA/);
    expect(queryAllTexts(".o_parts_fit_question button")).toEqual(["CZCA", "None of these"]);
    await contains(".o_parts_fit_question button:first").click();
    expect(".o_parts_fit_question").toHaveCount(0);
    await clickSave();
    expect.verifySteps([{ parts_fit_answer: "CZCA" }]);
});

test("the answer can be given in words of one's own", async () => {
    onRpc("line", "web_save", ({ args }) => expect.step(args[1]));
    await mountLine(1);
    await contains(".o_parts_fit_ask").click();
    await contains(".o_parts_fit_question input").edit("CHPA", { confirm: false });
    await press("Enter");
    await animationFrame();
    await clickSave();
    expect.verifySteps([{ parts_fit_answer: "CHPA" }]);
});

test("where it does not depend, nothing is asked", async () => {
    await mountLine(2);
    expect(".o_field_widget[name=parts_fit]").toHaveText("Does not fit");
    expect(".o_parts_fit_ask").toHaveCount(0);
});

test("one click takes an alternative and keeps the number asked", async () => {
    onRpc("product.product", "parts_alternatives", ({ kwargs }) => {
        expect.step([kwargs.product_id, kwargs.vehicle_id]);
        return [
            {
                product_id: 2,
                display_name: "Aftermarket pump",
                brand: "Hella",
                grade: "aftermarket",
                relation: "same_number",
                numbers: ["06A 905 115 D"],
                price: 80,
                currency_id: 1,
                free: [],
                incoming_date: "2026-03-01",
                warranty_months: 12,
                warranty_km: 20000,
                fit: "yes",
            },
        ];
    });
    onRpc("line", "web_save", ({ args }) => expect.step(args[1]));
    await mountLine(1);
    await contains(".o_widget_parts_alternatives button").click();
    expect(".o_parts_card").toHaveCount(2);
    expect(".o_parts_card:last").toHaveText(/Same number[\s\S]*Hella[\s\S]*12 months/);
    // a margin is shown only to who is told
    expect(".o_parts_card:last").not.toHaveText(/Margin/);
    await contains(".o_parts_card button").click();
    expect(".o_dialog").toHaveCount(0);
    await clickSave();
    expect.verifySteps([[1, 4], { product_id: 2 }]);
    expect(".o_field_widget[name=parts_number_asked] input").toHaveValue("06A 905 115 D");
});

test("a line without a part has no alternatives", async () => {
    await mountLine(3);
    expect(".o_widget_parts_alternatives button").toHaveCount(0);
});

test("a part that replaces the line's takes its ratio and says what it replaces", async () => {
    onRpc("product.product", "parts_alternatives", ({ kwargs }) => {
        expect.step([kwargs.quantity, kwargs.facts]);
        return [
            {
                product_id: 2,
                display_name: "New pump",
                brand: false,
                relation: "superseded",
                direction: "forward",
                old_number: "06A 905 115 D",
                date: "2019-03-01",
                ratio: 2,
                quantity: 6,
                numbers: ["06A 905 115 E"],
                price: 80,
                currency_id: 1,
                free: [],
                fit: "yes",
            },
        ];
    });
    onRpc("line", "web_save", ({ args }) => expect.step(args[1]));
    await mountLine(1);
    await contains(".o_field_widget[name=parts_number_asked] input").edit("");
    await contains(".o_widget_parts_alternatives button").click();
    expect(".o_parts_card:last").toHaveText(/Replaces 06A 905 115 D since 2019 · 2 for each/);
    await contains(".o_parts_card button").click();
    await clickSave();
    expect.verifySteps([
        [3, null],
        { product_id: 2, parts_number_asked: "06A 905 115 D", product_uom_qty: 6 },
    ]);
});
