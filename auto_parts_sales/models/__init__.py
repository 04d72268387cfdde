# Own models, room by room
# approval
from . import parts_approval_gate_mixin
from . import parts_approval_gate_actions
from . import parts_approval_readable_mixin
from . import parts_approval_document_mixin
from . import parts_approval_rule
from . import parts_approval_rule_step
from . import parts_approval_rule_default
from . import parts_approval_limit
from . import parts_approval_substitute
from . import parts_approval_duty
from . import parts_approval_duty_conflict
from . import parts_approval
from . import parts_approval_notice
from . import parts_approval_void
from . import parts_approval_sheet
from . import parts_approval_decider
from . import parts_approval_part_mixin
from . import parts_approval_figure
from . import parts_approval_step
from . import parts_approval_decision
from . import parts_approval_remind
from . import parts_approval_batch
from . import parts_approval_export
from . import parts_approval_beside
from . import parts_approval_growth
from . import parts_approval_watch
from . import parts_approval_hold
from . import parts_approval_hold_mixin

# catalog
from . import parts_catalog_owner_mixin
from . import parts_catalog_source
from . import parts_catalog_make_group
from . import parts_catalog_make
from . import parts_catalog_model
from . import parts_catalog_alias
from . import parts_catalog_vehicle
from . import parts_catalog_brand
from . import parts_catalog_number
from . import parts_catalog_customer_code
from . import parts_catalog_supersession
from . import parts_catalog_successor
from . import parts_catalog_notice
from . import parts_catalog_fitment
from . import parts_catalog_fitment_question
from . import parts_catalog_lookup_rung
from . import parts_catalog_car
from . import parts_catalog_lookup
from . import parts_catalog_lookup_name
from . import parts_catalog_lookup_box
from . import parts_catalog_finder
from . import parts_catalog_reason
from . import parts_catalog_alternative
from . import parts_catalog_listing
from . import parts_catalog_loader_table
from . import parts_catalog_loader_file
from . import parts_catalog_loader_name
from . import parts_catalog_loader_vehicle_name
from . import parts_catalog_loader_listing
from . import parts_catalog_loader_switch
from . import parts_catalog_loader_undo
from . import parts_catalog_loader
from . import parts_catalog_import
from . import parts_catalog_import_file
from . import parts_catalog_import_run
from . import parts_catalog_import_column
from . import parts_catalog_import_issue
from . import parts_catalog_import_mapping
from . import parts_catalog_import_vehicle
from . import parts_catalog_loader_number
from . import parts_catalog_loader_supersession
from . import parts_catalog_loader_vehicle
from . import parts_catalog_loader_fitment
from . import parts_catalog_loader_record
from . import parts_catalog_loader_product
from . import parts_catalog_loader_price
from . import parts_catalog_audit
from . import parts_catalog_audit_query

# customer
from . import parts_customer_vehicle

# enquiry
from . import parts_enquiry_line

# quotation
from . import parts_quotation_counter
from . import parts_quotation_vehicle

# price
from . import parts_price_band
from . import parts_price_author
from . import parts_price_observation
from . import parts_price_yardstick
from . import parts_price_verdict
from . import parts_price_promotion
from . import parts_price_combo
from . import parts_price_given
from . import parts_price_check
from . import parts_price_order_mixin
from . import parts_price_change
from . import parts_price_guard
from . import parts_price_measure
from . import parts_price_cost
from . import parts_price_sheet
from . import parts_price_sheet_line

# contract
from . import parts_contract_part_mixin
from . import parts_contract_row_mixin
from . import parts_contract_priced_mixin
from . import parts_contract_version
from . import parts_contract
from . import parts_contract_line
from . import parts_contract_instalment
from . import parts_contract_trigger
from . import parts_contract_supply
from . import parts_contract_deviation
from . import parts_contract_review
from . import parts_contract_review_line
from . import parts_contract_gate
from . import parts_contract_compare
from . import parts_contract_need
from . import parts_contract_balance
from . import parts_contract_price
from . import parts_contract_price_authority
from . import parts_contract_yardstick
from . import parts_contract_inside
from . import parts_contract_check
from . import parts_contract_ship
from . import parts_contract_order
from . import parts_contract_order_mixin
from . import parts_contract_hand
from . import parts_contract_hand_order
from . import parts_contract_term
from . import parts_contract_settlement
from . import parts_contract_ending
from . import parts_contract_share
from . import parts_contract_figures
from . import parts_contract_figures_money
from . import parts_contract_figures_collected
from . import parts_contract_figures_bulk
from . import parts_contract_figures_plan
from . import parts_contract_figures_total
from . import parts_contract_ladder
from . import parts_contract_month
from . import parts_contract_month_line
from . import parts_contract_month_difference
from . import parts_contract_month_correction
from . import parts_contract_notice

