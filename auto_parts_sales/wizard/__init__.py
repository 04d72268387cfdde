# approval
from . import parts_approval_ask
from . import parts_approval_refuse

# Odoo's wizards
from . import base_module_uninstall
