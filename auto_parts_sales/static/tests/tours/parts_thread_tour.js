/** The thread of tests/test_thread_tour.py: one tour for each person who walks it. */
import { registry } from "@web/core/registry";
import { openMenu } from "@auto_parts_sales/../tests/tours/menu_steps";

const tours = registry.category("web_tour.tours");

tours.add("parts_thread_asks", {
    steps: () => [
        {
            content: "Name the enquiry",
            trigger: ".o_form_view .oe_title .o_field_widget[name=name] textarea",
            run: "edit Engine control unit for a Golf",
        },
        {
            content: "Type the customer",
            trigger: ".o_field_widget[name=partner_id] input",
            run: "edit Tengda Garage",
        },
        {
            content: "Choose the customer",
            trigger: ".o-autocomplete--dropdown-item > a:contains(Tengda Garage)",
            run: "click",
        },
        {
            content: "Open the page of the enquiry",
            trigger: ".o_notebook a[name=parts_enquiry]",
            run: "click",
        },
        {
            content: "Add a line",
            trigger:
                ".o_field_widget[name=parts_enquiry_line_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "Type the number as the customer wrote it",
            trigger: ".o_selected_row .o_field_widget[name=query] input",
            run: "edit 5g0 906 259 c",
        },
        {
            content: "Leave the cell: the part is looked up",
            trigger: ".o_selected_row .o_field_widget[name=quantity] input",
            run: "edit 3",
        },
        {
            content: "The part was found by its number",
            trigger:
                ".o_selected_row .o_field_widget[name=oe_number] input:value(5G0 906 259 C)",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "The vehicles that it fits are shown",
            trigger:
                ".o_form_saved .o_data_row td[name=fits]:contains(Volkswagen Golf VII 2015–2020)",
        },
        {
            content: "Make a quotation",
            trigger: "button[name=action_parts_create_quotation]",
            run: "click",
        },
        {
            content: "Number and grade are on its line",
            trigger:
                ".o_data_row:has(td[name=parts_number]:contains(5G0 906 259 C)) td[name=parts_grade]:contains(Genuine)",
        },
        {
            content: "Try to confirm",
            trigger: ".o_statusbar_buttons button[name=action_confirm]",
            run: "click",
        },
        {
            content: "The order is held, and the dialog says why",
            trigger: ".modal:contains(no credit file in force) .modal-footer button",
            run: "click",
        },
        {
            content: "Ask for approval",
            trigger:
                "body:not(:has(.modal)) [name=parts_gate_banner] button[name=action_parts_ask_approval]",
            run: "click",
        },
        {
            content: "Give the reason",
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit Pays within the week",
        },
        {
            content: "Send the request",
            trigger: ".modal button[name=action_ask]",
            run: "click",
        },
        {
            content: "The banner says who is waited for",
            trigger:
                "body:not(:has(.modal)) [name=parts_gate_banner]:contains(waiting for)",
        },
    ],
});

tours.add("parts_thread_approves", {
    steps: () => [
        ...openMenu("parts_approval_menu", "parts_approval_menu_waiting"),
        {
            content: "Open what waits for me",
            trigger: ".o_data_row:contains(Tengda Garage) td[name=document_name]",
            run: "click",
        },
        {
            content: "The reason can be read",
            trigger: ".o_form_view:contains(Pays within the week)",
        },
        {
            content: "Approve",
            trigger: ".o_statusbar_buttons button[name=action_approve]",
            run: "click",
        },
        {
            content: "It is approved",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Approved)",
        },
    ],
});

tours.add("parts_thread_confirms", {
    steps: () => [
        {
            content: "Confirm",
            trigger: ".o_statusbar_buttons button[name=action_confirm]",
            run: "click",
        },
        {
            content: "It is a sales order",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Sales Order)",
        },
    ],
});

tours.add("parts_thread_delivers", {
    steps: () => [
        {
            content: "Validate the delivery",
            trigger: ".o_statusbar_buttons button[name=button_validate]",
            run: "click",
        },
        {
            content: "It is done",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Done)",
        },
    ],
});

tours.add("parts_thread_invoices", {
    steps: () => [
        {
            content: "Invoice the order",
            trigger: ".o_statusbar_buttons button:contains(Create Invoice)",
            run: "click",
        },
        {
            content: "Make the draft",
            trigger: ".modal button#create_invoice_open",
            run: "click",
        },
        {
            content: "Post it",
            trigger: ".o_statusbar_buttons button[name=action_post]",
            run: "click",
        },
        {
            content: "Register a payment",
            trigger: ".o_statusbar_buttons button[name=action_register_payment]",
            run: "click",
        },
        {
            content: "Of 60 %",
            trigger: ".modal .o_field_widget[name=amount] input",
            run: "edit 2511.11",
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
            content: "The rest is due, and commission was booked",
            trigger:
                "body:not(:has(.modal)) .o_form_view:contains(1,674.08) button[name=action_parts_open_commission]",
            run: "click",
        },
        {
            content: "Commission of the share that was paid",
            trigger: ".o_list_view .o_data_row td[name=amount]:contains(155.56)",
        },
    ],
});

tours.add("parts_thread_reads", {
    steps: () => [
        ...openMenu("parts_commission_menu", "parts_commission_entry_menu_own"),
        {
            content: "My entry",
            trigger: ".o_list_view .o_data_row td[name=amount]:contains(155.56)",
        },
        ...openMenu("parts_commission_menu", "parts_commission_statement_menu").slice(-2),
        {
            content: "Open my statement",
            trigger:
                ".o_list_view .o_data_row:contains(155.56) td[name=name]:not(:empty)",
            run: "click",
        },
        {
            content: "It shows what was earned",
            trigger: ".o_form_view .o_field_widget[name=amount_total]:contains(155.56)",
        },
    ],
});