# contract: the papers
from . import parts_contract_submitted_mixin
from . import parts_contract_policy
from . import parts_contract_declaration
from . import parts_contract_declaration_line
from . import parts_contract_placeholder
from . import parts_contract_text_mixin
from . import parts_contract_template
from . import parts_contract_template_clause
from . import parts_contract_evidence_mixin
from . import parts_contract_clause
from . import parts_contract_clause_verdict
from . import parts_contract_upload
from . import parts_contract_authority
from . import parts_contract_lapse
from . import parts_contract_signature
from . import parts_contract_seal
from . import parts_contract_sealing
from . import parts_contract_custody
from . import parts_contract_filing
from . import parts_contract_acceptance
from . import parts_contract_ground
from . import parts_contract_version_paper
from . import parts_contract_paper
from . import parts_contract_accepted
from . import parts_contract_order_paper

# Last of the room: it goes on where the papers end
from . import parts_contract_call
from . import parts_contract_version_review

# credit
from . import parts_credit_lock
from . import parts_credit_policy
from . import parts_credit_hands
from . import parts_credit_decided_mixin
from . import parts_credit_file
from . import parts_credit_file_gate
from . import parts_credit_change
from . import parts_credit_core
from . import parts_credit_partner
from . import parts_credit_suspect
from . import parts_credit_books
from . import parts_credit_claim
from . import parts_credit_exposure
from . import parts_credit_deposit
from . import parts_credit_release
from . import parts_credit_check
from . import parts_credit_verdict
from . import parts_credit_shipment
from . import parts_credit_accepted
from . import parts_credit_delivery
from . import parts_credit_paper
from . import parts_credit_figures
from . import parts_credit_behaviour
from . import parts_credit_trend
from . import parts_credit_score
from . import parts_credit_file_behaviour
from . import parts_credit_late
from . import parts_credit_standing
from . import parts_credit_opening
from . import parts_credit_opening_line
from . import parts_credit_file_xlsx

# contracts, in the credit file
from . import parts_contract_conduct

# delivery
from . import parts_delivery_leaving
from . import parts_delivery_gate

# commission
from . import parts_commission_origin_mixin
from . import parts_commission_button_mixin
from . import parts_commission_plan_part_mixin
from . import parts_commission_refusal_mixin
from . import parts_commission_plan
from . import parts_commission_rule
from . import parts_commission_split
from . import parts_commission_factor
from . import parts_commission_tier
from . import parts_commission_party
from . import parts_commission_facts
from . import parts_commission_cost
from . import parts_commission_promise
from . import parts_commission_basis
from . import parts_commission_transfer
from . import parts_commission_collected
from . import parts_commission_booking
from . import parts_commission_lateness
from . import parts_commission_due
from . import parts_commission_ledger
from . import parts_commission_engine
from . import parts_commission_entry
from . import parts_commission_issue
from . import parts_commission_closing
from . import parts_commission_hold
from . import parts_commission_statement
from . import parts_commission_signature
from . import parts_commission_pool
from . import parts_commission_pool_accrual
from . import parts_commission_pool_target
from . import parts_commission_pool_tier
from . import parts_commission_pool_month
from . import parts_commission_pool_split
from . import parts_commission_pool_split_line
from . import parts_commission_approval

# contracts, in the pools
from . import parts_contract_pool

# Odoo's models that rooms extend: switchboards, alphabetical
from . import account_move
from . import account_move_line
from . import account_partial_reconcile
from . import account_payment
from . import crm_lead
from . import ir_actions_report
from . import ir_attachment
from . import mail_template
from . import payment_transaction
from . import product_category
from . import product_combo_item
from . import product_pricelist
from . import product_pricelist_item
from . import product_product
from . import product_supplierinfo
from . import product_template
from . import product_template_attribute_value
from . import product_value
from . import res_company
from . import res_config_settings
from . import res_country_group
from . import res_groups
from . import res_partner
from . import res_users
from . import sale_order
from . import sale_order_line
from . import stock_move
from . import stock_move_line
from . import stock_picking
from . import uom_uom
