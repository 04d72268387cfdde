from . import parts_approval
