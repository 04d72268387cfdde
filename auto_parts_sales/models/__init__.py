# Own models, room by room
# approval
# catalog
# enquiry
# credit
# commission
# Odoo's models that rooms extend: switchboards, alphabetical
from . import res_company
from . import res_config_settings
