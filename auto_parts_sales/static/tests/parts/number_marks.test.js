import { describe, expect, test } from "@odoo/hoot";

import { markNumber, markWords, numberKey } from "@auto_parts_sales/parts/number_marks";

describe.current.tags("headless");

/** "[5G0 906] 259 C": what is marked stands in brackets. */
function shown(parts) {
    return parts.map(({ text, marked }) => (marked ? `[${text}]` : text)).join("");
}

test("the key of a number holds letters and digits only", () => {
    expect(numberKey("5G0-906 259/c").key).toBe("5G0906259C");
    expect(numberKey("５Ｇ０　９０６").key).toBe("5G0906");
    expect(numberKey("滤清器 1").key).toBe("滤清器1");
    expect(numberKey("").key).toBe("");
});

test("what was typed is marked in the number as printed", () => {
    expect(shown(markNumber("5G0 906 259 C", "5g0-906259"))).toBe("[5G0 906 259] C");
    expect(shown(markNumber("HU 711/2 x", "7112"))).toBe("HU [711/2] x");
    expect(shown(markNumber("5G0 906 259 C", "５ｇ０"))).toBe("[5G0] 906 259 C");
    expect(shown(markNumber("95B 698 151 H", "95B698151H"))).toBe("[95B 698 151 H]");
});

test("what only looks alike is marked, too", () => {
    expect(shown(markNumber("O6A 905 115", "06a905"))).toBe("[O6A 905] 115");
});

test("nothing is marked where nothing matches", () => {
    expect(shown(markNumber("06A 905 115 D", "5G0"))).toBe("06A 905 115 D");
    expect(shown(markNumber("06A 905 115 D", ""))).toBe("06A 905 115 D");
    expect(shown(markNumber("06A 905 115 D", "-"))).toBe("06A 905 115 D");
    expect(markNumber("", "5G0")).toEqual([]);
});

test("words of a name are marked, whatever their order and case", () => {
    expect(shown(markWords("Oil filter, Golf", "golf oil"))).toBe("[Oil] filter, [Golf]");
    expect(shown(markWords("机油滤清器", "滤清"))).toBe("机油[滤清]器");
    expect(shown(markWords("Oil filter", "brake"))).toBe("Oil filter");
    expect(shown(markWords("Oil filter", "oil oi"))).toBe("[Oil] filter");
});
