from . import test_commission_amounts
from . import test_commission_events
