from . import parts_approval_rule_report
from . import parts_commission_statement_xlsx
