import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, onWillStart, useState } from "@odoo/owl";

import { SideBySide } from "../parts/side_by_side";

/** The part of a line beside those that may be sold in its place. */
export class AlternativesDialog extends Component {
    static template = "auto_parts_sales.AlternativesDialog";
    static components = { Dialog, SideBySide };
    static props = {
        product: Object,
        vehicleId: { type: [Number, Boolean] },
        partnerId: { type: [Number, Boolean] },
        /** What was answered about the car, or false */
        facts: { type: [Object, Boolean], optional: true },
        /** How many are asked for, in the unit uomId; false: of the part's own */
        quantity: { type: Number, optional: true },
        uomId: { type: [Number, Boolean], optional: true },
        /** called with the chosen alternative */
        choose: Function,
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ items: [], active: 0 });
        this.title = _t("Alternatives");
        this.chooseLabel = _t("Take this one");
        onWillStart(() => this.load());
        const options = { allowRepeat: true };
        useHotkey("arrowright", () => this.move(1), options);
        useHotkey("arrowleft", () => this.move(-1), options);
    }

    async load() {
        const { product, vehicleId, partnerId, facts, quantity, uomId } = this.props;
        const found = await this.orm.call("product.product", "parts_alternatives", [], {
            product_id: product.id,
            vehicle_id: vehicleId,
            partner_id: partnerId,
            facts: facts || null,
            quantity: quantity || 1,
            uom_id: uomId || null,
        });
        const own = found.find((item) => item.product_id === product.id);
        const others = found.filter((item) => item !== own);
        this.state.items = [own || this.plain(product), ...others];
        this.state.active = others.length ? 1 : 0;
    }

    plain({ id, display_name }) {
        return { product_id: id, display_name };
    }

    move(step) {
        const last = this.state.items.length - 1;
        this.state.active = Math.max(0, Math.min(last, this.state.active + step));
    }

    choose(item) {
        this.props.choose(item);
        this.props.close();
    }
}

/** On an order line: shows its alternatives; one click takes another part. */
export class AlternativesButton extends Component {
    static template = "auto_parts_sales.AlternativesButton";
    static props = { ...standardWidgetProps };

    setup() {
        this.dialog = useService("dialog");
    }

    get product() {
        return this.props.record.data.product_id;
    }

    get isShown() {
        return this.product && !this.props.record.data.display_type;
    }

    open() {
        const { record } = this.props;
        const { parts_vehicle_id, parts_fit_answers, product_uom_qty, product_uom_id } =
            record.data;
        const answered = parts_fit_answers || {};
        const order = record.evalContext.parent || {};
        this.dialog.add(AlternativesDialog, {
            product: { ...this.product },
            vehicleId: parts_vehicle_id?.id || false,
            partnerId: order.partner_id || false,
            facts: answered.vehicle === parts_vehicle_id?.id && answered.facts,
            quantity: product_uom_qty,
            uomId: product_uom_id?.id || false,
            choose: (item) => this.take(item),
        });
    }

    /**
     * Put another part on the line. The number asked stays, or is the one replaced;
     * if several of the part do what one of the old did, as many are taken.
     */
    take({ product_id, display_name, direction, ratio, old_number, quantity }) {
        const { record } = this.props;
        const values = { product_id: { id: product_id, display_name } };
        if (direction === "forward") {
            if (!record.data.parts_number_asked) {
                values.parts_number_asked = old_number;
            }
            if (ratio !== 1) {
                values.product_uom_qty = quantity;
            }
        }
        return record.update(values);
    }
}

export const alternativesButton = {
    component: AlternativesButton,
    listViewWidth: 32,
    fieldDependencies: [
        { name: "parts_vehicle_id", type: "many2one" },
        { name: "parts_fit_answers", type: "json", readonly: false },
        { name: "parts_number_asked", type: "char", readonly: false },
    ],
};

registry.category("view_widgets").add("parts_alternatives", alternativesButton);
