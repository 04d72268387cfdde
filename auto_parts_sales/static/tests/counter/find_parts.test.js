import { beforeEach, describe, expect, test } from "@odoo/hoot";
import {
    advanceTime,
    animationFrame,
    Deferred,
    freezeTime,
    press,
    queryAllTexts,
    unfreezeTime,
} from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { contains, makeServerError, mockService, onRpc } from "@web/../tests/web_test_helpers";

import { TYPING_PAUSE } from "@auto_parts_sales/counter/find_parts";
import { answers, BOX, GARAGE, GOLF, hit, mockServer, open, type } from "./find_parts_helpers";

describe.current.tags("desktop");
defineMailModels();
beforeEach(mockServer);

test("the cursor stands in the box, and the empty screen says what to type", async () => {
    await open();
    expect(BOX).toBeFocused();
    expect(".o_parts_help").toHaveText(/part number in any spelling/);
    expect.verifySteps([]);
});

test("the server is asked once, after the last key", async () => {
    await open();
    // a slow machine does not count as a pause
    freezeTime();
    await contains(BOX).edit("5g0", { confirm: false });
    await advanceTime(TYPING_PAUSE / 2);
    await contains(BOX).edit("5g0906", { confirm: false });
    await advanceTime(TYPING_PAUSE / 2);
    expect.verifySteps([]);
    await advanceTime(TYPING_PAUSE / 2);
    unfreezeTime();
    await animationFrame();
    expect.verifySteps(["find 5g0906"]);
    expect("[role=option]").toHaveCount(2);
});

test("a row says number, part, grade, stock, price and why", async () => {
    await open();
    await type("5g0906");
    expect.verifySteps(["find 5g0906"]);
    expect("[role=option]:first mark").toHaveText("5G0 906");
    const row = "[role=option]:first";
    for (const text of [
        "5G0 906 259 C",
        "OE number of Volkswagen",
        "Part 1",
        "Bosch · OES",
        "2 here",
        "5 elsewhere",
        "10.00",
        "At once",
    ]) {
        expect(row).toHaveText(new RegExp(text));
    }
    // without a vehicle there is nothing to fit
    expect(".o_parts_fit").toHaveCount(0);
});

test("each of the four answers has a word of its own", async () => {
    answers.find = () => [
        hit(1, { fit: "yes" }),
        hit(2, { fit: "depends", question: "Is the engine code CZCA?" }),
        hit(3, { fit: "unknown" }),
        hit(4, { fit: "no" }),
    ];
    await open({ vehicle: GOLF });
    await type("5g0");
    expect.verifySteps(["find 5g0"]);
    expect(queryAllTexts(".o_parts_fit .fw-bold")).toEqual([
        "Fits",
        "Depends",
        "Fit unknown",
        "Does not fit",
    ]);
    expect(".o_parts_ask").toHaveText("Is the engine code CZCA?");
    expect(".o_parts_fit i").toHaveCount(4);
});

test("an answer that comes late is dropped", async () => {
    const late = new Deferred();
    answers.find = ({ query }) =>
        query === "first" ? late : [hit(9, { display_name: "Second" })];
    await open();
    await type("first");
    await type("second");
    late.resolve([hit(8, { display_name: "First" })]);
    await animationFrame();
    expect.verifySteps(["find first", "find second"]);
    expect(queryAllTexts(".o_parts_name")).toEqual(["Second"]);
});

test("arrows choose, Enter adds with the number as typed", async () => {
    answers.find = () => [hit(1), hit(2)];
    answers.add = ((add) => (args, kwargs) => {
        expect.step([args, kwargs.quantity, kwargs.number_asked, kwargs.partner_id]);
        return add();
    })(answers.add);
    await open();
    await type("5g0 906 259c");
    await press("ArrowDown");
    await press(["ctrl", "ArrowUp"]);
    await animationFrame();
    expect("[role=option][aria-selected=true]").toHaveText(/Part 2/);
    await press("Enter");
    await animationFrame();
    await press("Enter");
    await animationFrame();
    expect.verifySteps([
        "find 5g0 906 259c",
        [[[], 2], 2, "5g0 906 259c", GARAGE.id],
        [[[30], 2], 1, "5g0 906 259c", GARAGE.id],
    ]);
    expect(".o_parts_quotation").toHaveText(/S00030 · 1 line/);
    expect(".o_parts_note").toHaveText(/Added to S00030/);
    expect(BOX).toBeFocused();
});

