import { reactive, toRaw } from "@odoo/owl";

import { mergeFacts } from "../parts/car_facts";

/** The alternatives of a hit, side by side, and which of them is chosen. */
export class SideChoice {
    /**
     * @param {object} orm
     * @param {object} call the state of the parts_counter service
     */
    constructor(orm, call) {
        this.orm = orm;
        this.call = call;
        /** ``open``: false, or {hit, items, active, loading} */
        this.state = reactive({ open: false });
    }

    get chosen() {
        const { items, active } = this.state.open;
        return items[active];
    }

    close() {
        this.state.open = false;
    }

    /** Show the hit, and beside it what is found for it unless it was closed again. */
    async show(hit) {
        const side = { hit, items: [hit], active: 0, loading: true };
        this.state.open = side;
        const { answers, customer, vehicle } = this.call;
        const isOwn = (item) => item.product_id === hit.product_id;
        let found = [];
        try {
            found = await this.orm.silent.call("product.product", "parts_alternatives", [], {
                product_id: hit.product_id,
                vehicle_id: vehicle && vehicle.id,
                partner_id: customer && customer.id,
                facts: vehicle ? mergeFacts(answers) : null,
            });
        } finally {
            if (toRaw(this.state.open) === side) {
                const own = { ...hit, ...found.find(isOwn) };
                const items = [own, ...found.filter((item) => !isOwn(item))];
                const active = items.length > 1 ? 1 : 0;
                Object.assign(this.state.open, { items, active, loading: false });
            }
        }
    }

    /** Before the first one lies the list again. */
    move(step) {
        const { items, active } = this.state.open;
        if (active + step < 0) {
            this.close();
        } else {
            this.state.open.active = Math.min(items.length - 1, active + step);
        }
    }
}
