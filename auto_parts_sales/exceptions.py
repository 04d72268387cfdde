from odoo.exceptions import UserError


class GateError(UserError):
    """A document may not become binding: one or more checks of a gate block it.

    ``blocks`` is the list of blocks (see ``parts.approval.gate.mixin``), which RPC
    callers find in the error's data under ``context["parts_blocks"]``, without their
    facts: those are for who decides. The web client shows the message as a warning,
    like any user error.
    """

    def __init__(self, message, blocks):
        super().__init__(message)
        self.blocks = blocks
        self.context = {
            "exception_class": "odoo.exceptions.UserError",
            "parts_blocks": [
                {name: value for name, value in block.items() if name != "facts"}
                for block in blocks
            ],
        }
