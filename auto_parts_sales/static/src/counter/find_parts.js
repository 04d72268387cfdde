import { getActiveHotkey } from "@web/core/hotkeys/hotkey_service";
import { _t } from "@web/core/l10n/translation";
import { ConnectionAbortedError } from "@web/core/network/rpc";
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

import { SideBySide } from "../parts/side_by_side";
import { formatPrice, formatQuantity } from "../parts/parts_format";
import { numberKey } from "../parts/number_marks";
import { loadVehicles, looksLikeVin } from "../parts/vehicle_source";
import { CounterChip } from "./counter_chip";
import { FoundPart } from "./found_part";
import { useRunningQuotation } from "./running_quotation";

/** Milliseconds between the last key and the question to the server. */
export const TYPING_PAUSE = 80;
/** Hits asked for while typing: what a screen shows, and the rest on demand. */
const PAGE = 12;
const ALL = 200;
const JUMP = 8;
/** Matches by a number that a customer can have given. */
const NUMBER_MATCHES = [
    "oe",
    "trade",
    "interchange",
    "superseded",
    "code",
    "barcode",
    "customer_code",
    "vendor_code",
];
/** Of these, those that can lead to another number than the one typed. */
const LEADING_MATCHES = ["superseded", "interchange"];

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
        this.state = useState({
            hits: [],
            /** The words and the vehicle that the hits answer; false before any */
            answered: false,
            waiting: false,
            mayBeMore: false,
            active: 0,
            quantity: 1,
            /** {hit, items, active, loading}: alternatives of a hit */
            side: false,
            /** {kind, icon, text}: what the last step came to */
            note: false,
        });
        const mobile = !this.env.isSmall;
        this.box = useAutofocus({ refName: "box", selectAll: true, mobile });
        this.list = useRef("list");
        this.top = useRef("top");
        this.search = useDebounced(() => this.find(), TYPING_PAUSE);
        this.quotation = useRunningQuotation();
        this.asked = 0;
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
            () => [this.state.active, this.state.answered]
        );
    }

    // === WHAT IS SHOWN === //

    /** The rows of the list: hits, and what else can be done. */
    get rows() {
        const rows = this.state.hits.map((hit) => ({ kind: "part", hit, id: hit.product_id }));
        if (this.state.mayBeMore) {
            rows.push({ kind: "more", id: "more" });
        }
        if (this.nothingFound) {
            if (looksLikeVin(this.state.answered.query)) {
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

    /** Whether words were answered by nothing, or by what only looks alike. */
    get nothingFound() {
        const { answered, hits } = this.state;
        return Boolean(answered && answered.query) && hits.every((h) => h.match === "similar");
    }

    get isEmpty() {
        return !this.state.answered && !this.state.waiting;
    }

    /** One sentence for the line below the box, also read out. */
    get summary() {
        const { answered, hits, mayBeMore, waiting } = this.state;
        if (!answered) {
            return waiting ? _t("Searching…") : "";
        }
        const query = answered.query;
        if (this.nothingFound) {
            return hits.length
                ? _t("Nothing found for “%(query)s”. These numbers look alike:", { query })
                : _t("Nothing found for “%(query)s”.", { query });
        }
        if (!hits.length) {
            return _t("No part is listed for this vehicle.");
        }
        if (mayBeMore) {
            return _t("The %(count)s best of more parts", { count: hits.length });
        }
        return hits.length === 1
            ? _t("1 part")
            : _t("%(count)s parts", { count: hits.length });
    }

    get activeId() {
        if (this.state.side) {
            return `parts_side_${this.state.side.active}`;
        }
        return this.activeRow ? `parts_row_${this.state.active}` : undefined;
    }

    get quotationText() {
        const { name, line_count, amount_total, currency_id } = this.call.quotation;
        const lines =
            line_count === 1 ? _t("1 line") : _t("%(count)s lines", { count: line_count });
        return `${name} · ${lines} · ${formatPrice(amount_total, currency_id)}`;
    }

    /** How many of a part the running quotation holds, as text, or "". */
    quoted(productId) {
        const quantity = this.call.quotation && this.call.quotation.quantities[productId];
        return quantity ? formatQuantity(quantity) : "";
    }

    // === SEARCH === //

    onInput(ev) {
        this.counter.set({ query: this.box.el.value });
        // An input method that composes characters sends what is no word yet
        if (!ev.isComposing) {
            this.expect();
            this.search();
        }
    }

    onCompositionEnd() {
        this.expect();
        this.search();
    }

    /** From now on what is shown is no longer the answer. */
    expect() {
        this.asked++;
        this.request?.abort?.();
        this.enterWaits = false;
        Object.assign(this.state, { waiting: true, side: false, note: false });
    }

    /** Ask the server for what the box says; only the last answer counts. */
    async find({ limit = PAGE, keep = false } = {}) {
        this.search.cancel();
        const asked = ++this.asked;
        this.request?.abort?.();
        const query = this.call.query.trim();
        const vehicle = this.call.vehicle;
        if (!query && !vehicle) {
            this.enterWaits = false;
            Object.assign(this.state, { hits: [], answered: false, waiting: false });
            this.state.mayBeMore = false;
            return;
        }
        this.state.waiting = true;
        this.request = this.orm.silent.call("product.product", "parts_find", [], {
            query: query || null,
            vehicle_id: vehicle && vehicle.id,
            partner_id: this.call.customer && this.call.customer.id,
            limit,
        });
        let hits;
        try {
            hits = await this.request;
        } catch (error) {
            if (error instanceof ConnectionAbortedError) {
                return;
            }
            this.state.waiting = false;
            throw error;
        }
        if (asked !== this.asked) {
            return;
        }
        this.request = null;
        Object.assign(this.state, {
            hits,
            answered: { query, vehicle },
            waiting: false,
            mayBeMore: hits.length >= limit && limit < ALL,
            active: keep ? Math.max(0, Math.min(this.state.active, hits.length - 1)) : 0,
            quantity: 1,
        });
        if (this.enterWaits) {
            this.enterWaits = false;
            this.chooseExact();
        }
    }

    /** Enter came before the answer, as from a scanner: only what is certain is taken. */
    chooseExact() {
        const exact = this.state.hits.filter((hit) => hit.exact);
        if (exact.length === 1) {
            return this.add(exact[0]);
        }
        if (this.state.hits.length) {
            this.say("info", _t("Several parts may be meant: choose one, then press Enter."));
        }
    }

    // === KEYBOARD === //

    get listId() {
        return this.state.side ? "parts_side_list" : "parts_find_list";
    }

    get keys() {
        const side = this.state.side;
        const keys = {
            enter: () => this.onEnter(),
            "shift+enter": () => this.openPart(),
            "control+enter": () => this.openQuotation(),
            "control+l": () => this.reportUnanswered(),
            "control+arrowup": () => this.changeQuantity(1),
            "control+arrowdown": () => this.changeQuantity(-1),
            escape: () => this.goBack(),
            tab: () => this.changeCustomer(),
        };
        if (side) {
            const next = () => this.moveSide(1);
            const previous = () => this.moveSide(-1);
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
        if (this.activeRow?.kind === "more" && !this.state.waiting) {
            this.findMore();
        }
    }

    findMore() {
        return this.find({ limit: ALL, keep: true });
    }

    changeQuantity(step) {
        if (this.canSell && (this.activeHit || this.state.side)) {
            this.state.quantity = Math.max(1, this.state.quantity + step);
        }
    }

    /** Whether the rows answer what stands in box and chip, be it with old prices. */
    get isAnswered() {
        const { answered } = this.state;
        return (
            answered &&
            answered.query === this.call.query.trim() &&
            answered.vehicle.id === this.call.vehicle.id
        );
    }

    onEnter() {
        if (this.state.waiting && !this.isAnswered) {
            this.enterWaits = true;
            // not the debounced one: Enter says that the words are complete
            this.find();
            return;
        }
        if (this.state.side) {
            return this.addSide();
        }
        const row = this.activeRow;
        if (!row) {
            return;
        }
        if (row.kind === "more") {
            return this.findMore();
        }
        if (row.kind === "vin") {
            return this.takeVin();
        }
        return row.kind === "lost" ? this.reportUnanswered() : this.add(row.hit);
    }

    goBack() {
        if (this.state.side) {
            this.state.side = false;
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
        if (row.kind === "part") {
            this.add(row.hit);
        }
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

    // === CUSTOMER AND VEHICLE === //

    async loadCustomers(text) {
        const found = await this.orm.call("res.partner", "name_search", [], {
            name: text,
            domain: [],
            limit: 8,
            context: { res_partner_search_mode: "customer" },
        });
        return found.map(([id, display_name]) => ({
            label: display_name,
            value: { id, display_name },
        }));
    }

    loadVehicles(text) {
        return loadVehicles(this.orm, text, this.call.customer && this.call.customer.id);
    }

    setCustomer(customer) {
        this.counter.set({ customer, quotation: false, startNew: false });
        this.state.note = false;
        this.findQuotation();
        // prices are this customer's
        this.find({ keep: true });
    }

    setVehicle(vehicle) {
        this.counter.set({ vehicle });
        if (vehicle.partner && !this.call.customer) {
            this.counter.set({ customer: vehicle.partner });
            this.findQuotation();
        }
        this.state.note = false;
        this.find();
    }

    changeCustomer() {
        this.top.el.querySelector("#parts_chip_customer").focus();
    }

    /** What stands in the box is a VIN: look for its vehicle instead. */
    takeVin() {
        const chip = this.top.el.querySelector("#parts_chip_vehicle");
        const vin = this.call.query.trim();
        this.clearBox();
        chip.focus();
        chip.value = vin;
        chip.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }

    changeVehicle() {
        this.top.el.querySelector("#parts_chip_vehicle").focus();
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
     * The number that the line keeps: as typed, unless that was only the beginning or
     * the like of a number; no number for words of a name.
     */
    numberAsked(hit) {
        const { query } = this.state.answered;
        const number = hit.number || null;
        if (hit.exact && NUMBER_MATCHES.includes(hit.match)) {
            return query;
        }
        // what leads to another number was complete, what stands in it a part of it
        const isPart = number && numberKey(number).key.includes(numberKey(query).key);
        return LEADING_MATCHES.includes(hit.match) && !isPart ? query : number;
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
        const asked = this.numberAsked(hit);
        Object.assign(this.state, { quantity: 1, side: false });
        this.state.note = await this.quotation.add(part, quantity, asked);
        this.selectBox();
    }

    openQuotation() {
        if (this.call.quotation) {
            this.open("sale.order", this.call.quotation.id);
        }
    }

    openPart() {
        const part = this.state.side
            ? this.state.side.items[this.state.side.active]
            : this.activeHit;
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

    async showAlternatives() {
        const hit = this.activeHit;
        if (!hit) {
            return;
        }
        const side = { hit, items: [hit], active: 0, loading: true };
        this.state.side = side;
        const { customer, vehicle } = this.call;
        const found = await this.orm.silent.call("product.product", "parts_alternatives", [], {
            product_id: hit.product_id,
            vehicle_id: vehicle && vehicle.id,
            partner_id: customer && customer.id,
        });
        if (this.state.side && this.state.side.hit.product_id === hit.product_id) {
            const isOwn = (item) => item.product_id === hit.product_id;
            const own = { ...hit, ...found.find(isOwn) };
            const items = [own, ...found.filter((item) => !isOwn(item))];
            Object.assign(this.state.side, { items, loading: false });
            this.state.side.active = items.length > 1 ? 1 : 0;
        }
    }

    moveSide(step) {
        const side = this.state.side;
        const active = side.active + step;
        if (active < 0) {
            this.state.side = false;
        } else {
            side.active = Math.min(side.items.length - 1, active);
        }
    }

    addSide() {
        const { hit, items, active } = this.state.side;
        return this.add(hit, items[active]);
    }

    onSideClick(index) {
        this.state.side.active = index;
        this.focusBox();
    }

    // === LOST DEMAND === //

    async reportUnanswered() {
        const query = this.call.query.trim();
        if (!query) {
            return this.say("info", _t("Type what the customer asked for first."));
        }
        const { customer, vehicle } = this.call;
        const recorded = await this.orm.call("product.product", "parts_search_unanswered", [], {
            query,
            vehicle_id: vehicle && vehicle.id,
            partner_id: customer && customer.id,
        });
        if (recorded && recorded.type) {
            return this.action.doAction(recorded);
        }
        if (recorded) {
            this.say("success", _t("Recorded as lost demand: “%(query)s”.", { query }), "fa-check");
        } else {
            this.say(
                "warning",
                _t(
                    "Nothing was recorded: this database keeps no lost demand. Write “%(query)s” on the customer's enquiry instead.",
                    { query }
                ),
                "fa-exclamation-triangle"
            );
        }
        this.selectBox();
    }
}

registry.category("actions").add("parts_find", FindParts);
