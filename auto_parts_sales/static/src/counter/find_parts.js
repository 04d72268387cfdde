import { getActiveHotkey } from "@web/core/hotkeys/hotkey_service";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { getDefaultConfig } from "@web/views/view";

import {
    Component,
    onMounted,
    onWillStart,
    useEffect,
    useRef,
    useState,
    useSubEnv,
} from "@odoo/owl";

import { loadCustomers } from "../parts/customer_source";
import { SideBySide } from "../parts/side_by_side";
import { scaleQuantity } from "../parts/parts_format";
import { loadVehicles, looksLikeVin } from "../parts/vehicle_source";
import { useCarQuestions } from "./car_questions";
import { CounterChip } from "./counter_chip";
import { FoundPart } from "./found_part";
import { recordLostDemand } from "./lost_demand";
import { getNumberAsked } from "./number_asked";
import { ALL, PAGE, PartsSearch } from "./parts_search";
import { useRunningQuotation } from "./running_quotation";
import { SideChoice } from "./side_choice";

/** Milliseconds between the last key and the question to the server. */
export const TYPING_PAUSE = 80;
const JUMP = 8;

export class FindParts extends Component {
    static template = "auto_parts_sales.FindParts";
    static components = { CounterChip, FoundPart, Layout, SideBySide };
    static props = ["*"];

    setup() {
        useSubEnv({ config: { ...getDefaultConfig(), ...this.env.config } });
        useSetupAction();
        this.orm = useService("orm");
        this.action = useService("action");
        this.counter = useService("parts_counter");
        /** Customer, vehicle, quotation and words: they outlive this screen. */
        this.call = useState(this.counter.state);
        this.search = new PartsSearch(this.orm, this.counter.state);
        this.found = useState(this.search.state);
        this.choice = new SideChoice(this.orm, this.counter.state);
        /** {open}: false, or the alternatives of a hit */
        this.side = useState(this.choice.state);
        this.state = useState({
            active: 0,
            quantity: 1,
            /** {kind, icon, text}: what the last step came to */
            note: false,
        });
        const mobile = !this.env.isSmall;
        this.box = useAutofocus({ refName: "box", selectAll: true, mobile });
        this.list = useRef("list");
        this.top = useRef("top");
        this.findSoon = useDebounced(() => this.find(), TYPING_PAUSE);
        this.questions = useCarQuestions(this.counter, {
            onChange: () => this.findAnew(),
            onRefused: (text) => this.warn(text),
            onClose: () => this.focusBox(),
        });
        this.quotation = useRunningQuotation();
        onWillStart(async () => {
            this.canSell = await user.checkAccessRight("sale.order", "create");
        });
        onMounted(() => {
            this.box.el.value = this.call.query;
            this.selectBox();
            this.findQuotation();
            this.find();
        });
        useEffect(
            () => {
                const active = this.list.el.querySelector("[aria-selected=true]");
                active?.scrollIntoView({ block: "nearest" });
            },
            () => [this.state.active, this.found.answered]
        );
    }

    // === WHAT IS SHOWN === //

    /** The rows of the list: hits, and what else can be done. */
    get rows() {
        const rows = this.found.hits.map((hit) => ({ kind: "part", hit, id: hit.product_id }));
        if (this.found.mayBeMore) {
            rows.push({ kind: "more", id: "more" });
        }
        if (this.search.nothingFound) {
            if (looksLikeVin(this.found.answered.query)) {
                rows.push({ kind: "vin", id: "vin" });
            }
            rows.push({ kind: "lost", id: "lost" });
        }
        return rows;
    }

    get activeRow() {
        return this.rows[this.state.active];
    }

    get activeHit() {
        return this.activeRow?.kind === "part" ? this.activeRow.hit : false;
    }

    get isEmpty() {
        return !this.found.answered && !this.found.waiting;
    }

    get activeId() {
        if (this.side.open) {
            return `parts_side_${this.side.open.active}`;
        }
        return this.activeRow ? `parts_row_${this.state.active}` : undefined;
    }

    /** How many Enter would add of a row's part, if not just one; 0: another row's. */
    toAdd(hit, index) {
        const needed = scaleQuantity(this.state.quantity, hit.ratio);
        return index === this.state.active && needed > 1 ? needed : 0;
    }

    // === SEARCH === //

    onInput(ev) {
        this.counter.set({ query: this.box.el.value });
        // An input method that composes characters sends what is no word yet
        if (!ev.isComposing) {
            this.onTyped();
        }
    }

    onTyped() {
        this.expect();
        this.findSoon();
    }

