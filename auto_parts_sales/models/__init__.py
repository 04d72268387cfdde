# Own models, room by room
# approval
# catalog
from . import parts_catalog_source
from . import parts_catalog_make_group
from . import parts_catalog_make
from . import parts_catalog_model
from . import parts_catalog_vehicle
from . import parts_catalog_brand
from . import parts_catalog_number
from . import parts_catalog_fitment
from . import parts_catalog_finder

# enquiry
from . import parts_enquiry_line

# credit
# commission
# Odoo's models that rooms extend: switchboards, alphabetical
from . import crm_lead
from . import product_product
from . import product_template
from . import res_company
from . import res_config_settings
from . import sale_order
from . import sale_order_line
