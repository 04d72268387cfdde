import { _t } from "@web/core/l10n/translation";

import { Component } from "@odoo/owl";

import { FitSign } from "../parts/fit_sign";
import { markNumber, markWords } from "../parts/number_marks";
import { formatLead, formatPrice, formatQuantity } from "../parts/parts_format";

/** One hit as a row: number, part, grade, fit, stock, price, lead time, and why. */
export class FoundPart extends Component {
    static template = "auto_parts_sales.FoundPart";
    static components = { FitSign };
    static props = {
        hit: Object,
        query: String,
        /** Whether there is a vehicle to fit */
        hasVehicle: Boolean,
        /** How many the quotation holds, as text */
        quoted: String,
        /** How many Enter would add; 0: not this one */
        quantity: Number,
        /** called to ask what decides whether the part fits */
        onAsk: Function,
    };

    setup() {
        this.formatLead = formatLead;
        this.formatPrice = formatPrice;
        this.formatQuantity = formatQuantity;
    }

    get numberParts() {
        return markNumber(this.props.hit.number || "", this.props.query);
    }

    get nameParts() {
        const { display_name, match } = this.props.hit;
        const marked = ["name", "code", "barcode"].includes(match);
        return markWords(display_name, marked ? this.props.query : "");
    }

    get brandAndGrade() {
        return [this.props.hit.brand, this.props.hit.grade_label].filter(Boolean).join(" · ");
    }

    get quotedText() {
        return _t("%(quantity)s in the quotation", { quantity: this.props.quoted });
    }

    /** Free stock: of all warehouses, and of these in other ones than the user's. */
    get stock() {
        const { free_qty, free_elsewhere } = this.props.hit;
        const elsewhere = free_elsewhere || 0;
        return { here: free_qty - elsewhere, elsewhere };
    }

    get stockHere() {
        return _t("%(quantity)s here", { quantity: formatQuantity(this.stock.here) });
    }

    get stockElsewhere() {
        return _t("%(quantity)s elsewhere", {
            quantity: formatQuantity(this.stock.elsewhere),
        });
    }

    get asks() {
        return this.props.hit.fit === "depends" && Boolean(this.props.hit.question);
    }
}
