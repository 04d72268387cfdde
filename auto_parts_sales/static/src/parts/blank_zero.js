import { registry } from "@web/core/registry";
import { FloatField, floatField } from "@web/views/fields/float/float_field";
import { IntegerField, integerField } from "@web/views/fields/integer/integer_field";

/** A whole number of which 0 means that none is known: it stays empty. */
export class PartsIntegerField extends IntegerField {
    get formattedValue() {
        return this.value ? super.formattedValue : "";
    }
}

/** The same for a number with decimals. */
export class PartsFloatField extends FloatField {
    get formattedValue() {
        return this.value ? super.formattedValue : "";
    }
}

registry.category("fields").add("parts_integer", { ...integerField, component: PartsIntegerField });
registry.category("fields").add("parts_float", { ...floatField, component: PartsFloatField });
