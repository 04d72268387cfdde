import { _t } from "@web/core/l10n/translation";

/**
 * Note what a customer asked for and nobody could offer.
 *
 * @param {object} orm
 * @param {{query: string, customer: object | false, vehicle: object | false}} call
 * @returns {Promise<{action?: object, note?: {kind: string, text: string, icon: string}}>}
 */
export async function recordLostDemand(orm, { query, customer, vehicle }) {
    query = query.trim();
    const recorded = await orm.call("product.product", "parts_search_unanswered", [], {
        query,
        vehicle_id: vehicle && vehicle.id,
        partner_id: customer && customer.id,
    });
    if (recorded && recorded.type) {
        return { action: recorded };
    }
    if (recorded) {
        const text = _t("Recorded as lost demand: “%(query)s”.", { query });
        return { note: { kind: "success", text, icon: "fa-check" } };
    }
    const text = _t(
        "Nothing was recorded: this database keeps no lost demand. Write “%(query)s” on the customer's enquiry instead.",
        { query }
    );
    return { note: { kind: "warning", text, icon: "fa-exclamation-triangle" } };
}
