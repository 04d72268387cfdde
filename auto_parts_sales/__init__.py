from . import controllers, models, report, utils, wizard
from .hooks import post_init_hook, uninstall_hook
