import { useService } from "@web/core/utils/hooks";

import { Component, useState } from "@odoo/owl";

import { CounterChip } from "../counter/counter_chip";
import { loadVehicles } from "../parts/vehicle_source";

/**
 * The vehicle of a quotation's product catalogue: chosen by words, VIN or plate, it
 * leaves the parts listed for it; the cards say whether each fits, and what is added is
 * for it.
 */
export class CatalogVehicle extends Component {
    static template = "auto_parts_sales.CatalogVehicle";
    static components = { CounterChip };
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.state = useState({ ...this.env.searchModel.partsVehicle });
    }

    load(text) {
        return loadVehicles(this.orm, text, this.env.searchModel.partsVehicle.customerId);
    }

    choose(vehicle) {
        this.update({ vehicle, only: Boolean(vehicle) });
    }

    toggle() {
        this.update({ only: !this.state.only });
    }

    update(values) {
        Object.assign(this.state, values);
        this.env.searchModel.setPartsVehicle(values);
    }

    done() {
        document.activeElement?.blur();
    }
}
