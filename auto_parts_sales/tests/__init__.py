from . import test_commission_amounts
from . import test_commission_events
from . import test_commission_harmless
from . import test_commission_history
from . import test_commission_plan
from . import test_commission_rights
from . import test_commission_statement
