from . import test_approval_export
from . import test_approval_gate
from . import test_approval_request
from . import test_credit_file
from . import test_credit_race
