import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

import { FitQuestion } from "../parts/fit_question";
import { FitSign } from "../parts/fit_sign";

/** Whether an order line's part fits; asks where that depends. */
export class FitField extends Component {
    static template = "auto_parts_sales.FitField";
    static components = { FitSign };
    static props = { ...standardFieldProps };

    setup() {
        this.popover = usePopover(FitQuestion, { position: "bottom-start" });
    }

    get fit() {
        return this.props.record.data[this.props.name];
    }

    get data() {
        return this.props.record.data;
    }

    /** Asked only while the answer can still change what is sold. */
    get asks() {
        const order = this.props.record.evalContext.parent || {};
        const open = !order.state || ["draft", "sent"].includes(order.state);
        return open && this.fit === "depends" && Boolean(this.data.parts_fit_question);
    }

    ask(ev) {
        this.popover.open(ev.currentTarget, {
            question: this.data.parts_fit_question,
            condition: this.data.parts_fit_condition,
            options: this.data.parts_fit_options || [],
            answer: (chosen) =>
                this.props.record.update({ parts_fit_answer: chosen.value || chosen }),
        });
    }
}

export const fitField = {
    component: FitField,
    displayName: _t("Fit"),
    supportedTypes: ["selection"],
    fieldDependencies: [
        { name: "parts_fit_condition", type: "char" },
        { name: "parts_fit_question", type: "char" },
        { name: "parts_fit_options", type: "json" },
        { name: "parts_fit_answer", type: "char", readonly: false },
        { name: "parts_fit_answers", type: "json", readonly: false },
    ],
};

registry.category("fields").add("parts_fit", fitField);
