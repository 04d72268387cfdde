from . import test_example_check