test("the beginning of a number is not what the customer asked for", async () => {
    answers.find = () => [hit(1, { exact: false })];
    answers.add = ((add) => (args, kwargs) => {
        expect.step(kwargs.number_asked);
        return add();
    })(answers.add);
    await open();
    await type("5g0");
    await press("Enter");
    await animationFrame();
    expect.verifySteps(["find 5g0", "5G0 906 259 C"]);
});

test("without a customer, Enter asks for him", async () => {
    await open({ customer: false });
    await type("5g0");
    await press("Enter");
    await animationFrame();
    expect("#parts_chip_customer").toBeFocused();
    expect(".o_parts_note").toHaveText(/Choose the customer/);
    await contains("#parts_chip_customer").edit("gar", { confirm: false });
    await advanceTime(200);
    await animationFrame();
    await press("Enter");
    await animationFrame();
    expect(BOX).toBeFocused();
    expect("#parts_chip_customer").toHaveValue(GARAGE.display_name);
    // once more, for his prices
    expect.verifySteps(["find 5g0", "find 5g0"]);
});

test("Enter before the answer takes only what is certain", async () => {
    answers.add = ((add) => (args) => {
        expect.step(`add ${args[1]}`);
        return add();
    })(answers.add);
    await open();
    await contains(BOX).edit("5G0906259C", { confirm: false });
    await press("Enter");
    await animationFrame();
    await animationFrame();
    expect.verifySteps(["find 5G0906259C", "add 1"]);

    answers.find = () => [hit(1), hit(2)];
    await contains(BOX).edit("5G0906259", { confirm: false });
    await press("Enter");
    await animationFrame();
    await animationFrame();
    expect.verifySteps(["find 5G0906259"]);
    expect(".o_parts_note").toHaveText(/Several parts may be meant/);
});

test("a key of the input method does not add", async () => {
    answers.add = () => expect.step("add");
    await open();
    await type("5g0");
    const box = document.querySelector(BOX);
    box.dispatchEvent(
        new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true })
    );
    await animationFrame();
    expect.verifySteps(["find 5g0"]);
});

test("what the server refuses is said in place", async () => {
    answers.add = () => {
        throw makeServerError({ message: "S00030 is not a quotation any more." });
    };
    await open();
    await type("5g0");
    await press("Enter");
    await animationFrame();
    expect.verifySteps(["find 5g0"]);
    expect(".o_parts_note .alert-danger").toHaveText("S00030 is not a quotation any more.");
    expect(".o_dialog").toHaveCount(0);
    expect(".o_parts_quotation").toHaveText("New quotation");
});

test("nothing found offers lost demand, and does not pretend", async () => {
    answers.find = () => [];
    answers.unanswered = ({ query, partner_id }) => {
        expect.step(`lost ${query} ${partner_id}`);
        return false;
    };
    await open();
    await type("zz99");
    expect(".o_parts_summary [role=status]").toHaveText("Nothing found for “zz99”.");
    expect("[role=option]").toHaveText(/Record as lost demand: zz99/);
    await press("Enter");
    await animationFrame();
    expect(".o_parts_note").toHaveText(/Nothing was recorded/);
    answers.unanswered = () => ({ id: 1 });
    await press(["ctrl", "l"]);
    await animationFrame();
    expect(".o_parts_note").toHaveText(/Recorded as lost demand/);
    expect.verifySteps(["find zz99", `lost zz99 ${GARAGE.id}`]);
});

test("look-alikes are offered as such", async () => {
    answers.find = () => [hit(1, { match: "similar", exact: false, number: "O6A 905" })];
    await open();
    await type("06a905");
    expect.verifySteps(["find 06a905"]);
    expect(".o_parts_summary [role=status]").toHaveText(/look alike/);
    expect("[role=option]").toHaveCount(2);
    expect("[role=option]:first mark").toHaveText("O6A 905");
});

test("alternatives stand side by side, and keep the number asked", async () => {
    answers.alternatives = ({ product_id }) => {
        expect.step(`alternatives ${product_id}`);
        return [
            {
                product_id: 5,
                display_name: "Other part",
                brand: "Hella",
                grade: "aftermarket",
                relation: "interchange",
                numbers: ["8ET 1"],
                price: 4,
                currency_id: 1,
                free: [{ warehouse_id: 1, warehouse: "North", free_qty: 3 }],
                incoming_date: false,
                warranty_months: 12,
                warranty_km: 0,
                fit: "unknown",
            },
        ];
    };
    answers.add = ((add) => (args, kwargs) => {
        expect.step(`add ${args[1]} for ${kwargs.number_asked}`);
        return add();
    })(answers.add);
    await open();
    await type("5g0906259c");
    await press("ArrowRight");
    await animationFrame();
    await animationFrame();
    expect(".o_parts_card").toHaveCount(2);
    expect(".o_parts_card[aria-selected=true]").toHaveText(/Hella[\s\S]*North/);
    await press("Escape");
    await animationFrame();
    expect(".o_parts_card").toHaveCount(0);
    await press("ArrowRight");
    await animationFrame();
    await animationFrame();
    await press("Enter");
    await animationFrame();
    expect.verifySteps([
        "find 5g0906259c",
        "alternatives 1",
        "alternatives 1",
        "add 5 for 5g0906259c",
    ]);
    expect(".o_parts_card").toHaveCount(0);
});

