/** A single contract's walk; see tests/test_contract_tour.py. */
import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");

function isInState(label) {
    return {
        content: `It is “${label}”`,
        trigger: `.o_statusbar_status .o_arrow_button_current:contains(${label})`,
    };
}

tours.add("parts_contract_draws", {
    steps: () => [
        {
            content: "Draw the contract up from the quotation",
            trigger: "button[name=action_parts_draw_contract]",
            run: "click",
        },
        {
            content: "It has the quotation's goods and amount",
            trigger:
                ".o_form_view:has(.o_data_row:contains(Brake disc)) .o_field_widget[name=amount_total]:contains(100,000.00)",
        },
        isInState("Draft"),
        {
            content: "Submit it",
            trigger: ".o_statusbar_buttons button[name=action_submit]",
            run: "click",
        },
        isInState("In Review"),
        {
            content: "The banner says why, and who is asked",
            trigger: "[name=parts_gate]:contains(first large contract)",
        },
    ],
});

tours.add("parts_contract_reviews", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open the app",
            trigger: ".o_app[data-menu-xmlid='auto_parts_sales.parts_menu_root']",
            run: "click",
        },
        {
            content: "Open the section",
            trigger:
                ".o_menu_sections [data-menu-xmlid='auto_parts_sales.parts_approval_menu']",
            run: "click",
        },
        {
            content: "Open what waits for me",
            trigger:
                ".o-dropdown--menu [data-menu-xmlid='auto_parts_sales.parts_approval_menu_waiting']",
            run: "click",
        },
        {
            content: "Open the contract's request",
            trigger: ".o_data_row:contains(Xinda Repair) td[name=document_name]",
            run: "click",
        },
        {
            content: "Approve it",
            trigger: ".o_statusbar_buttons button[name=action_approve]",
            run: "click",
        },
        isInState("Approved"),
    ],
});

tours.add("parts_contract_signs", {
    steps: () => [
        {
            content: "It says what is missing",
            trigger: "[name=signing_missing]:contains(The customer has not signed yet)",
        },
        {
            content: "Sign for our side",
            trigger: ".o_statusbar_buttons button[name=action_parts_sign_here]",
            run: "click",
        },
        {
            content: "It is no longer asked for",
            trigger:
                ".o_form_view:has([name=signing_missing]:contains(The customer has not signed yet)):not(:has([name=signing_missing]:contains(Our side has not signed yet)))",
        },
    ],
});

tours.add("parts_contract_customer_signs", {
    steps: () => [
        {
            content: "The customer reads it",
            trigger: ".o_parts_contract_paper:contains(Brake disc)",
        },
        {
            content: "He wants to sign",
            trigger: "a[data-bs-target='#parts_sign']",
            run: "click",
        },
        {
            content: "He writes his name",
            trigger: ".modal .o_web_sign_name_and_signature input",
            run: "fill Li Lei",
        },
        {
            content: "The pad writes it for him",
            trigger: ".modal .o_web_sign_auto_button",
            run: "click",
        },
        {
            content: "Something is drawn",
            trigger: ".modal canvas.o_web_sign_signature",
            run: "canvasNotEmpty",
        },
        {
            content: "He signs",
            trigger: ".modal .o_portal_sign_submit:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "His signature has arrived, and it is in force",
            trigger: ".alert-success:contains(In force since)",
        },
    ],
});

tours.add("parts_contract_confirms", {
    steps: () => [
        {
            content: "Nothing holds the order any more",
            trigger: ".o_form_view:not(:has([name=parts_gate_banner] .alert-warning))",
        },
        {
            content: "Confirm it",
            trigger: ".o_statusbar_buttons button[name=action_confirm]",
            run: "click",
        },
        isInState("Sales Order"),
    ],
});
