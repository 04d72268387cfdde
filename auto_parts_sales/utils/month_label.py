from babel.dates import format_skeleton

from odoo.tools.misc import babel_locale_parse, get_lang


def month_label(env, day):
    """Return the month of a day as the reader writes it: November 2026, 2026年11月."""
    locale = babel_locale_parse(get_lang(env).code)
    return format_skeleton("yMMMM", day, locale=locale)
