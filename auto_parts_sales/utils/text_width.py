from unicodedata import east_asian_width


def text_width(text):
    """Return how many characters wide a text is; a Chinese one counts for two."""
    return sum(2 if east_asian_width(x) in "WF" else 1 for x in text)
