"""Texts that repeat in the rows of a file, numbered: pure Python, used by imports."""

REMEMBERED = 300_000


class RowTexts:
    """Numbers texts as they come; ``numbers[text]`` is the number of a text.

    A bounded number is remembered: a text forgotten meanwhile gets another number.

    :param int last: the highest number that is taken already
    """

    def __init__(self, last=0, most=REMEMBERED):
        self.numbers = _Numbers(last, most)

    def take_new(self):
        """Return pairs of number and text that are new since the last call."""
        new, self.numbers.new = self.numbers.new, []
        return new


class _Numbers(dict):
    def __init__(self, last, most):
        super().__init__()
        self.last = last
        self.most = most
        self.new = []

    def __missing__(self, text):
        if len(self) >= self.most:
            self.clear()
        self.last += 1
        self[text] = self.last
        self.new.append((self.last, text))
        return self.last
