/** What counts in a part number: letters of any script and digits; see the server's key. */
const KEPT = /[\p{Lu}\p{Ll}\p{Lt}\p{Lo}\p{Nd}]/u;

/** Characters that people take for each other on worn labels and over the phone. */
const LOOK_ALIKES = { O: "0", Q: "0", I: "1", L: "1", S: "5", B: "8", Z: "2" };

/**
 * @param {string} text
 * @param {boolean} [blurred] take characters that look alike for the same
 * @returns {{key: string, places: number[][]}} the key, and for each of its characters
 *  where in the text it stands (from, to)
 */
export function numberKey(text, blurred = false) {
    let key = "";
    const places = [];
    let from = 0;
    for (const char of text) {
        const to = from + char.length;
        for (let kept of char.normalize("NFKC").toUpperCase()) {
            if (KEPT.test(kept)) {
                kept = (blurred && LOOK_ALIKES[kept]) || kept;
                key += kept;
                places.push(...Array(kept.length).fill([from, to]));
            }
        }
        from = to;
    }
    return { key, places };
}

function split(text, ranges) {
    const parts = [];
    let end = 0;
    for (const [from, to] of ranges) {
        if (from > end) {
            parts.push({ text: text.slice(end, from), marked: false });
        }
        parts.push({ text: text.slice(from, to), marked: true });
        end = to;
    }
    if (end < text.length) {
        parts.push({ text: text.slice(end), marked: false });
    }
    return parts;
}

/**
 * Split a number as printed into what was typed and the rest.
 *
 * @param {string} number as printed
 * @param {string} query as typed
 * @returns {{text: string, marked: boolean}[]}
 */
export function markNumber(number, query) {
    for (const blurred of [false, true]) {
        const asked = numberKey(query, blurred).key;
        const { key, places } = numberKey(number, blurred);
        const at = asked ? key.indexOf(asked) : -1;
        if (at >= 0) {
            const [from] = places[at];
            const [, to] = places[at + asked.length - 1];
            return split(number, [[from, to]]);
        }
    }
    return split(number, []);
}

/**
 * Split a name into the words that were typed and the rest.
 *
 * @param {string} name
 * @param {string} query
 * @returns {{text: string, marked: boolean}[]}
 */
export function markWords(name, query) {
    const folded = name.toLowerCase();
    if (folded.length !== name.length) {
        return split(name, []);
    }
    const ranges = [];
    for (const word of query.toLowerCase().split(/\s+/).filter(Boolean)) {
        const at = folded.indexOf(word);
        const end = at + word.length;
        if (at >= 0 && !ranges.some(([from, to]) => at < to && from < end)) {
            ranges.push([at, end]);
        }
    }
    return split(
        name,
        ranges.sort((a, b) => a[0] - b[0])
    );
}
