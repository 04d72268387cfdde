# approval
from . import parts_approval_approve
from . import parts_approval_ask
from . import parts_approval_refuse

# contract
from . import parts_contract_acceptance_withdraw
from . import parts_contract_end
from . import parts_contract_reason
from . import parts_contract_scan

# commission
from . import parts_commission_draw
from . import parts_commission_month
from . import parts_commission_pay
from . import parts_commission_sign
from . import parts_commission_simulation

# Odoo's wizards
from . import account_payment_register
from . import base_module_uninstall
from . import base_partner_merge
from . import mail_compose_message
from . import portal_share
