import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

import { Component, useEffect, useRef } from "@odoo/owl";

import { FitSign } from "./fit_sign";
import { formatLead, formatPrice, formatQuantity } from "./parts_format";

const RELATIONS = {
    same_number: _t("Same number"),
    interchange: _t("Interchangeable"),
    superseded: _t("Supersession"),
};

/** Parts beside each other, so that a customer can be offered a choice of grades. */
export class SideBySide extends Component {
    static template = "auto_parts_sales.SideBySide";
    static components = { FitSign };
    static props = {
        /** As from product.product's parts_alternatives; the first one is what was asked */
        items: Array,
        active: Number,
        loading: Boolean,
        hasVehicle: Boolean,
        onSelect: Function,
        onChoose: { type: Function, optional: true },
        chooseLabel: { type: String, optional: true },
    };

    setup() {
        this.root = useRef("root");
        this.formatLead = formatLead;
        this.formatPrice = formatPrice;
        this.formatQuantity = formatQuantity;
        useEffect(
            (active) => {
                const card = this.root.el.children[active];
                card?.scrollIntoView({ block: "nearest", inline: "nearest" });
            },
            () => [this.props.active]
        );
    }

    relation(item, index) {
        return index ? RELATIONS[item.relation] || "" : _t("This part");
    }

    /** What a superseding part replaces, since when and how many of it are needed. */
    supersession({ relation, old_number, date, ratio, direction }, index) {
        if (!index || relation !== "superseded" || !old_number) {
            return "";
        }
        const told = { old: old_number, year: date ? date.slice(0, 4) : "" };
        let text = told.year
            ? _t("Replaces %(old)s since %(year)s", told)
            : _t("Replaces %(old)s", told);
        if (direction === "backward") {
            text = _t("May be used for %(old)s, too", told);
        }
        return [text, this.each(ratio)].filter(Boolean).join(" · ");
    }

    /** How many stand for the number replaced, or "" for one. */
    each(ratio) {
        if (!ratio || ratio === 1) {
            return "";
        }
        return ratio > 1
            ? _t("%(count)s for each", { count: formatQuantity(ratio) })
            : _t("one for every %(count)s", { count: formatQuantity(1 / ratio) });
    }

    /** @returns {{label: string, quantity: string}[]} free stock by warehouse */
    stock(item) {
        if (Array.isArray(item.free)) {
            return item.free.map((row) => ({
                label: row.warehouse,
                quantity: formatQuantity(row.free_qty),
            }));
        }
        if (item.free_qty === undefined) {
            return [];
        }
        return [{ label: _t("Free stock"), quantity: formatQuantity(item.free_qty) }];
    }

    incoming(item) {
        return formatDate(deserializeDate(item.incoming_date));
    }

    /** Only in the answer to those who may see cost. */
    margin(item) {
        return formatPrice(item.margin, item.currency_id);
    }

    warranty(item) {
        const months = item.warranty_months;
        const km = item.warranty_km;
        return [
            months && _t("%(months)s months", { months }),
            km && _t("%(km)s km", { km: formatQuantity(km) }),
        ]
            .filter(Boolean)
            .join(" / ");
    }
}
