# Own models, room by room
# approval
# catalog
# enquiry
# credit
# commission
from . import parts_commission_booking
from . import parts_commission_plan
from . import parts_commission_rule
from . import parts_commission_basis
from . import parts_commission_collected
from . import parts_commission_engine
from . import parts_commission_entry
from . import parts_commission_issue
from . import parts_commission_statement

# Odoo's models that rooms extend: switchboards, alphabetical
from . import account_move
from . import account_partial_reconcile
from . import account_payment
from . import res_company
from . import res_config_settings
