/** "Find parts" in the browser; see tests/test_find_parts_tour.py. */
import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");
const BOX = ".o_parts_box input";

function isFocused(selector) {
    return () => {
        if (document.activeElement !== document.querySelector(selector)) {
            throw new Error(`The cursor is not in ${selector}`);
        }
    };
}

const chooseCustomer = [
    {
        content: "Tab leads to the customer",
        trigger: BOX,
        run: "press Tab",
    },
    {
        content: "Type his name",
        trigger: "#parts_chip_customer",
        run: "edit Counter Gar",
    },
    {
        content: "He is offered",
        trigger: ".o_parts_chip_customer .o-autocomplete--dropdown-item a:contains(Counter Garage)",
    },
    {
        content: "Tab takes him and goes on to the vehicle",
        trigger: "#parts_chip_customer",
        run: "press Tab",
    },
    {
        content: "He is chosen",
        trigger: ".o_parts_chip_customer.o_parts_chip_set",
        run: isFocused("#parts_chip_vehicle"),
    },
];

const chooseVehicle = [
    {
        content: "Type the vehicle",
        trigger: "#parts_chip_vehicle",
        run: "edit golf 2015",
    },
    {
        content: "It is offered",
        trigger: ".o_parts_chip_vehicle .o-autocomplete--dropdown-item a:contains(Golf)",
    },
    {
        content: "Enter takes it",
        trigger: "#parts_chip_vehicle",
        run: "press Enter",
    },
    {
        content: "It is chosen, and the cursor is back",
        trigger: ".o_parts_chip_vehicle.o_parts_chip_set",
        run: isFocused(BOX),
    },
];

tours.add("parts_find_sells", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "The app opens with Find Parts",
            trigger: ".o_app[data-menu-xmlid='auto_parts_sales.parts_menu_root']",
            run: "click",
        },
        {
            content: "The empty screen says what can be typed",
            trigger: ".o_parts_help:contains(part number in any spelling)",
            run: isFocused(BOX),
        },
        {
            content: "Type a number as the customer says it",
            trigger: BOX,
            run: "edit 5g0906259c",
        },
        {
            content: "The part stands there, its number marked",
            trigger: "[role=option] mark:contains(5G0 906 259 C)",
        },
        ...chooseCustomer,
        ...chooseVehicle,
        {
            content: "It fits",
            trigger: "[role=option][aria-selected=true] .o_parts_fit_yes:contains(Fits)",
        },
        {
            content: "Two of them",
            trigger: BOX,
            run: "press Control+ArrowUp",
        },
        {
            content: "The number to add is shown",
            trigger: ".o_parts_quantity:contains(2)",
        },
        {
            content: "Enter adds them",
            trigger: BOX,
            run: "press Enter",
        },
        {
            content: "The quotation is there",
            trigger: ".o_parts_quotation:contains(1 line)",
        },
        {
            content: "What was done is said",
            trigger: ".o_parts_note .alert-success:contains(2 × )",
            run: isFocused(BOX),
        },
        {
            content: "The row says so, too",
            trigger: "[role=option]:contains(2 in the quotation)",
        },
        {
            content: "The next one is typed over the last: by name",
            trigger: BOX,
            run: "edit oil fil",
        },
        {
            content: "Found by name",
            trigger: "[role=option][aria-selected=true]:contains(Oil filter)",
        },
        {
            content: "Add it",
            trigger: BOX,
            run: "press Enter",
        },
        {
            content: "Two lines",
            trigger: ".o_parts_quotation:contains(2 lines)",
        },
        {
            content: "Nothing has this number",
            trigger: BOX,
            run: "edit zz 99 zz 99",
        },
        {
            content: "Lost demand is offered",
            trigger: "[role=option]:contains(Record as lost demand: zz 99 zz 99)",
        },
        {
            content: "Escape empties the box",
            trigger: BOX,
            run: "press Escape",
        },
        {
            content: "Now the box lists what is for the vehicle",
            trigger: "[role=option] .o_parts_fit_yes",
        },
        {
            content: "Open the quotation",
            trigger: BOX,
            run: "press Control+Enter",
        },
        {
            content: "It is the form of the quotation",
            trigger: ".o_form_view td[name=parts_number_asked]:contains(5g0906259c)",
        },
        {
            content: "Go back",
            trigger: ".breadcrumb-item a:contains(Find Parts), .o_back_button",
            run: "click",
        },
        {
            content: "Customer, vehicle and quotation are still there",
            trigger: ".o_parts_quotation:contains(2 lines)",
        },
    ],
});

tours.add("parts_find_on_a_phone", {
    steps: () => [
        {
            content: "Type a number",
            trigger: BOX,
            run: "edit 5g0906259c",
        },
        {
            content: "Touch the row",
            trigger: "[role=option]:contains(5G0 906 259 C)",
            run: "click",
        },
        {
            content: "Add it",
            trigger: ".o_parts_bar button:contains(Add to quotation)",
            run: "click",
        },
        {
            content: "The customer is asked for",
            trigger: ".o_parts_note:contains(Choose the customer)",
        },
        {
            content: "Type his name",
            trigger: "#parts_chip_customer",
            run: "edit Counter Gar",
        },
        {
            content: "Touch him",
            trigger: ".o-autocomplete--dropdown-item a:contains(Counter Garage)",
            run: "click",
        },
        {
            content: "Add it",
            trigger: ".o_parts_bar button:contains(Add to quotation):enabled",
            run: "click",
        },
        {
            content: "The quotation is there, and nothing is wider than the phone",
            trigger: ".o_parts_quotation:contains(1 line)",
            run() {
                const { scrollWidth, clientWidth } = document.querySelector(".o_parts_find");
                if (scrollWidth > clientWidth) {
                    throw new Error(`${scrollWidth} wide on ${clientWidth}`);
                }
            },
        },
    ],
});
