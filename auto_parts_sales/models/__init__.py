# Own models, room by room
# approval
from . import parts_approval_gate_mixin
from . import parts_approval_rule
from . import parts_approval_rule_step
from . import parts_approval
from . import parts_approval_part_mixin
from . import parts_approval_step
from . import parts_approval_decision
from . import parts_approval_export

# catalog
# enquiry
# credit
from . import parts_credit_lock
from . import parts_credit_file
from . import parts_credit_exposure
from . import parts_credit_check

# commission
# Odoo's models that rooms extend: switchboards, alphabetical
from . import res_company
from . import res_config_settings
from . import sale_order