    /** From now on what is shown is no longer the answer. */
    expect() {
        this.search.expect();
        this.enterWaits = false;
        this.choice.close();
        this.state.note = false;
    }

    /** Show what the server answers; resolves to what it refuses, if it does. */
    async find({ limit = PAGE, keep = false } = {}) {
        this.findSoon.cancel();
        let result;
        try {
            result = await this.search.find(limit);
        } catch (error) {
            this.enterWaits = false;
            throw error;
        }
        if (!result) {
            return;
        }
        const { enterWaits } = this;
        this.enterWaits = false;
        const last = this.found.hits.length - 1;
        this.state.active = keep ? Math.max(0, Math.min(this.state.active, last)) : 0;
        this.state.quantity = 1;
        if (result.text) {
            this.warn(result.text);
        } else if (enterWaits) {
            this.chooseExact();
        }
        return result.text;
    }

    /** Enter came before the answer, as from a scanner: only what is certain is taken. */
    chooseExact() {
        const exact = this.found.hits.filter((hit) => hit.exact);
        if (exact.length === 1) {
            return this.add(exact[0]);
        }
        if (this.found.hits.length) {
            this.say("info", _t("Several parts may be meant: choose one, then press Enter."));
        }
    }

    // === KEYBOARD === //

    get listId() {
        return this.side.open ? "parts_side_list" : "parts_find_list";
    }

    get keys() {
        const keys = {
            enter: () => this.onEnter(),
            "shift+enter": () => this.openPart(),
            "control+enter": () => this.openQuotation(),
            "control+l": () => this.reportUnanswered(),
            "control+arrowup": () => this.changeQuantity(1),
            "control+arrowdown": () => this.changeQuantity(-1),
            escape: () => this.goBack(),
            tab: () => this.changeCustomer(),
            f2: () => this.ask(),
        };
        if (this.side.open) {
            const next = () => this.choice.move(1);
            const previous = () => this.choice.move(-1);
            Object.assign(keys, { arrowright: next, arrowdown: next });
            Object.assign(keys, { arrowleft: previous, arrowup: previous });
        } else {
            Object.assign(keys, {
                arrowdown: () => this.move(1),
                arrowup: () => this.move(-1),
                pagedown: () => this.move(JUMP),
                pageup: () => this.move(-JUMP),
            });
            const { selectionStart, value } = this.box.el;
            if (this.activeHit && selectionStart === value.length) {
                keys.arrowright = () => this.showAlternatives();
            }
        }
        return keys;
    }

    onKeydown(ev) {
        const run = this.keys[getActiveHotkey(ev)];
        if (run) {
            ev.preventDefault();
            ev.stopPropagation();
            run();
        }
    }

    move(step) {
        const last = this.rows.length - 1;
        if (last >= 0) {
            this.state.active = Math.max(0, Math.min(last, this.state.active + step));
            this.state.quantity = 1;
        }
        if (this.activeRow?.kind === "more" && !this.found.waiting) {
            this.findMore();
        }
    }

    findMore() {
        return this.find({ limit: ALL, keep: true });
    }

    changeQuantity(step) {
        if (this.canSell && (this.activeHit || this.side.open)) {
            this.state.quantity = Math.max(1, this.state.quantity + step);
        }
    }

    onEnter() {
        if (this.found.waiting && !this.search.isAnswered) {
            this.enterWaits = true;
            // not the debounced one: Enter says that the words are complete
            this.find();
            return;
        }
        if (this.side.open) {
            return this.addSide();
        }
        const row = this.activeRow;
        return {
            part: () => this.add(row.hit),
            more: () => this.findMore(),
            vin: () => this.takeVin(),
            lost: () => this.reportUnanswered(),
        }[row?.kind]?.();
    }

    goBack() {
        if (this.side.open) {
            this.choice.close();
        } else if (this.call.query) {
            this.clearBox();
        } else if (this.env.config.breadcrumbs?.length > 1) {
            this.action.restore();
        }
    }

    clearBox() {
        this.box.el.value = "";
        this.counter.set({ query: "" });
        this.expect();
        this.find();
        this.focusBox();
    }

    /** On a phone that would open a keyboard over half of the screen. */
    focusBox() {
        if (this.env.isSmall) {
            document.activeElement?.blur();
        } else {
            this.box.el.focus();
        }
    }

    onRowClick(index) {
        this.state.active = index;
        this.state.quantity = 1;
        this.focusBox();
        if (this.activeRow.kind !== "part") {
            this.onEnter();
        }
    }

