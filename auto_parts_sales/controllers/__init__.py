from . import parts_commission
