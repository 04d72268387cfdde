# approval
from . import test_approval_attacks
from . import test_approval_committee
from . import test_approval_deciders
from . import test_approval_duties
from . import test_approval_export
from . import test_approval_figures
from . import test_approval_gate
from . import test_approval_growth
from . import test_approval_held_payment
from . import test_approval_held_portal
from . import test_approval_held_release
from . import test_approval_limits
from . import test_approval_list
from . import test_approval_paths
from . import test_approval_race
from . import test_approval_remind
from . import test_approval_request
from . import test_approval_rules
from . import test_approval_substitutes
from . import test_approval_void

# catalog
from . import test_catalog_key
from . import test_catalog_number
from . import test_catalog_number_cell
from . import test_catalog_number_cell_property
from . import test_catalog_supersession
from . import test_catalog_alternative
from . import test_catalog_finder
from . import test_catalog_finder_everywhere
from . import test_catalog_reason
from . import test_catalog_facts
from . import test_catalog_ratio
from . import test_catalog_fitment
from . import test_catalog_fit
from . import test_catalog_audit
from . import test_catalog_vehicle_name
from . import test_catalog_vin
from . import test_catalog_year_range
from . import test_catalog_search
from . import test_catalog_import
from . import test_catalog_import_files
from . import test_catalog_import_fitment
from . import test_catalog_import_hostile
from . import test_catalog_import_master
from . import test_catalog_import_pieces
from . import test_catalog_import_run
from . import test_catalog_import_shared

# enquiry
from . import test_enquiry_line

# quotation
from . import test_quotation_line
from . import test_quotation_counter
from . import test_find_parts_tour
from . import test_quotation_vehicle

# contract
from . import test_contract_attacks
from . import test_contract_balance
from . import test_contract_ending
from . import test_contract_flow
from . import test_contract_review
from . import test_contract_gates
from . import test_contract_give_up
from . import test_contract_ladder
from . import test_contract_ledger
from . import test_contract_ledger_currency
from . import test_contract_ledger_plan
from . import test_contract_ledger_policy
from . import test_contract_ledger_rights
from . import test_contract_month
from . import test_contract_month_correction
from . import test_contract_month_difference
from . import test_contract_notice
from . import test_contract_oracle
from . import test_contract_pool
from . import test_contract_ways_round
from . import test_contract_taxes
from . import test_contract_rates
from . import test_contract_category
from . import test_contract_acceptance
from . import test_contract_ground
from . import test_contract_hand
from . import test_contract_queries

# contract: the papers
from . import test_contract_walk
from . import test_contract_words
from . import test_contract_policy
from . import test_contract_declaration
from . import test_contract_need
from . import test_contract_template
from . import test_contract_placeholder
from . import test_contract_authority
from . import test_contract_signature
from . import test_contract_sealing
from . import test_contract_filing
from . import test_contract_pages
from . import test_contract_portal
from . import test_contract_paper_ways
from . import test_contract_keeping
from . import test_contract_tour

# credit
from . import test_credit_behaviour
from . import test_credit_change
from . import test_credit_core
from . import test_credit_delivery
from . import test_credit_delivery_edits
from . import test_credit_delivery_goods
from . import test_credit_delivery_harmless
from . import test_credit_delivery_paths
from . import test_credit_delivery_race
from . import test_credit_file
from . import test_credit_history
from . import test_credit_leaks
from . import test_credit_many
from . import test_credit_money_attacks
from . import test_credit_night
from . import test_credit_papers
from . import test_credit_partner
from . import test_credit_ship_attacks
from . import test_credit_exposure
from . import test_credit_books
from . import test_credit_check
from . import test_credit_attacks
from . import test_credit_opens
from . import test_credit_oracle
from . import test_credit_race
from . import test_credit_release

# commission
from . import test_commission_amounts
from . import test_commission_attacks
from . import test_commission_carry
from . import test_commission_collected
from . import test_commission_contract
from . import test_commission_cost
from . import test_commission_deposit
from . import test_commission_deposit_oracle
from . import test_commission_events
from . import test_commission_figures
from . import test_commission_harmless
from . import test_commission_history
from . import test_commission_hold
from . import test_commission_links
from . import test_commission_month
from . import test_commission_oracle
from . import test_commission_peers
from . import test_commission_plan
from . import test_commission_pool
from . import test_commission_pool_split
from . import test_commission_promise
from . import test_commission_property
from . import test_commission_queries
from . import test_commission_race
from . import test_commission_race_payments
from . import test_commission_rights
from . import test_commission_settlement
from . import test_commission_simulation
from . import test_commission_statement
from . import test_commission_terms
from . import test_commission_told
from . import test_commission_tour
from . import test_commission_transfer

# the thread through all rooms
from . import test_thread
from . import test_thread_tour
from . import test_price_attacks
from . import test_price_beside
from . import test_price_change
from . import test_price_gate
from . import test_price_leaks
from . import test_price_measure
from . import test_price_queries
from . import test_price_verdict
from . import test_price_ways

# all rooms: what a search through a link tells
from . import test_reader_links
