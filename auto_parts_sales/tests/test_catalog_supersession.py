from contextlib import contextmanager
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..utils.cycles import find_cycles
from .common import PartsCommon


@tagged("post_install", "-at_install")
class TestCatalogCycles(BaseCase):
    def test_cycles_of_a_graph(self):
        self.assertFalse(find_cycles([]))
        self.assertFalse(find_cycles([(1, 2), (2, 3), (1, 3)]))
        self.assertEqual(find_cycles([(1, 1)]), [[1]])
        cycles = find_cycles([(4, 1), (1, 2), (2, 3), (3, 1), (3, 5), (6, 7), (7, 6)])
        self.assertEqual(sorted(map(sorted, cycles)), [[1, 2, 3], [6, 7]])
        self.assertFalse(find_cycles((i, i + 1) for i in range(50_000)))

    @given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=14))
    @settings(deadline=None)
    def test_a_node_is_in_a_cycle_if_it_reaches_itself(self, edges):
        reach = set(edges)
        for _step in range(7):
            reach |= {(a, d) for a, b in reach for c, d in edges if b == c}
        expected = {frozenset(b for b in range(7) if {(a, b), (b, a)} <= reach)
                    for a in range(7) if (a, a) in reach}  # fmt: skip
        self.assertEqual(set(map(frozenset, find_cycles(edges))), expected)


class SupersessionCommon(PartsCommon):
    @classmethod
    def _supersede(cls, old, new, **values):
        """Say that a number replaces another; of Volkswagen unless said otherwise."""
        if not values.keys() & {"make_id", "group_id", "brand_id"}:
            values["make_id"] = cls.vw.id
        return cls.env["parts.catalog.supersession"].create(
            {"old_number": old, "new_number": new, **values}
        )

    @contextmanager
    def _refused(self, why):
        with (
            self.assertRaisesRegex(ValidationError, why),
            self.env.cr.savepoint(flush=False) as savepoint,
        ):
            yield
            savepoint.rollback()
        self.env.invalidate_all(flush=False)

    def _get(self, key, make=None, **wanted):
        """Return the numbers that may be sold for a key, those that match."""
        found = self.env["parts.catalog.supersession"]._get_successors(key, make)
        return [
            row["number"]
            for row in found
            if all(row[name] == value for name, value in wanted.items())
        ]

    def _load(self, *rows, **values):
        """Write steps by SQL, as an import does, without resolving them."""
        owner, owner_id = "make_id", self.vw.id
        for name in ("make_id", "group_id", "brand_id"):
            if name in values:
                owner, owner_id = name, values[name]
        self.env.cr.execute_values(
            f"""INSERT INTO parts_catalog_supersession
                (old_number, old_key, new_number, new_key, {owner}, mode, ratio, active)
                VALUES %s""",
            [(o, o, n, n, owner_id, "replace", 1, True) for o, n in rows],
        )


