# approval
from . import parts_approval_ask
from . import parts_approval_refuse
