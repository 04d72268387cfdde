import { AutoComplete } from "@web/core/autocomplete/autocomplete";
import { _t } from "@web/core/l10n/translation";
import { useChildRef } from "@web/core/utils/hooks";
import { getActiveHotkey } from "@web/core/hotkeys/hotkey_service";

import { Component, onMounted } from "@odoo/owl";

/** A chip that says whom or what a search is for, and is changed by typing into it. */
export class CounterChip extends Component {
    static template = "auto_parts_sales.CounterChip";
    static components = { AutoComplete };
    static props = {
        id: String,
        icon: String,
        label: String,
        placeholder: String,
        clearLabel: String,
        value: { type: [Object, Boolean] },
        /** async (text) => list of {label, note, value}; without value: only told */
        load: Function,
        /** called with the value of what was chosen, or false */
        onChange: Function,
        /** called when the user is done here and wants his box back */
        onDone: Function,
        /** called when the user goes on with Tab */
        onTab: Function,
    };

    setup() {
        this.input = useChildRef();
        onMounted(() => this.input.el.setAttribute("aria-label", this.props.label));
    }

    get text() {
        return (this.props.value && this.props.value.display_name) || "";
    }

    get sources() {
        return [{ options: (text) => this.loadOptions(text), optionSlot: "option" }];
    }

    async loadOptions(text) {
        const options = await this.props.load(text);
        if (!options.length) {
            return [{ label: _t("Nothing found"), cssClass: "text-muted" }];
        }
        return options.map((option) => ({
            label: option.label,
            data: { note: option.note || "" },
            onSelect: option.value && (() => this.choose(option.value)),
        }));
    }

    choose(value) {
        this.props.onChange(value);
        if (this.tabbing) {
            this.props.onTab();
        } else {
            this.props.onDone();
        }
    }

    clear() {
        this.tabbing = false;
        this.choose(false);
    }

    onKeydownBefore(ev) {
        this.tabbing = getActiveHotkey(ev) === "tab";
    }

    /** Emptied: nothing is chosen. Anything else that was not chosen is put back. */
    onBlur({ inputValue }) {
        if (!inputValue.trim() && this.props.value) {
            this.props.onChange(false);
        } else if (inputValue !== this.text) {
            this.input.el.value = this.text;
        }
    }

    onKeydown(ev) {
        switch (getActiveHotkey(ev)) {
            case "escape":
                this.props.onDone();
                break;
            case "enter": {
                // what was typed and means nothing yet stays, with what is told of it
                const typed = this.input.el.value.trim();
                if (!typed || typed === this.text) {
                    this.props.onDone();
                }
                break;
            }
            case "tab": {
                // The browser's own Tab would get lost in the options, which are about
                // to go. What was typed is chosen first, maybe when it has been found.
                const typed = this.input.el.value.trim();
                if (!typed || typed === this.text) {
                    this.props.onTab();
                }
                break;
            }
            default:
                return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }
}
