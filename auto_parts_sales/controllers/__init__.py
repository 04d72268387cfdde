from . import parts_approval
from . import parts_commission
from . import parts_contract
from . import parts_contract_ledger
from . import parts_credit
