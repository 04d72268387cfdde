import { useAutofocus } from "@web/core/utils/hooks";

import { Component } from "@odoo/owl";

/** The question that decides whether a part fits, with its answers. */
export class FitQuestion extends Component {
    static template = "auto_parts_sales.FitQuestion";
    static props = {
        question: String,
        condition: { type: [String, Boolean], optional: true },
        /** list of {value, label} */
        options: Array,
        /** Whether an answer can be written, too */
        ownWords: { type: Boolean, optional: true },
        /** called with one of the options, or with what was written */
        answer: Function,
        close: { type: Function, optional: true },
    };
    static defaultProps = { ownWords: true };

    setup() {
        this.words = useAutofocus({ refName: this.props.ownWords ? "words" : "first" });
    }

    choose(chosen) {
        this.props.close?.();
        this.props.answer(chosen);
    }

    onKeydown(ev) {
        const words = this.words.el.value.trim();
        if (ev.key === "Enter" && !ev.isComposing && words) {
            ev.preventDefault();
            this.choose(words);
        }
    }
}
