import base64
import io
import zipfile

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .deciders_common import DecidersCommon

MINUTES = base64.b64encode(b"Minutes of 3 March: agreed.")


@tagged("post_install", "-at_install")
class TestApprovalDecidersCommittee(DecidersCommon):
    # CTL-1: n of m named members, minutes attached

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = cls.env["res.users"].browse()
        for number in range(3):
            cls.members |= cls._new_user(
                f"member{number}", "sales_team.group_sale_salesman_all_leads"
            )
        cls.committee = {"user_ids": [Command.set(cls.members.ids)], "voices": 2}

    def _request(self, **values):
        self._steps({**self.committee, **values})
        return self._ask(self._new_order(3))

    def _as(self, approval, number):
        return approval.with_user(self.members[number])

    def test_refused_when_the_votes_cannot_come_together(self):
        approval = self._request()
        self._as(approval, 0).action_refuse("too risky")
        self.assertEqual(approval.state, "pending")  # two others could still agree
        self._as(approval, 1).action_refuse("no")
        self.assertEqual(approval.state, "refused")

    def test_one_refusal_does_not_stop_a_majority(self):
        approval = self._request()
        self._as(approval, 0).action_refuse("too risky")
        self._as(approval, 1).action_approve()
        self.assertEqual(approval.state, "pending")
        self._as(approval, 2).action_approve()
        self.assertEqual(approval.state, "approved")
        self.assertEqual(approval.sudo().step_ids.state, "approved")

    def test_unanimous_committee_is_refused_by_one(self):
        approval = self._request(voices=3)
        self._as(approval, 0).action_approve()
        self._as(approval, 1).action_refuse("no")
        self.assertEqual(approval.state, "refused")

    def test_a_barred_member_cannot_be_counted_on(self):
        # member 2 asked: two are left, so one refusal is enough
        self._steps(self.committee)
        order = self._new_order(3)
        approval = self._ask(order, user=self.members[2])
        self._as(approval, 0).action_refuse("no")
        self.assertEqual(approval.state, "refused")

    def test_too_few_can_vote(self):
        self._steps({**self.committee, "voices": 3})
        approval = self._ask(self._new_order(3), user=self.members[2])
        self.assertRegex(approval.nobody_note, "3 more votes are needed, and only 2")

    def test_a_vote_is_noted_as_a_vote(self):
        approval = self._request()
        self._as(approval, 0).action_approve()
        bodies = "".join(approval._document().message_ids.mapped("body"))
        self.assertIn("a vote; 1 more needed", bodies)

    def test_single_steps_are_refused_at_once(self):
        approval = self._ask(self._new_order(3))
        approval.with_user(self.manager).action_refuse("no")
        self.assertEqual(approval.state, "refused")

    # minutes

    def test_the_deciding_vote_needs_the_minutes(self):
        approval = self._request(minutes_required=True)
        self.assertFalse(approval.needs_minutes)  # not with the first vote yet
        self._as(approval, 0).action_approve()
        approval.invalidate_recordset()
        self.assertTrue(approval.needs_minutes)
        with self.assertRaisesRegex(UserError, "minutes"), self.cr.savepoint():
            self._as(approval, 1).action_approve()
        self.assertEqual(approval.state, "pending")
        self.assertFalse(approval.sudo().step_ids.decision_ids[1:])
        self._as(approval, 1).action_approve("agreed", MINUTES, "minutes.txt")
        self.assertEqual(approval.state, "approved")

    def test_a_member_before_him_may_attach_them(self):
        approval = self._request(minutes_required=True)
        self._as(approval, 0).action_approve(minutes=MINUTES, minutes_name="m.pdf")
        self.assertFalse(approval.needs_minutes)
        self._as(approval, 1).action_approve()
        self.assertEqual(approval.state, "approved")

    def test_minutes_are_exported(self):
        approval = self._request(minutes_required=True)
        self._as(approval, 0).action_approve()
        hostile = "../../3 March?.txt"
        self._as(approval, 1).action_approve("agreed", MINUTES, hostile)
        archive = self.env["parts.approval.export"]._build_archive()
        with zipfile.ZipFile(io.BytesIO(archive)) as exported:
            [path] = [name for name in exported.namelist() if "3 March" in name]
            self.assertEqual(exported.read(path), b"Minutes of 3 March: agreed.")
            self.assertIn("auto_parts_sales.xlsx", exported.namelist())
        folder, request, name = path.split("/")  # nothing leaves its folder
        self.assertEqual(folder, "minutes")
        self.assertEqual(request, f"{approval.document_name} ({approval.id})")
        self.assertRegex(name, r"^\d+ \.\._\.\._3 March_\.txt$")

    def test_minutes_are_a_file_with_content(self):
        approval = self._request(minutes_required=True)
        self._as(approval, 0).action_approve()
        for nothing in (b"", "", b"====", "not base64!"):
            with (
                self.subTest(minutes=nothing),
                self.assertRaises(UserError),
                self.cr.savepoint(),
            ):
                self._as(approval, 1).action_approve("x", nothing, "minutes.txt")

    def test_through_the_dialog(self):
        approval = self._request(minutes_required=True)
        self._as(approval, 0).action_approve()
        wizard = (
            self.env["parts.approval.approve"]
            .with_user(self.members[1])
            .with_context(active_model="parts.approval", active_id=approval.id)
            .create({"minutes": MINUTES, "minutes_name": "minutes.txt"})
        )
        wizard.with_context(bin_size=True).action_approve()
        self.assertEqual(approval.state, "approved")
        self.assertEqual(approval.sudo().decision_ids[1].minutes, MINUTES)

    def test_with_a_remark(self):
        # where no minutes are needed, the dialog takes a remark
        approval = self._request()
        wizard = (
            self.env["parts.approval.approve"]
            .with_user(self.members[0])
            .with_context(active_model="parts.approval", active_id=approval.id)
            .create({"comment": "As long as the stock lasts"})
        )
        self.assertFalse(wizard.needs_minutes)
        wizard.action_approve()
        decision = approval.sudo().decision_ids
        self.assertEqual(
            (decision.verdict, decision.comment, decision.minutes),
            ("approved", "As long as the stock lasts", False),
        )

    def test_a_refusal_needs_no_minutes(self):
        approval = self._request(minutes_required=True)
        self._as(approval, 0).action_refuse("no")
        self._as(approval, 1).action_refuse("no")
        self.assertEqual(approval.state, "refused")

    def test_minutes_are_read_with_the_request_and_kept(self):
        approval = self._request(minutes_required=True)
        self._as(approval, 0).action_approve(minutes=MINUTES, minutes_name="m.txt")
        decision = approval.sudo().decision_ids
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", decision._name),
                    ("res_id", "=", decision.id),
                    ("res_field", "=", "minutes"),
                ]
            )
        )
        self.assertEqual(len(attachment), 1)
        # who reads the order reads them: its seller
        self.assertEqual(decision.with_user(self.seller).minutes, MINUTES)
        self.assertEqual(
            attachment.with_user(self.seller).datas, MINUTES, "as a file, too"
        )
        stranger = self._new_user("stranger", "sales_team.group_sale_salesman")
        for read in (
            lambda: decision.with_user(stranger).read(["minutes"]),
            lambda: attachment.with_user(stranger).read(["datas"]),
        ):
            with self.assertRaises(AccessError):
                self.env.invalidate_all()
                read()
        for user in (
            self.members[0],
            self.seller,
            self.administrator,
            self.env.ref("base.user_admin"),
        ):
            mine = attachment.with_user(user)
            for attack in (
                lambda file: file.write({"datas": base64.b64encode(b"other")}),
                lambda file: file.write({"res_model": False, "res_id": False}),
                lambda file: file.unlink(),
                lambda file: file.create(
                    {
                        "name": "minutes",
                        "res_model": "parts.approval.decision",
                        "res_id": decision.id,
                        "res_field": "minutes",
                        "datas": base64.b64encode(b"other"),
                    }
                ),
            ):
                with (
                    self.subTest(user=user.login),
                    self.assertRaises(AccessError),
                    self.cr.savepoint(),
                ):
                    attack(mine)
            with self.assertRaises(AccessError), self.cr.savepoint():
                decision.with_user(user).write({"minutes": False})
