from . import parts_approval_rule_report
from . import parts_catalog_dead_stock
from . import parts_commission_payroll_xlsx
from . import parts_commission_statement_paper
from . import parts_commission_statement_xlsx
from . import parts_contract_ledger
from . import parts_contract_ledger_xlsx
