import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import { useAutofocus } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

import { FitSign } from "../parts/fit_sign";

/** The question that decides whether a part fits, with its answers. */
export class FitQuestion extends Component {
    static template = "auto_parts_sales.FitQuestion";
    static props = {
        question: String,
        condition: { type: [String, Boolean], optional: true },
        /** list of {value, label} */
        options: Array,
        answer: Function,
        close: { type: Function, optional: true },
    };

    setup() {
        this.words = useAutofocus({ refName: "words" });
    }

    choose(value) {
        this.props.close?.();
        this.props.answer(value);
    }

    onKeydown(ev) {
        const words = this.words.el.value.trim();
        if (ev.key === "Enter" && !ev.isComposing && words) {
            ev.preventDefault();
            this.choose(words);
        }
    }
}

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
            answer: (value) => this.props.record.update({ parts_fit_answer: value }),
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
