import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";

/** A quantity without needless zeros: 4, 2.5 */
export function formatQuantity(quantity) {
    return formatFloat(quantity || 0, { digits: [0, 3], trailingZeros: false });
}

/** How many are taken, if so many stand for one that was asked for: never half a part. */
export function scaleQuantity(quantity, ratio) {
    const needed = quantity * (ratio || 1);
    return needed === quantity ? quantity : Math.ceil(needed - 1e-3);
}

export function formatPrice(price, currencyId) {
    return formatCurrency(price || 0, currencyId);
}

/**
 * @param {number} days until the part can leave; 0: no time is known, or needed
 * @param {number} free how many are free
 */
export function formatLead(days, free) {
    if (!days) {
        return free > 0 ? _t("At once") : _t("Not in stock");
    }
    return days === 1 ? _t("1 day") : _t("%(days)s days", { days });
}
