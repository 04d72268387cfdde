import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";

import { numberKey } from "./number_marks";

const LIMIT = 8;
const VIN_LENGTH = 17;
const FIELDS = ["display_name", "partner_id", "vehicle_id", "vin"];

/** Whether a text has the length of a VIN and is no word. */
export function looksLikeVin(text) {
    const { key } = numberKey(text);
    return key.length === VIN_LENGTH && /^[A-Z0-9]+$/.test(key) && /[0-9]/.test(key);
}

/**
 * Find vehicles by what a customer says of his: words and years, VIN, plate.
 *
 * @param {object} orm
 * @param {string} text
 * @param {number | false} customerId whose own vehicles come first
 * @returns {Promise<{label: string, note?: string, value?: object}[]>} the value has
 *  ``id`` and ``display_name`` of the catalogue's vehicle, and of a customer's own
 *  ``ownId`` and ``partner``; an option without one only tells something
 */
export async function loadVehicles(orm, text, customerId) {
    const mayReadOwn = await user.checkAccessRight("parts.customer.vehicle", "read");
    if (mayReadOwn && looksLikeVin(text)) {
        return loadByVin(orm, text, customerId);
    }
    const [own, listed] = await Promise.all([
        mayReadOwn ? loadOwn(orm, text, customerId) : [],
        loadListed(orm, text),
    ]);
    return [...own, ...listed];
}

async function loadListed(orm, text) {
    const found = await orm.call("parts.catalog.vehicle", "name_search", [], {
        name: text,
        domain: [],
        limit: LIMIT,
    });
    return found.map(([id, display_name]) => ({
        label: display_name,
        value: { id, display_name },
    }));
}

/** Vehicles of the customer; without one, of whoever has this plate. */
async function loadOwn(orm, text, customerId) {
    const domain = [["vehicle_id", "!=", false]];
    if (customerId) {
        domain.push(["partner_id", "child_of", customerId]);
    }
    if (text) {
        domain.push(["display_name", "ilike", text]);
    } else if (!customerId) {
        return [];
    }
    const found = await orm.searchRead("parts.customer.vehicle", domain, FIELDS, {
        limit: LIMIT,
    });
    return found.map(makeOwnOption);
}

function makeOwnOption({ id, display_name, partner_id, vehicle_id }) {
    const [partnerId, partnerName] = partner_id;
    return {
        label: display_name,
        note: partnerName,
        value: {
            id: vehicle_id[0],
            display_name,
            ownId: id,
            partner: { id: partnerId, display_name: partnerName },
        },
    };
}

/** What the VIN tells, and the vehicles that it may mean. */
async function loadByVin(orm, text, customerId) {
    const read = await orm.call("parts.customer.vehicle", "parts_read_vin", [], {
        text,
        partner_id: customerId || null,
    });
    if (read.vehicle_id) {
        const own = [["id", "=", read.customer_vehicle_id]];
        const found = await orm.searchRead("parts.customer.vehicle", own, FIELDS);
        return found.map(makeOwnOption);
    }
    const told = [read.vin, read.maker, read.years.join(" / "), read.warning];
    const options = [{ label: told.filter(Boolean).join(" · ") }];
    if (read.make_id) {
        options.push(...(await loadOfMake(orm, read.make_id, read.years[0])));
    }
    if (options.length === 1) {
        options.push({ label: _t("Type make, model and year instead") });
    }
    return options;
}

async function loadOfMake(orm, makeId, year) {
    const found = await orm.call("parts.catalog.vehicle", "name_search", [], {
        name: year ? String(year) : "",
        domain: [["make_id", "=", makeId]],
        limit: LIMIT,
    });
    return found.map(([id, display_name]) => ({
        label: display_name,
        value: { id, display_name },
    }));
}
