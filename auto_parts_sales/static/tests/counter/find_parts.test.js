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
import {
    contains,
    makeServerError,
    mockService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { browser } from "@web/core/browser/browser";

import { FindParts, TYPING_PAUSE } from "@auto_parts_sales/counter/find_parts";

describe.current.tags("desktop");
defineMailModels();

const BOX = ".o_parts_box input";
const GARAGE = { id: 7, display_name: "Counter Garage" };
const GOLF = { id: 4, display_name: "Volkswagen Golf VII" };

function hit(id, values = {}) {
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
let answers;

beforeEach(() => {
    browser.sessionStorage.clear();
    answers = {
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
    };
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
});

async function open({ customer = GARAGE, vehicle = false } = {}) {
    const find = await mountWithCleanup(FindParts, { props: {} });
    find.counter.set({ customer, vehicle, answers: [], quotation: false, startNew: false });
    await animationFrame();
    return find;
}

/** Type, wait for the pause and for the answer. */
async function type(text) {
    await contains(BOX).edit(text, { confirm: false });
    await advanceTime(TYPING_PAUSE);
    await animationFrame();
}

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

const ASKED = {
    fit: "depends",
    fit_condition: "2013–2015",
    question: "Of which model year is it?",
    question_kind: "year",
    options: [
        { value: "2013", label: "2013–2015", facts: { year: [2013, 2015] } },
        { value: "2016", label: "2016–2020", facts: { year: [2016, 2020] } },
    ],
};

test("a depends is answered in the list, and the answer goes with the part", async () => {
    answers.find = ({ facts }) => {
        expect.step(facts);
        return facts ? [hit(2, { fit: "yes" }), hit(1, { fit: "no" })] : [hit(1, ASKED), hit(2)];
    };
    answers.add = ((add) => (args, kwargs) => {
        expect.step([args[1], kwargs.facts]);
        return add();
    })(answers.add);
    await open({ vehicle: GOLF });
    await type("5g0");
    await contains(".o_parts_ask").click();
    expect(".o_parts_fit_question").toHaveText(/Of which model year is it\?/);
    expect(queryAllTexts(".o_parts_fit_question button")).toEqual(["2013–2015", "2016–2020"]);
    await contains(".o_parts_fit_question button:last").click();
    await animationFrame();
    expect(".o_parts_fit_question").toHaveCount(0);
    expect(".o_parts_answer").toHaveText("2016–2020");
    expect(queryAllTexts(".o_parts_name")).toEqual(["Part 2", "Part 1"]);
    expect(BOX).toBeFocused();
    await press("Enter");
    await animationFrame();
    const facts = { year: [2016, 2020] };
    expect.verifySteps(["find 5g0", null, "find 5g0", facts, [2, facts]]);
    await contains(".o_parts_answer button").click();
    await animationFrame();
    expect(".o_parts_answer").toHaveCount(0);
    expect.verifySteps(["find 5g0", null]);
});

test("F2 asks, words of one's own answer, nonsense is said in place", async () => {
    answers.find = ({ facts }) => {
        if (facts && facts.year === "soon") {
            throw makeServerError({ message: "“soon” is not understood." });
        }
        expect.step(facts);
        return [hit(1, facts ? { fit: "yes" } : ASKED)];
    };
    await open({ vehicle: GOLF });
    await type("5g0");
    await press("F2");
    await animationFrame();
    expect(".o_parts_fit_question input").toBeFocused();
    await contains(".o_parts_fit_question input").edit("soon", { confirm: false });
    await press("Enter");
    await animationFrame();
    await animationFrame();
    expect(".o_parts_note").toHaveText("“soon” is not understood.");
    expect(".o_parts_answer").toHaveCount(0);
    await press("F2");
    await animationFrame();
    await contains(".o_parts_fit_question input").edit("2016", { confirm: false });
    await press("Enter");
    await animationFrame();
    expect(".o_parts_answer").toHaveText("2016");
    expect.verifySteps([
        "find 5g0",
        null,
        "find 5g0",
        "find 5g0",
        null,
        "find 5g0",
        { year: "2016" },
    ]);
});

test("another vehicle or customer is another car", async () => {
    const find = await open({ vehicle: GOLF });
    const answered = [{ text: "2016", facts: { year: 2016 } }];
    find.counter.set({ answers: answered });
    find.setVehicle({ id: 5, display_name: "Passat" });
    expect(find.call.answers).toEqual([]);
    find.counter.set({ answers: answered, customer: false });
    find.setCustomer(GARAGE);
    // only now it is said whose car it is
    expect(find.call.answers).toEqual(answered);
    find.setCustomer({ id: 8, display_name: "Other garage" });
    expect(find.call.answers).toEqual([]);
    await animationFrame();
    expect.verifySteps(["find null", "find null", "find null"]);
});

test("of several that replace one, as many are taken", async () => {
    answers.find = () => [hit(1, { match: "superseded", exact: false, ratio: 2 })];
    answers.add = ((add) => (args, kwargs) => {
        expect.step(kwargs.quantity);
        return { ...add(), line: { id: 1, quantity: 6, added: 6, warning: false } };
    })(answers.add);
    await open();
    await type("06a905");
    expect("[role=option] .badge").toHaveText("× 2");
    await press(["ctrl", "ArrowUp"]);
    await press(["ctrl", "ArrowUp"]);
    await animationFrame();
    expect("[role=option] .badge").toHaveText("× 6");
    await press("Enter");
    await animationFrame();
    // the server knows the ratio: it is told what was asked for
    expect.verifySteps(["find 06a905", 3]);
    expect(".o_parts_note").toHaveText(/6 × Part 1/);
});

test("a failure of an older question does not disturb the newer one", async () => {
    const late = new Deferred();
    answers.find = ({ query }) => (query === "first" ? late : [hit(9)]);
    await open();
    await type("first");
    await type("second");
    late.reject(makeServerError({ message: "gone" }));
    await animationFrame();
    expect.verifySteps(["find first", "find second"]);
    expect("[role=option]").toHaveCount(1);
    expect(".o_parts_note").toHaveText("");
});

test("what cannot be asked any more is said, and nothing old stays", async () => {
    await open({ vehicle: GOLF });
    await type("5g0");
    answers.find = () => {
        throw makeServerError({ message: "The vehicle was deleted." });
    };
    await type("5g09");
    expect(".o_parts_note .alert-danger").toHaveText("The vehicle was deleted.");
    expect("[role=option]").toHaveCount(0);
    expect(".o_parts_box .fa-spin").toHaveCount(0);
    expect.verifySteps(["find 5g0", "find 5g09"]);
});

test("words typed while a part is on its way are not lost", async () => {
    const slow = new Deferred();
    answers.add = ((add) => () => slow.then(() => add()))(answers.add);
    await open();
    await type("5g0906259c");
    await press("Enter");
    await contains(BOX).edit("of", { confirm: false });
    slow.resolve();
    await animationFrame();
    await animationFrame();
    const box = document.querySelector(BOX);
    expect(box).toHaveValue("of");
    expect(box.selectionStart).toBe(2);
    await advanceTime(TYPING_PAUSE);
    await animationFrame();
    expect.verifySteps(["find 5g0906259c", "find of"]);
});

test("alternatives that cannot be read leave the part alone", async () => {
    expect.errors(1);
    answers.alternatives = () => {
        throw makeServerError({ message: "No." });
    };
    await open();
    await type("5g0906259c");
    await press("ArrowRight");
    await animationFrame();
    await animationFrame();
    expect(".o_parts_card").toHaveCount(1);
    expect(".o_parts_side .fa-spin").toHaveCount(0);
    expect.verifyErrors(["No."]);
    expect.verifySteps(["find 5g0906259c"]);
});
