# approval
from . import parts_approval_ask
from . import parts_approval_refuse
from . import parts_commission_draw