test("Shift+Enter opens the part; who may not sell opens it with Enter", async () => {
    mockService("action", {
        doAction: (action) => expect.step([action.res_model, action.res_id]),
    });
    answers.canSell = false;
    await open();
    await type("5g0");
    await press(["shift", "Enter"]);
    await press("Enter");
    await animationFrame();
    expect.verifySteps(["find 5g0", ["product.product", 1], ["product.product", 1]]);
    expect(".o_parts_bar .btn-primary").toHaveCount(0);
});

test("Escape empties the box", async () => {
    await open();
    await type("5g0");
    await press("Escape");
    await animationFrame();
    expect(BOX).toHaveValue("");
    expect(".o_parts_help").toHaveCount(1);
    expect.verifySteps(["find 5g0"]);
});

test("going on below the last row shows more", async () => {
    answers.find = ({ limit }) => {
        expect.step(limit);
        return Array.from({ length: Math.min(limit, 30) }, (_, i) => hit(i + 1));
    };
    await open();
    await type("5g0");
    expect("[role=option]").toHaveCount(13);
    expect("[role=option]:last").toHaveText(/Show more parts/);
    await press("PageDown");
    await press("PageDown");
    await animationFrame();
    await animationFrame();
    expect("[role=option]").toHaveCount(30);
    expect("[role=option][aria-selected=true]").toHaveText(/Part 13/);
    expect.verifySteps(["find 5g0", 12, "find 5g0", 200]);
});

test("a VIN in the box is offered to the vehicle", async () => {
    answers.find = () => [];
    onRpc("parts.customer.vehicle", "parts_read_vin", ({ kwargs }) => {
        expect.step(`read ${kwargs.text}`);
        return { vehicle_id: 4, customer_vehicle_id: 9, vin: kwargs.text, years: [] };
    });
    onRpc("parts.customer.vehicle", "search_read", () => [
        {
            id: 9,
            display_name: "沪A12345 · Golf VII",
            partner_id: [7, "Counter Garage"],
            vehicle_id: [4, "Golf VII"],
            vin: "LFV2A21K5G4000001",
        },
    ]);
    answers.add = ((add) => (args, kwargs) => {
        expect.step([kwargs.partner_id, kwargs.vehicle_id, kwargs.customer_vehicle_id]);
        return add();
    })(answers.add);
    await open({ customer: false });
    await type("LFV2A21K5G4000001");
    expect("[role=option]:first").toHaveText(/Look for the vehicle with this VIN/);
    await press("Enter");
    await advanceTime(200);
    await animationFrame();
    expect("#parts_chip_vehicle").toBeFocused();
    answers.find = () => [hit(1)];
    await press("Enter");
    await animationFrame();
    await animationFrame();
    expect("#parts_chip_vehicle").toHaveValue("沪A12345 · Golf VII");
    expect("#parts_chip_customer").toHaveValue("Counter Garage");
    expect(BOX).toHaveValue("");
    await press("Enter");
    await animationFrame();
    expect.verifySteps([
        "find LFV2A21K5G4000001",
        "read LFV2A21K5G4000001",
        "find null",
        [7, 4, 9],
    ]);
});

test("for a superseded number the line keeps the old one", async () => {
    answers.find = () => [
        hit(1, { match: "superseded", exact: false, number: "06A 905 115 E" }),
        hit(2, { match: "similar", exact: false, number: "O6A 905 115 D" }),
        hit(3, { match: "name", exact: false, number: false }),
        hit(4, { match: "interchange", exact: false, number: "06A 905 115 DX" }),
    ];
    answers.add = ((add) => (args, kwargs) => {
        expect.step(kwargs.number_asked);
        return add();
    })(answers.add);
    await open();
    await type("06a 905 115 d");
    for (let i = 0; i < 4; i++) {
        await press("Enter");
        await animationFrame();
        await press("ArrowDown");
        await animationFrame();
    }
    expect.verifySteps([
        "find 06a 905 115 d",
        "06a 905 115 d",
        "O6A 905 115 D",
        null,
        "06A 905 115 DX",
    ]);
});