@tagged("post_install", "-at_install")
class TestCatalogSupersession(SupersessionCommon):
    """CAT-2: old number replaced by new number, in chains."""

    # === CHAINS === #

    def test_chain_of_any_length(self):
        self._supersede("06A 905 115 A", "06A 905 115 B", date="2012-05-01")
        self._supersede("06A 905 115 B", "06A 905 115 C", date="2015-05-01")
        self._supersede("06A 905 115 C", "06A 905 115 D", date="2019-05-01")
        found = self.env["parts.catalog.supersession"]._get_successors("06A905115A")
        self.assertEqual(
            [(row["number"], row["steps"], row["current"]) for row in found],
            [
                ("06A 905 115 D", 3, True),
                # on the way, the newest first
                ("06A 905 115 C", 2, False),
                ("06A 905 115 B", 1, False),
            ],
        )
        self.assertEqual(found[0]["date"], date(2019, 5, 1))
        self.assertEqual(found[0]["old_number"], "06A 905 115 A")
        self.assertEqual(found[0]["key"], "06A905115D")
        self.assertEqual({row["direction"] for row in found}, {"forward"})
        # asked in the middle, and at the end
        self.assertEqual(self._get("06A905115C"), ["06A 905 115 D"])
        self.assertEqual(self._get("06A905115D"), [])
        self.assertEqual(self._get("06A905115X"), [])

    def test_any_spelling_of_the_number_asked(self):
        self._supersede("06A 905 115 A", "06A 905 115 B")
        self.assertEqual(self._get("06a-905-115.a"), ["06A 905 115 B"])

    def test_long_chain(self):
        numbers = [f"N{number:04}" for number in range(300)]
        self._load(*zip(numbers, numbers[1:], strict=False))
        self.env["parts.catalog.supersession"]._resolve()
        [end] = self.env["parts.catalog.supersession"]._get_successors(
            "N0000", self.vw
        )[:1]
        self.assertEqual((end["number"], end["steps"]), ("N0299", 299))
        # A step in the middle of a chain that was loaded
        self._supersede("N0150", "N9999", mode="or")
        ends = self._get("N0000", current=True)
        self.assertEqual(set(ends), {"N0299", "N9999"})

    def test_chain_grows_at_each_end_and_in_the_middle(self):
        middle = self._supersede("N002", "N003")
        self._supersede("N003", "N004")
        self._supersede("N001", "N002")
        self.assertEqual(self._get("N001", current=True), ["N004"])
        middle.new_number = "N009"
        self.assertEqual(self._get("N001", current=True), ["N009"])
        self.assertEqual(self._get("N003", current=True), ["N004"])
        middle.active = False
        self.assertEqual(self._get("N001", current=True), ["N002"])
        self.assertEqual(self._get("N002"), [])
        middle.active = True
        middle.unlink()
        self.assertEqual(self._get("N001"), ["N002"])
        self.env["parts.catalog.supersession"].search([]).unlink()
        self.assertFalse(self.env["parts.catalog.successor"].search([]))

    def test_and_or(self):
        self._supersede("N001", "N002", mode="and", ratio=2)
        self._supersede("N001", "N003", mode="and")
        self._supersede("N003", "N005", ratio=3)
        rows = self.env["parts.catalog.supersession"]._get_successors("N001")
        ends = {row["number"]: row for row in rows if row["current"]}
        self.assertEqual(ends.keys(), {"N002", "N005"})
        self.assertEqual({row["mode"] for row in ends.values()}, {"and"})
        [together] = {row["together"] for row in ends.values()}
        self.assertTrue(together)
        self.assertEqual((ends["N002"]["ratio"], ends["N005"]["ratio"]), (2, 3))
        self._supersede("N101", "N102", mode="or")
        self._supersede("N101", "N103", mode="or")
        rows = self.env["parts.catalog.supersession"]._get_successors("N101")
        self.assertEqual([row["together"] for row in rows], [False, False])
        self.assertEqual({row["mode"] for row in rows}, {"or"})

    def test_one_of_a_choice_within_a_set(self):
        """N001 needs N009 and one of N003 and N004."""
        self._supersede("N001", "N002", mode="and")
        self._supersede("N001", "N009", mode="and")
        self._supersede("N002", "N003", mode="or")
        self._supersede("N002", "N004", mode="or")
        rows = self.env["parts.catalog.supersession"]._get_successors("N001")
        ends = {row["number"]: row for row in rows if row["current"]}
        self.assertEqual(len({row["together"] for row in ends.values()}), 1)
        modes = {number: row["mode"] for number, row in ends.items()}
        self.assertEqual(modes, {"N009": "and", "N003": "or", "N004": "or"})

    def test_one_way_or_both(self):
        self._supersede("N001", "N002", ratio=2)
        self.assertEqual(self._get("N002"), [])
        self._supersede("N101", "N102", two_way=True, ratio=2)
        self._supersede("N102", "N103", two_way=True)
        [back] = self.env["parts.catalog.supersession"]._get_successors("N102")[1:]
        self.assertEqual((back["number"], back["direction"]), ("N101", "backward"))
        self.assertEqual(back["ratio"], 0.5)
        self.assertEqual(self._get("N103", direction="backward"), ["N102", "N101"])
        # One step that holds one way only ends the walk back
        self._supersede("N100", "N101")
        self.assertEqual(self._get("N103", direction="backward"), ["N102", "N101"])

    def test_ways_that_meet_again_are_told_once(self):
        for old, new in (
            ("N1A", "N2A"),
            ("N1A", "N2B"),
            ("N2A", "N3A"),
            ("N2B", "N3A"),
        ):
            self._supersede(old, new, mode="or")
        self.assertEqual(self._get("N1A", current=True), ["N3A"])

    # === CYCLES === #

    @mute_logger("odoo.sql_db")
    def test_cycles_are_refused(self):
        self._supersede("N001", "N002")
        self._supersede("N002", "N003")
        with self._refused("itself replaced"):
            self._supersede("N003", "N001")
        last = self._supersede("N003", "N004")
        with self._refused("itself replaced"):
            last.new_number = "N-001"
        with self._refused("N005 cannot be replaced by itself"):
            self._supersede("N005", "n 005")
        with self._refused("N003 cannot be replaced by itself"):
            last.new_number = "n-003"
        with self._refused("itself replaced"):
            self.env["parts.catalog.supersession"].create(
                [
                    {"old_number": "X01", "new_number": "X02", "make_id": self.vw.id},
                    {"old_number": "X02", "new_number": "X01", "make_id": self.vw.id},
                ]
            )
        # The same numbers of another make are other numbers
        self._supersede("N003", "N001", make_id=self.toyota.id)

    def test_cycle_through_the_group_is_refused(self):
        self._supersede("N001", "N002", make_id=self.vw.id)
        with self._refused("itself replaced"):
            self._supersede("N002", "N001", group_id=self.vag.id)

    def test_archived_steps_make_no_cycle(self):
        back = self._supersede("N002", "N001")
        back.active = False
        self._supersede("N001", "N002")
        with self._refused("itself replaced"):
            back.active = True

    def test_cycles_of_a_load_are_reported_and_end_nowhere(self):
        self._load(("N000", "N001"), ("N001", "N002"), ("N002", "N003"))
        self._load(("N003", "N001"), ("X001", "X002"))
        [cycle] = self.env["parts.catalog.supersession"]._find_cycles()
        self.assertEqual(set(cycle), {"N001", "N002", "N003"})
        self.env["parts.catalog.supersession"]._resolve()
        self.assertEqual(self._get("X001"), ["X002"])
        # the chain ends where it enters the cycle
        self.assertEqual(self._get("N000", current=True), ["N001"])
        self.assertEqual(self._get("N001", current=True), [])

    # === WHO GAVE THE NUMBER === #

    def test_equal_numbers_of_two_makes_stay_apart(self):
        self._supersede("N001", "N002", make_id=self.vw.id)
        self._supersede("N001", "N003", make_id=self.toyota.id)
        self._supersede("N002", "N004", make_id=self.toyota.id)
        self.assertEqual(self._get("N001", self.vw), ["N002"])
        self.assertEqual(self._get("N001", self.toyota), ["N003"])
        self.assertEqual(self._get("N001", self.bosch), [])
        self.assertEqual(set(self._get("N001")), {"N002", "N003"})

    def test_makes_of_a_group_share_their_chains(self):
        self._supersede("N001", "N002", make_id=self.vw.id)
        self._supersede("N002", "N003", make_id=self.audi.id)
        self._supersede("N003", "N004", group_id=self.vag.id)
        for asked in (self.vw, self.audi, self.vag):
            self.assertEqual(self._get("N001", asked, current=True), ["N004"])
        self.audi.group_id = False
        self.assertEqual(self._get("N001", self.vw, current=True), ["N002"])
        self.assertEqual(self._get("N002", self.audi), ["N003"])
        self.audi.group_id = self.vag
        self.assertEqual(self._get("N001", self.vw, current=True), ["N004"])

    def test_suffix_letters_and_look_alikes_are_other_numbers(self):
        self._supersede("A 000 905 12 00", "A 000 905 13 00")
        for other in ("0009051200", "A000905120O", "A0009051200A"):
            self.assertEqual(self._get(other), [])

    # === WHO MAY, AND WHAT IT COSTS === #

    def test_who_may_read_and_write(self):
        record = self._supersede("N001", "N002")
        keepers = {"sales_manager", "price_group", "administrator"}
        successors = self.env["parts.catalog.successor"].search([])
        for role, user in self.users.items():
            with self.subTest(role=role):
                self.assertEqual(record.with_user(user).old_key, "N001")
                self.assertEqual(successors.with_user(user).new_key, "N002")
                for operation in ("create", "write", "unlink"):
                    may = record.with_user(user).has_access(operation)
                    self.assertEqual(may, role in keepers)
                    self.assertFalse(successors.with_user(user).has_access(operation))
        with self.assertRaises(AccessError):
            record.with_user(self.salesperson).new_number = "N003"
        manager = self.users["sales_manager"]
        record.with_user(manager).write({"new_number": "N003", "new_key": "WRONG"})
        self.assertEqual(record.new_key, "N003")
        self.assertEqual(self._get("N001"), ["N003"])

    def test_same_step_once(self):
        self._supersede("N 001", "N 002")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                self._supersede("N-001", "N-002")

    def test_numbers_that_are_none_are_refused(self):
        for nothing in ("", "--", False, "9" * 106):
            with self._refused("no part number"):
                self._supersede(nothing, "N001")

    def test_look_up_costs_one_query_none_if_nothing_is_loaded(self):
        get = self.env["parts.catalog.supersession"]._get_successors
        get("N001")
        with self.assertQueryCount(0):
            self.assertEqual(get("N001"), [])
        self._supersede("N001", "N002")
        get("N001")
        with self.assertQueryCount(1):
            self.assertEqual(len(get("N001")), 1)
        with self.assertQueryCount(0):
            self.assertEqual(get("brake pad"), [])

    def test_resolving_again_writes_nothing(self):
        self._load(("N001", "N002"), ("N002", "N003"))
        successor = self.env["parts.catalog.successor"]
        self.assertTrue(successor._rebuild())
        before = successor.search([]).ids
        self.assertFalse(successor._rebuild())
        self.assertEqual(successor.search([]).ids, before)

    @settings(deadline=None, max_examples=25)
    @given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=16))
    def test_steps_one_by_one_end_like_all_at_once(self, pairs):
        """Whatever is added in whatever order, the ends are those of a full run."""
        savepoint = self.env.cr.savepoint()
        rows, expected = set(), {}
        for old, new in pairs:
            if old < new:
                rows.add((old, new))
        for old, new in rows:
            self._supersede(f"N10{old}", f"N10{new}", mode="or")
        olds = {old for old, _new in rows}
        for start in sorted(olds, reverse=True):
            expected[start] = set()
            for old, new in rows:
                if old == start:
                    expected[start] |= expected[new] if new in olds else {new}
        found = {}
        for row in self.env["parts.catalog.successor"].search([]):
            found.setdefault(int(row.old_key[-1]), set()).add(int(row.new_key[-1]))
        self.assertEqual(found, expected)
        self.assertFalse(self.env["parts.catalog.successor"]._rebuild())
        savepoint.close(rollback=True)
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestCatalogNotice(SupersessionCommon):
    """CAT-2: open quotations and reorder rules are told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_number(cls.ecu, "06A 905 115 D")
        cls._add_number(cls.ecu_b, "06A 905 115 E")
        cls.quotation = cls.env["sale.order"].create(
            {
                "partner_id": cls.partner.id,
                "user_id": cls.salesperson.id,
                "order_line": [Command.create({"product_id": cls.ecu.id})],
            }
        )

    def _get_activities(self, record):
        return record.activity_ids.filtered(lambda a: "supersed" in (a.summary or ""))

    def test_owner_of_an_open_quotation_is_told(self):
        self._supersede("06A 905 115 D", "06A 905 115 E", date="2019-03-01")
        activity = self._get_activities(self.quotation)
        self.assertEqual(activity.user_id, self.salesperson)
        self.assertIn("06A 905 115 D", activity.note)
        self.assertIn("06A 905 115 E", activity.note)
        self.assertIn("2019", activity.note)

    def test_told_once_and_again_for_the_next_number(self):
        self._supersede("06A 905 115 D", "06A 905 115 E")
        self._supersede("1K0 1", "1K0 2")
        self.env["parts.catalog.supersession"]._resolve()
        self.assertEqual(len(self._get_activities(self.quotation)), 1)
        self._supersede("06A 905 115 E", "06A 905 115 F")
        self.assertEqual(len(self._get_activities(self.quotation)), 2)

    def test_not_told_what_does_not_concern_them(self):
        # another make's number, a confirmed order, a part that has the new number
        self._supersede("06A 905 115 D", "06A 905 115 E", make_id=self.toyota.id)
        self.assertFalse(self._get_activities(self.quotation))
        self.quotation.action_confirm()
        self._supersede("06A 905 115 D", "06A 905 115 G")
        self.assertFalse(self._get_activities(self.quotation))

    def test_not_told_if_the_part_carries_the_new_number(self):
        self._add_number(self.ecu, "06A 905 115 E")
        self._supersede("06A 905 115 D", "06A 905 115 E")
        self.assertFalse(self._get_activities(self.quotation))

    def test_quotation_without_salesperson_tells_who_made_it_or_notes(self):
        self.quotation.user_id = False
        self._supersede("06A 905 115 D", "06A 905 115 E")
        told = self._get_activities(self.quotation).user_id
        if self.quotation.create_uid.active:
            self.assertEqual(told, self.quotation.create_uid)
        else:
            self.assertIn("06A 905 115 E", self.quotation.message_ids[0].body)

    def test_whoever_is_responsible_for_reordering_is_told(self):
        self.ecu.responsible_id = self.users["sales_manager"]
        self.env["stock.warehouse.orderpoint"].create(
            {"product_id": self.ecu.id, "product_min_qty": 1, "product_max_qty": 5}
        )
        self._supersede("06A 905 115 D", "06A 905 115 E")
        activity = self._get_activities(self.ecu)
        self.assertEqual(activity.user_id, self.users["sales_manager"])
        self.assertIn("still reordered", activity.note)

    def test_a_load_tells_in_batches(self):
        self._load(("06A905115D", "06A905115E"))
        self.env["parts.catalog.supersession"]._resolve()
        self.assertEqual(len(self._get_activities(self.quotation)), 1)
        successor = self.env["parts.catalog.successor"].search([])
        self.assertTrue(successor.noticed)

    def test_keeper_of_the_catalogue_needs_no_right_on_quotations(self):
        keeper = self.users["price_group"]
        self.assertFalse(self.quotation.with_user(keeper).has_access("write"))
        self.env["parts.catalog.supersession"].with_user(keeper).create(
            {
                "old_number": "06A 905 115 D",
                "new_number": "06A 905 115 E",
                "make_id": self.vw.id,
            }
        )
        self.assertTrue(self._get_activities(self.quotation))
