/** A quotation's product catalogue with a vehicle; see tests/test_find_parts_tour.py. */
import { registry } from "@web/core/registry";

const CARD = ".o_kanban_record:not(.o_kanban_ghost)";

registry.category("web_tour.tours").add("parts_catalogue_vehicle", {
    steps: () => [
        {
            content: "Open the catalogue",
            trigger: "button[name=action_add_from_catalog]",
            run: "click",
        },
        {
            content: "Without a vehicle it shows all",
            trigger: `${CARD}:contains(Oil filter)`,
        },
        {
            content: "Type the vehicle",
            trigger: "#parts_chip_vehicle",
            run: "edit golf 2015",
        },
        {
            content: "Choose it",
            trigger: ".o_parts_chip_vehicle .o-autocomplete--dropdown-item a:contains(Golf)",
            run: "click",
        },
        {
            content: "What is not listed for it is gone",
            trigger: `.o_kanban_view:not(:has(${CARD}:contains(Oil filter)))`,
        },
        {
            content: "Add what is listed",
            trigger: `${CARD}:contains(Engine control unit) .o_product_catalog_buttons button`,
            run: "click",
        },
        {
            content: "It is in the order",
            trigger: `.o_product_added:contains(Engine control unit)`,
        },
        {
            content: "Show the others, too",
            trigger: ".o_parts_catalog_vehicle button[aria-pressed=true]",
            run: "click",
        },
        {
            content: "There they are again",
            trigger: `${CARD}:contains(Oil filter)`,
        },
        {
            content: "Back to the quotation",
            trigger: ".o-kanban-button-back",
            run: "click",
        },
        {
            content: "The line is there, with its number",
            trigger: ".o_form_view td[name=parts_number]:contains(5G0 906 259 C)",
        },
    ],
});
