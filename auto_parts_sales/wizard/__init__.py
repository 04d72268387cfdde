from . import parts_commission_draw
