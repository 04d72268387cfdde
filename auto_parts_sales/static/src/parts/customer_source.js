/**
 * Find customers by what their name field finds.
 *
 * @param {object} orm
 * @param {string} text
 * @returns {Promise<{label: string, value: {id: number, display_name: string}}[]>}
 */
export async function loadCustomers(orm, text) {
    const found = await orm.call("res.partner", "name_search", [], {
        name: text,
        domain: [],
        limit: 8,
        context: { res_partner_search_mode: "customer" },
    });
    return found.map(([id, display_name]) => ({
        label: display_name,
        value: { id, display_name },
    }));
}
