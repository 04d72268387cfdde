import { numberKey } from "../parts/number_marks";

/** Matches by a number that a customer can have given. */
const NUMBER_MATCHES = [
    "oe",
    "trade",
    "interchange",
    "superseded",
    "code",
    "barcode",
    "customer_code",
    "vendor_code",
];
/** Of these, those that can lead to another number than the one typed. */
const LEADING_MATCHES = ["superseded", "interchange"];

/**
 * The number that a line keeps: as typed, unless that was only the beginning or the like
 * of a number; no number for words of a name.
 *
 * @param {object} hit of parts_find
 * @param {string} query as typed
 * @returns {string | null}
 */
export function getNumberAsked(hit, query) {
    const number = hit.number || null;
    if (hit.exact && NUMBER_MATCHES.includes(hit.match)) {
        return query;
    }
    // what leads to another number was complete, what stands in it a part of it
    const isPart = number && numberKey(number).key.includes(numberKey(query).key);
    return LEADING_MATCHES.includes(hit.match) && !isPart ? query : number;
}
