import re

from babel.dates import format_date
from markupsafe import Markup, escape

from odoo import api, models
from odoo.tools.misc import formatLang

PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
# What is not known yet is filled in by hand
BLANK = "__________"
# What counts where a framework names neither credit nor price basis
OWN_CREDIT = {
    "zh": "卖方给予的信用额度",
    "en": "the credit that the seller grants it",
}
OWN_PRICES = {
    "zh": "（卖方届时的价目表）",
    "en": "that the seller has then",
}
# What the paper says of its languages: one rules only where there are two
ONE_LANGUAGE = {
    "zh": "本合同以中文书写。",
    "en": "This contract is written in English.",
}
TWO_LANGUAGES = {
    "zh": "本合同以中文和英文书写，两种文本不一致的，以中文文本为准。",
    "en": "This contract is written in Chinese and in English; where the two texts"
    " differ, the Chinese one prevails.",
}


class PartsContractPlaceholder(models.AbstractModel):
    """What clauses read from the customer, the orders and the company (CON-1).

    A clause names it as ``{{customer}}``. Names are those of :meth:`_names`; nothing
    is evaluated, so a clause reads nothing else.
    """

    _name = "parts.contract.placeholder"
    _description = "Placeholder in a Clause"

    @api.model
    def _names(self):
        """Return ``{name: method that takes (version, language code)}``."""
        return {
            "number": lambda version, lang: version.contract_id.name,
            "version": lambda version, lang: str(version.number),
            "languages": lambda version, lang: self._in_languages(version, lang),
            "company": lambda version, lang: version.company_id.name,
            "company_address": lambda version, lang: self._address(
                version.company_id.partner_id
            ),
            "company_tax_number": lambda version, lang: version.company_id.vat,
            "company_phone": lambda version, lang: version.company_id.phone,
            "company_bank": lambda version, lang: self._bank(
                version.company_id.partner_id, version.company_id
            ),
            "customer": lambda version, lang: (
                version.partner_id.commercial_partner_id.name
            ),
            "customer_address": lambda version, lang: self._address(version.partner_id),
            "customer_tax_number": lambda version, lang: (
                version.partner_id.commercial_partner_id.vat
            ),
            "customer_phone": lambda version, lang: version.partner_id.phone,
            "customer_bank": lambda version, lang: self._bank(
                version.partner_id.commercial_partner_id, version.company_id
            ),
            "salesperson": lambda version, lang: version.contract_id.user_id.name,
            "orders": lambda version, lang: ", ".join(
                version.contract_id.order_ids.mapped("name")
            ),
            "currency": lambda version, lang: version.currency_id.name,
            # out of the lines: a stored total keeps what was written into it
            "amount": lambda version, lang: formatLang(
                self.env, version._paper_amount(), currency_obj=version.currency_id
            ),
            "amount_words": lambda version, lang: version._amount_words(lang),
            "credit": lambda version, lang: (
                formatLang(
                    self.env, version.credit_amount, currency_obj=version.currency_id
                )
                if version.credit_amount
                else OWN_CREDIT[lang]
            ),
            "date_start": lambda version, lang: self._date(version.date_start, lang),
            "date_end": lambda version, lang: self._date(version.date_end, lang),
            "delivery_date": lambda version, lang: self._date(
                max(
                    filter(None, version.line_ids.mapped("date_delivery")), default=None
                ),
                lang,
            ),
            "price_basis": lambda version, lang: (
                version.pricelist_id.name or OWN_PRICES[lang]
            ),
            "payment_terms": lambda version, lang: version.payment_term_id.name,
            "payment_plan": lambda version, lang: (
                self._plan(version, lang) or version.payment_term_id.name
            ),
        }

    # === BUSINESS METHODS === #

    @api.model
    def _unknown(self, *bodies):
        """Return the names in ``bodies`` (HTML) that are no placeholders."""
        names = {
            name for body in bodies for name in PLACEHOLDER.findall(str(body or ""))
        }
        return sorted(names - self._names().keys())

    @api.model
    def _blanks(self, version):
        """Return the names whose values ``version`` does not know, as a list: its
        paper has a blank line in their places.
        """
        found = {}
        version = version.sudo()
        for lang in version._printed_languages():
            code = self._language(lang)
            known = self.sudo().with_context(lang=code)._names()
            shown = version.with_context(lang=code)
            for clause in version.clause_ids.filtered(lambda one: one._is_printed()):
                for name in PLACEHOLDER.findall(str(clause[f"body_{lang}"] or "")):
                    if not known.get(name, lambda *_args: "")(shown, lang):
                        found[name] = True
        return list(found)

    @api.model
    def _render(self, body, version, lang):
        """Return ``body`` with its placeholders filled in, as Markup.

        :param body: HTML, as sanitised by its field
        :param str lang: ``zh`` or ``en``
        """
        # as superuser and in the paper's language: what a contract says does not
        # depend on who prints it
        code = self._language(lang)
        version = version.sudo().with_context(lang=code)
        names = self.sudo().with_context(lang=code)._names()

        def fill(match):
            value = names.get(match[1], lambda *_args: "")(version, lang)
            return str(escape(value or BLANK))

        text = PLACEHOLDER.sub(fill, str(body or ""))
        # a list is no part of a paragraph
        text = text.replace("<p><ol>", "<ol>").replace("</ol></p>", "</ol>")
        return Markup(text)

    @api.model
    def _language(self, lang):
        """Return an installed language for ``zh`` or ``en``, or None."""
        codes = [code for code, _name in self.env["res.lang"].get_installed()]
        fitting = [code for code in codes if code.startswith(lang)]
        preferred = {"zh": "zh_CN", "en": "en_US"}[lang]
        return preferred if preferred in fitting else (fitting or ["en_US"])[0]

    @api.model
    def _in_languages(self, version, lang):
        both = len(version._printed_languages()) > 1
        return (TWO_LANGUAGES if both else ONE_LANGUAGE)[lang]

    @api.model
    def _number(self, quantity):
        """Return a quantity as a paper writes it: all its digits, no empty ones."""
        whole, _point, rest = f"{quantity:,.6f}".partition(".")
        rest = rest.rstrip("0")
        return f"{whole}.{rest}" if rest else whole

    @api.model
    def _address(self, partner):
        lines = partner._display_address(without_company=True).splitlines()
        # a format of several parts leaves commas where one is not known
        parts = [part.strip() for line in lines for part in line.split(",")]
        return ", ".join(filter(None, parts))

    @api.model
    def _bank(self, partner, company):
        account = partner.bank_ids.filtered(lambda bank: bank.company_id <= company)[:1]
        return " ".join(filter(None, [account.bank_id.name, account.acc_number]))

    @api.model
    def _date(self, date, lang):
        if not date:
            return ""
        locale = {"zh": "zh_CN", "en": "en_GB"}[lang]
        return format_date(date, format="long", locale=locale)

    @api.model
    def _plan(self, version, lang):
        """Return the instalments, one in a sentence, as Markup."""
        items = [
            Markup("<li>%s</li>") % sentence
            for sentence in version.instalment_ids.mapped(
                lambda instalment: self._instalment(instalment, lang)
            )
        ]
        return items and Markup("<ol>%s</ol>") % Markup("").join(items)

    @api.model
    def _instalment(self, instalment, lang):
        amount = formatLang(
            self.env, instalment.amount, currency_obj=instalment.currency_id
        )
        if instalment.value == "percent":
            share = f"{self._number(instalment.percent)}%"
            amount = f"{share} ({amount})" if instalment.amount else share
        when = self._due(instalment, lang)
        name = instalment.name
        if lang == "zh":
            text = f"{when}支付{amount}"
            if instalment.before_delivery:
                text += "，款到发货"
            return f"{name}：{text}" if name else text
        text = f"{amount} {when}"
        if instalment.before_delivery:
            text += ", before the goods leave"
        return f"{name}: {text}" if name else text

    @api.model
    def _due(self, instalment, lang):
        if instalment.event == "date":
            date = self._date(instalment.date, lang) or BLANK
            return f"于{date}前" if lang == "zh" else f"by {date}"
        events = {
            "signing": ("合同生效", "this contract comes into force"),
            "delivery": ("货物交付", "the goods are delivered"),
            "acceptance": ("货物验收合格", "the goods are accepted"),
        }
        zh, en = events.get(instalment.event, ("", instalment.event))
        days = instalment.days
        if lang == "zh":
            return f"{zh}后{days}日内" if days else f"{zh}时"
        if not days:
            return f"when {en}"
        return f"within {days} days after {en}"
