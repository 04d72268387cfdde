import { _t } from "@web/core/l10n/translation";

import { Component } from "@odoo/owl";

/** One of the four answers whether a part fits a vehicle: an icon and a word. */
export class FitSign extends Component {
    static template = "auto_parts_sales.FitSign";
    static props = {
        fit: String,
        /** The condition or the question of "depends" */
        detail: { type: [String, Boolean], optional: true },
    };

    static signs = {
        yes: { icon: "fa-check-circle", color: "text-success", word: _t("Fits") },
        no: { icon: "fa-times-circle", color: "text-danger", word: _t("Does not fit") },
        depends: { icon: "fa-question-circle", color: "text-warning", word: _t("Depends") },
        unknown: { icon: "fa-circle-o", color: "text-muted", word: _t("Fit unknown") },
    };

    get sign() {
        return FitSign.signs[this.props.fit] || FitSign.signs.unknown;
    }
}
