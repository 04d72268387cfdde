/** Commission as accountant and along a statement: tests/test_commission_tour.py. */
import { registry } from "@web/core/registry";
import { openMenu } from "@auto_parts_sales/../tests/tours/menu_steps";

const tours = registry.category("web_tour.tours");

const COMMISSION = ".o_form_view button[name=action_parts_open_commission]";

/** Steps that open the list of entries and look for a sentence and its amount. */
function readEntry(amount, sentence) {
    return [
        {
            content: "Open the commission of this document",
            trigger: COMMISSION,
            run: "click",
        },
        {
            content: `The list tells: ${sentence}`,
            trigger: `.o_data_row:has(td[name=description]:contains(${sentence})) td[name=amount]:contains(${amount})`,
        },
    ];
}

tours.add("parts_commission_accountant", {
    steps: () => [
        {
            content: "Register a payment",
            trigger: ".o_statusbar_buttons button[name=action_register_payment]",
            run: "click",
        },
        {
            content: "Of a part",
            trigger: ".modal .o_field_widget[name=amount] input",
            run: "edit 460.00",
        },
        {
            content: "Leave the amount: the difference stays open",
            trigger: ".modal .o_field_widget[name=communication] input",
            run: "click",
        },
        {
            content: "Create the payment",
            trigger:
                ".modal:has(.o_field_widget[name=payment_difference]) button[name=action_create_payments]",
            run: "click",
        },
        {
            content: "The dialog is gone",
            trigger: "body:not(:has(.modal))",
        },
        ...readEntry("40.00", "10 % of $ 400.00 collected"),
        {
            content: "From the list to the entry",
            trigger: ".o_data_row td[name=description]",
            run: "click",
        },
        {
            content: "From the entry to the payment",
            trigger: ".o_form_view button[name=action_open_payment]",
            run: "click",
        },
        {
            content: "It was sent to the bank",
            trigger: ".o_statusbar_buttons button[name=mark_as_sent]",
            run: "click",
        },
        {
            content: "The bank rejects it",
            trigger: ".o_statusbar_buttons button[name=action_reject]",
            run: "click",
        },
        {
            content: "It is rejected",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Rejected)",
        },
        ...readEntry("-40.00", "Taken back because the payment was rejected"),
    ],
});

tours.add("parts_commission_draws_up", {
    steps: () => [
        ...openMenu("parts_commission_menu", "parts_commission_draw_menu"),
        {
            content: "Draw up last month",
            trigger: ".modal button[name=action_draw_up]",
            run: "click",
        },
        {
            content: "Open the statement",
            trigger:
                "body:not(:has(.modal)) .o_list_view .o_data_row:contains(40.00) td[name=name]",
            run: "click",
        },
        {
            content: "Hand it in",
            trigger: ".o_statusbar_buttons button[name=action_submit]",
            run: "click",
        },
        {
            content: "The banner says who is waited for",
            trigger: "[name=parts_gate_html]:contains(waiting for)",
        },
    ],
});

tours.add("parts_commission_decides", {
    steps: () => [
        ...openMenu("parts_approval_menu", "parts_approval_menu_waiting"),
        {
            content: "Open what waits for me",
            trigger: ".o_data_row td[name=document_name]",
            run: "click",
        },
        {
            content: "Approve",
            trigger: ".o_statusbar_buttons button[name=action_approve]",
            run: "click",
        },
        {
            content: "It does not wait for me any more",
            trigger: ".o_form_view:not(:has(button[name=action_approve]))",
        },
    ],
});

tours.add("parts_commission_pays", {
    steps: () => [
        ...openMenu("parts_commission_menu", "parts_commission_statement_menu"),
        {
            content: "Open the approved statement",
            trigger: ".o_list_view .o_data_row:contains(Approved) td[name=name]",
            run: "click",
        },
        {
            content: "Pay",
            trigger: ".o_statusbar_buttons button:contains(Pay)",
            run: "click",
        },
        {
            content: "Type the account",
            trigger: ".modal .o_field_widget[name=expense_account_id] input",
            run: "edit Commission of the tour",
        },
        {
            content: "Choose the account",
            trigger:
                ".o-autocomplete--dropdown-item > a:contains(Commission of the tour)",
            run: "click",
        },
        {
            content: "By vendor bill",
            trigger: ".modal button[name=action_pay]",
            run: "click",
        },
        {
            content: "Post the bill",
            trigger: "body:not(:has(.modal)) .o_statusbar_buttons button[name=action_post]",
            run: "click",
        },
        {
            content: "It is posted",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Posted)",
        },
    ],
});
