import { _t } from "@web/core/l10n/translation";
import { ConnectionAbortedError, RPCError } from "@web/core/network/rpc";

import { reactive } from "@odoo/owl";

import { mergeFacts } from "../parts/car_facts";

/** Hits asked for while typing: what a screen shows, and the rest on demand. */
export const PAGE = 12;
export const ALL = 200;

/** Whether the server said in a sentence what it refuses. */
export function isRefusal(error) {
    return error instanceof RPCError && Boolean(error.exceptionName?.startsWith("odoo.exceptions"));
}

/** What the server answers to the words and the car of a call; the last answer counts. */
export class PartsSearch {
    /**
     * @param {object} orm
     * @param {object} call the state of the parts_counter service
     */
    constructor(orm, call) {
        this.orm = orm;
        this.call = call;
        this.asked = 0;
        this.state = reactive({
            hits: [],
            /** The words and the vehicle that the hits answer; false before any */
            answered: false,
            waiting: false,
            mayBeMore: false,
        });
    }

    /** From now on what is shown is no longer the answer. */
    expect() {
        this.asked++;
        this.request?.abort?.();
        this.state.waiting = true;
    }

    forget() {
        const nothing = { hits: [], answered: false, waiting: false, mayBeMore: false };
        Object.assign(this.state, nothing);
    }

    /** Whether the hits answer what stands in box and chip, be it with old prices. */
    get isAnswered() {
        const { answered } = this.state;
        return (
            answered &&
            answered.query === this.call.query.trim() &&
            answered.vehicle.id === this.call.vehicle.id
        );
    }

    /** Whether words were answered by nothing, or by what only looks alike. */
    get nothingFound() {
        const { answered, hits } = this.state;
        return Boolean(answered && answered.query) && hits.every((h) => h.match === "similar");
    }

    /** One sentence for people. */
    get summary() {
        const { answered, hits, mayBeMore, waiting } = this.state;
        if (!answered) {
            return waiting ? _t("Searching…") : "";
        }
        const { query } = answered;
        if (this.nothingFound) {
            return hits.length
                ? _t("Nothing found for “%(query)s”. These numbers look alike:", { query })
                : _t("Nothing found for “%(query)s”.", { query });
        }
        if (!hits.length) {
            return _t("No part is listed for this vehicle.");
        }
        if (mayBeMore) {
            return _t("The %(count)s best of more parts", { count: hits.length });
        }
        return hits.length === 1 ? _t("1 part") : _t("%(count)s parts", { count: hits.length });
    }

    /**
     * Ask the server for what the box says.
     *
     * @param {number} [limit]
     * @returns {Promise<{text?: string} | false>} false: no answer, or no longer the
     *  question; with a text: what the server refused
     */
    async find(limit = PAGE) {
        const asked = ++this.asked;
        this.request?.abort?.();
        const { customer, vehicle, answers } = this.call;
        const query = this.call.query.trim();
        if (!query && !vehicle) {
            this.forget();
            return {};
        }
        this.state.waiting = true;
        this.request = this.orm.silent.call("product.product", "parts_find", [], {
            query: query || null,
            vehicle_id: vehicle && vehicle.id,
            partner_id: customer && customer.id,
            limit,
            facts: vehicle ? mergeFacts(answers) : null,
            customer_vehicle_id: (vehicle && vehicle.ownId) || null,
        });
        let hits;
        try {
            hits = await this.request;
        } catch (error) {
            if (asked !== this.asked || error instanceof ConnectionAbortedError) {
                return false;
            }
            // what stood there answers something else
            this.forget();
            if (isRefusal(error)) {
                return { text: error.data.message };
            }
            throw error;
        }
        if (asked !== this.asked) {
            return false;
        }
        this.request = null;
        Object.assign(this.state, {
            hits,
            answered: { query, vehicle },
            waiting: false,
            mayBeMore: hits.length >= limit && limit < ALL,
        });
        return {};
    }
}
