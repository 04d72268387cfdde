import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

/** Where a contract's money stands: a bar for each step from promise to payment. */
export class MoneyLadder extends Component {
    static template = "auto_parts_sales.MoneyLadder";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get ladder() {
        return this.props.record.data[this.props.name];
    }

    /** Every figure opens the documents that it came from. */
    async open(rung) {
        const { resModel, resId } = this.props.record;
        this.action.doAction(await this.orm.call(resModel, rung.action, [[resId]]));
    }
}

registry.category("fields").add("parts_money_ladder", {
    component: MoneyLadder,
    displayName: _t("Money Ladder"),
    supportedTypes: ["json"],
});
