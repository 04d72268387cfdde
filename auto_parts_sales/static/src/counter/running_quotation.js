import { _t } from "@web/core/l10n/translation";
import { Mutex } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";

import { mergeFacts } from "../parts/car_facts";
import { formatPrice, formatQuantity } from "../parts/parts_format";
import { isRefusal } from "./parts_search";

/** The customer's quotation that parts are added to, kept with the call. */
class RunningQuotation {
    constructor(orm, counter) {
        this.orm = orm;
        this.counter = counter;
        this.mutex = new Mutex();
    }

    /** Its number, lines and amount, for people. */
    get text() {
        const { name, line_count, amount_total, currency_id } = this.counter.state.quotation;
        const lines =
            line_count === 1 ? _t("1 line") : _t("%(count)s lines", { count: line_count });
        return `${name} · ${lines} · ${formatPrice(amount_total, currency_id)}`;
    }

    /** How many of a part it holds, as text, or "". */
    getQuoted(productId) {
        const { quotation } = this.counter.state;
        const quantity = quotation && quotation.quantities[productId];
        return quantity ? formatQuantity(quantity) : "";
    }

    /** Look for the customer's draft, unless a new one is to be started. */
    async find() {
        const { customer, startNew } = this.counter.state;
        if (!customer || startNew) {
            return;
        }
        const quotation = await this.orm.silent.call("sale.order", "parts_running_quotation", [
            customer.id,
        ]);
        if (this.counter.state.customer && this.counter.state.customer.id === customer.id) {
            this.counter.set({ quotation });
        }
    }

    /** Let the next part start a new one. */
    startNew() {
        this.counter.set({ quotation: false, startNew: true });
    }

    /**
     * Add a part, after those that are still on their way.
     *
     * @param {{product_id: number, display_name: string}} part
     * @param {number} quantity in the product's own unit
     * @param {string | null} asked the number as the customer gave it
     * @returns {Promise<{kind: string, text: string, icon: string}>} what came of it
     */
    async add(part, quantity, asked) {
        let note;
        await this.mutex.exec(async () => {
            note = await this.send(part, quantity, asked);
        });
        return note;
    }

    async send(part, quantity, asked) {
        const { answers, customer, quotation, vehicle } = this.counter.state;
        let added;
        try {
            added = await this.orm.call(
                "sale.order",
                "parts_add_part",
                [quotation ? [quotation.id] : [], part.product_id],
                {
                    quantity,
                    number_asked: asked,
                    vehicle_id: vehicle && vehicle.id,
                    partner_id: customer.id,
                    customer_vehicle_id: (vehicle && vehicle.ownId) || null,
                    facts: vehicle ? mergeFacts(answers) : null,
                }
            );
        } catch (error) {
            if (isRefusal(error)) {
                const text = error.data.message;
                // it may have been confirmed or deleted elsewhere
                this.find();
                return { kind: "danger", text, icon: "fa-exclamation-triangle" };
            }
            throw error;
        }
        const { line, ...summary } = added;
        this.counter.set({ quotation: summary, startNew: false });
        const text = _t("Added to %(quotation)s: %(quantity)s × %(part)s.", {
            quotation: summary.name,
            quantity: formatQuantity(line.added ?? quantity),
            part: part.display_name,
        });
        if (line.warning) {
            const warned = `${text} ${line.warning}`;
            return { kind: "warning", text: warned, icon: "fa-exclamation-triangle" };
        }
        return { kind: "success", text, icon: "fa-check" };
    }
}

export function useRunningQuotation() {
    return new RunningQuotation(useService("orm"), useService("parts_counter"));
}
