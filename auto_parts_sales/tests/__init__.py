# catalog
from . import test_catalog_key
from . import test_catalog_number
from . import test_catalog_fitment
from . import test_catalog_search