    onRowDoubleClick(row) {
        return row.kind === "part" && this.add(row.hit);
    }

    /** What is typed next replaces what was found. */
    selectBox() {
        if (!this.env.isSmall) {
            this.box.el.select();
        }
    }

    say(kind, text, icon = "fa-info-circle") {
        this.state.note = { kind, text, icon };
    }

    warn(text) {
        this.say("danger", text, "fa-exclamation-triangle");
    }

    // === CUSTOMER AND VEHICLE === //

    loadCustomers(text) {
        return loadCustomers(this.orm, text);
    }

    loadVehicles(text) {
        return loadVehicles(this.orm, text, this.call.customer && this.call.customer.id);
    }

    setCustomer(customer) {
        // another customer has another car
        const answers = this.call.customer ? [] : this.call.answers;
        this.counter.set({ customer, answers, quotation: false, startNew: false });
        this.state.note = false;
        this.findQuotation();
        // prices are this customer's
        this.find({ keep: true });
    }

    setVehicle(vehicle) {
        this.counter.set({ vehicle, answers: [] });
        if (vehicle.partner && !this.call.customer) {
            this.counter.set({ customer: vehicle.partner });
            this.findQuotation();
        }
        this.state.note = false;
        this.find();
    }

    // === QUESTION OF A "DEPENDS" === //

    get mayAsk() {
        return Boolean(this.activeHit && this.activeHit.question && !this.side.open);
    }

    /** Ask what decides whether the active part fits. */
    ask() {
        if (this.mayAsk) {
            const row = this.list.el.querySelector(`#parts_row_${this.state.active}`);
            this.questions.ask(row.querySelector(".o_parts_ask") || row, this.activeHit);
        }
    }

    onAsk(index) {
        this.state.active = index;
        this.ask();
    }

    /** Another answer puts the hits in another order. */
    findAnew() {
        this.choice.close();
        this.state.note = false;
        return this.find();
    }

    changeCustomer() {
        this.top.el.querySelector("#parts_chip_customer").focus();
    }

    changeVehicle() {
        this.top.el.querySelector("#parts_chip_vehicle").focus();
    }

    /** What stands in the box is a VIN: look for its vehicle instead. */
    takeVin() {
        const vin = this.call.query.trim();
        this.clearBox();
        this.changeVehicle();
        document.activeElement.value = vin;
        document.activeElement.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }

    leaveVehicle() {
        const quotation = this.top.el.querySelector(".o_parts_quotation button");
        (quotation || this.box.el).focus();
    }

    // === QUOTATION === //

    findQuotation() {
        return this.canSell && this.quotation.find();
    }

    startNew() {
        this.quotation.startNew();
        this.say("info", _t("The next part starts a new quotation."));
        this.focusBox();
    }

    /**
     * Add a part to the running quotation.
     *
     * @param {object} hit
     * @param {object} [part] an alternative that is offered for the hit
     */
    async add(hit, part = hit) {
        if (!this.canSell) {
            return this.openPart();
        }
        if (!this.call.customer) {
            this.say("info", _t("Choose the customer. Then Enter adds the part."), "fa-user");
            return this.changeCustomer();
        }
        const quantity = this.state.quantity;
        const asked = getNumberAsked(hit, this.found.answered.query);
        this.choice.close();
        this.state.quantity = 1;
        // at once: when the server has answered, the next words may stand there
        this.selectBox();
        this.state.note = await this.quotation.add(part, quantity, asked);
    }

    openQuotation() {
        if (this.call.quotation) {
            this.open("sale.order", this.call.quotation.id);
        }
    }

    openPart() {
        const part = this.side.open ? this.choice.chosen : this.activeHit;
        if (part) {
            this.open("product.product", part.product_id);
        }
    }

    open(resModel, resId) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: resModel,
            res_id: resId,
            views: [[false, "form"]],
        });
    }

    // === ALTERNATIVES === //

    showAlternatives() {
        return this.activeHit && this.choice.show(this.activeHit);
    }

    addSide() {
        return this.add(this.side.open.hit, this.choice.chosen);
    }

    onSideClick(index) {
        this.side.open.active = index;
        this.focusBox();
    }

    // === LOST DEMAND === //

    async reportUnanswered() {
        if (!this.call.query.trim()) {
            return this.say("info", _t("Type what the customer asked for first."));
        }
        this.selectBox();
        const { action, note } = await recordLostDemand(this.orm, this.call);
        if (action) {
            return this.action.doAction(action);
        }
        this.state.note = note;
    }
}

registry.category("actions").add("parts_find", FindParts);
