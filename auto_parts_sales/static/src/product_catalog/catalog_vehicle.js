import { useService } from "@web/core/utils/hooks";

import { Component, onWillStart, useState } from "@odoo/owl";

import { CounterChip } from "../counter/counter_chip";
import { loadVehicles } from "../parts/vehicle_source";

/**
 * The vehicle of a quotation's product catalogue: chosen by words, VIN or plate, it
 * leaves the parts listed for it, and the cards say whether they fit.
 */
export class CatalogVehicle extends Component {
    static template = "auto_parts_sales.CatalogVehicle";
    static components = { CounterChip };
    static props = { orderId: Number };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ vehicle: false, customerId: false });
        onWillStart(async () => {
            const [order] = await this.orm.read(
                "sale.order",
                [this.props.orderId],
                ["parts_vehicle_id", "partner_id"]
            );
            this.state.customerId = order.partner_id[0];
            const vehicle = order.parts_vehicle_id;
            if (vehicle) {
                this.state.vehicle = { id: vehicle[0], display_name: vehicle[1] };
            }
        });
    }

    load(text) {
        return loadVehicles(this.orm, text, this.state.customerId);
    }

    choose(vehicle) {
        this.state.vehicle = vehicle;
        this.env.searchModel.setPartsVehicle(vehicle ? vehicle.id : false);
    }

    done() {
        document.activeElement?.blur();
    }
}
