import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame, Deferred, press, queryAllTexts } from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { contains, makeServerError } from "@web/../tests/web_test_helpers";

import { TYPING_PAUSE } from "@auto_parts_sales/counter/find_parts";
import { answers, BOX, GARAGE, GOLF, hit, mockServer, open, type } from "./find_parts_helpers";

describe.current.tags("desktop");
defineMailModels();
beforeEach(mockServer);

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
