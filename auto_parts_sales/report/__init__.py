from . import parts_commission_statement_xlsx
