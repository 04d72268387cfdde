from odoo import models

from .parts_contract_clause import LEGAL

ACTIVITY = "auto_parts_sales.mail_activity_type_parts_contract"
PREFIX = "auto_parts_sales.group_parts_"


class PartsContract(models.Model):
    """Whom a contract waits for, beside those who decide a request: legal before it
    has judged changed clauses (CON-3), who signs, checks the paper and seals (CON-4,
    CON-12). Each has an activity as long as it is his turn.
    """

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.contract"

    def _call_people(self):
        """Give those whose turn it is an activity, and take it from all others. Called
        as superuser after each step of a review and of signing.
        """
        for contract in self._as_engine():
            # the context may come from a caller: it silences nobody
            contract = contract.with_context(
                mail_activity_automation_skip=False, mail_activity_quick_update=False
            )
            called = {}
            for users, duty in contract._turns():
                already = users.browse().union(*called)
                for user in contract._able_to_read(users) - already:
                    called[user] = contract._duty_sentence(duty, user)
            planned = contract.activity_search([ACTIVITY])
            kept = planned.filtered(
                lambda activity, called=called: (
                    called.get(activity.user_id) == activity.summary
                )
            )
            (planned - kept).unlink()
            for user, summary in called.items():
                if user not in kept.user_id:
                    contract.activity_schedule(
                        ACTIVITY, user_id=user.id, summary=summary
                    )

    def _turns(self):
        """Return whose turn it is: ``[(users, duty)]``, see :meth:`_duty_sentence`."""
        self.ensure_one()
        version = self.open_version_id
        if version.state == "review":
            return [(self._who_judges(version), "judge")]
        if version.state != "approved":
            return []
        turns = []
        if not version._signatures_standing("ours"):
            turns.append((self._who_signs(version), "sign"))
        waiting = version.signature_ids.filtered(lambda one: one.state == "waiting")
        if waiting:
            busy = waiting.recorded_by_id | waiting.user_id
            turns.append((self._holders("contract_keeper") - busy, "check"))
        unsealed = self.env["parts.contract.sealing"]._missing(version)
        signed = all(
            "valid" in version._signatures_standing(side).mapped("state")
            for side in ("ours", "theirs")
        )
        if unsealed and signed:
            turns.append((self._who_seals(), "seal"))
        return turns

    def _duty_sentence(self, duty, user):
        """Return what ``user`` is called for, in his language."""
        env = self.with_context(lang=user.lang or self.env.lang).env
        return {
            "judge": env._("Changed clauses: say whether it is wording or substance"),
            "sign": env._("Sign for our side"),
            "check": env._("Check the signed paper"),
            "seal": env._("Put the seal under it and record it"),
        }[duty]

    def _who_judges(self, version):
        """Return who of legal may judge a clause that waits."""
        waiting = version._changed_clauses().filtered(lambda one: not one.verdict)
        users = self.env["res.users"]
        for name in waiting and LEGAL:
            users |= self._holders(name.removeprefix(PREFIX))
        return users.filtered(
            lambda user: any(user not in clause._authors() for clause in waiting)
        )

    def _who_signs(self, version):
        """Return whose authority in force covers ``version``."""
        return (
            self.env["parts.contract.authority"]
            ._candidates(version, "ours")
            .filtered(lambda one: one.stands and one._covers(version))
            .user_id
        )

    def _who_seals(self):
        """Return who keeps a seal of the company."""
        seals = self.env["parts.contract.seal"].search(
            [("company_id", "=", self.company_id.id)]
        )
        return seals.keeper_ids & self._holders("seal_keeper")

    def _holders(self, role):
        """Return who holds ``role`` by right."""
        group = self.env.ref(f"{PREFIX}{role}")
        by_right = self.env["parts.approval.rule.step"]._by_right
        return by_right(group.all_user_ids, group)

    def _able_to_read(self, users):
        """Return those of ``users`` who can open this contract."""
        # what waits to be written is not theirs: authors decide nothing
        self.env.flush_all()
        return users.filtered(
            lambda user: (
                user.active
                and not user.share
                and self.company_id in user.company_ids
                and self.with_user(user)
                .sudo(False)
                .with_context(allowed_company_ids=user.company_ids.ids)
                .has_access("read")
            )
        )
