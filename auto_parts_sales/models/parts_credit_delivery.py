from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..exceptions import GateError

LIMIT, NO_FILE, BLOCKED, OVERDUE, DEFAULTER, NOBODY = (
    "credit_limit",
    "credit_no_file",
    "credit_blocked",
    "credit_overdue",
    "credit_defaulter",
    "credit_nobody",
)


class PartsCreditDelivery(models.AbstractModel):
    """The credit check of a transfer at the gate ``ship`` (CRD-5).

    The orders behind it are counted already. It is held for what is new since they were
    confirmed: a block, a debt overdue beyond the days allowed, a file that expired, or
    more than the limit and what approvals released, because the limit was lowered or
    something else was added. What an approval released when the order was confirmed is
    not asked for again. Everything is worked out as superuser.
    """

    _name = "parts.credit.delivery"
    _description = "Credit Check of a Delivery"

    # === THE CHECK === #

    @api.model
    def _lock(self, pickings):
        """Lock the credit that ``pickings`` use, before any figure of it is read."""
        pickings = self._judged(pickings)
        for company, own in pickings.grouped("company_id").items():
            self.env["parts.credit.lock"]._take(company, self._involved(own))

    @api.model
    def _blocks(self, pickings):
        """Return the credit blocks of ``pickings``, as superuser, each judged with the
        others counted.
        """
        blocks = []
        for company, own in self._judged(pickings).grouped("company_id").items():
            known = self._known(company, own)
            for picking in own:
                blocks += self._picking_blocks(picking, known)
        return blocks

    @api.model
    def _known(self, company, pickings):
        """Return what ``pickings`` of one company are judged by, worked out for all of
        them at once.

        :return: ``facts`` (by debtor, see :meth:`parts.credit.check._debtor_facts`),
            ``owed`` (by order: what is not paid of it), ``new`` (by transfer, see
            ``_new_value`` of ``parts.credit.shipment``), ``added`` (by debtor: what all
            transfers together add), ``spent`` (approvals that confirmations used),
            ``accepted`` (by debtor, filled when it is looked for)
        :rtype: dict
        """
        orders = self.env["sale.order"].union(*map(self._orders, pickings))
        shipment = self.env["parts.credit.shipment"]
        new = shipment._new_value(pickings)
        judged = self.env["parts.credit.check"]._judged_all(
            company, dict.fromkeys(self._involved(pickings))
        )
        return {
            "facts": {debtor: facts for debtor, (facts, *_more) in judged.items()},
            "owed": shipment._owed(orders),
            "new": new,
            "added": self._added(new),
            "spent": self.env["parts.credit.accepted"]._spent(orders.ids),
            "accepted": {},
        }

    @api.model
    def _judged(self, pickings):
        """Return those of ``pickings`` that hand something over on credit."""
        leaving = self.env["parts.delivery.leaving"]
        shipment = self.env["parts.credit.shipment"]
        return pickings.filtered(
            lambda picking: (
                picking.company_id.parts_credit_control
                and leaving._quantities(picking)
                and not shipment._is_of_till(picking)
            )
        )

    @api.model
    def _added(self, new):
        """Return ``{debtor: what all transfers together add to what he owes}``."""
        added = {}
        for picking, amounts in new.items():
            for order, amount in amounts.items():
                for debtor in self._who_owes(picking, order):
                    added[debtor] = added.get(debtor, 0.0) + amount
        return added

    @api.model
    def _picking_blocks(self, picking, known):
        debtors, receivers = self._debtors(picking), self._receivers(picking)
        if not debtors and not receivers:
            return [self._nobody_block(picking)]
        unpaid = self._unpaid(picking, known)
        new = known["new"][picking]
        blocks = []
        for debtor, own in unpaid.items():
            amount = self._new_of(picking, new, debtor)
            if own or amount:
                # what goes beyond the orders was released with none of them
                own = own.browse() if amount else own
                blocks += self._debtor_blocks(picking, debtor, own, known)
        for receiver in receivers - debtors:
            if not debtors or any(unpaid.values()) or new:
                blocks += self._receiver_blocks(picking, receiver, known)
        return blocks

    @api.model
    def _unpaid(self, picking, known):
        """Return ``{debtor: his orders behind the transfer that are not paid yet}``."""
        currency = picking.company_id.currency_id
        unpaid = self._orders(picking).filtered(
            lambda order: not currency.is_zero(known["owed"][order])
        )
        return {
            debtor: unpaid.filtered(
                lambda order, debtor=debtor: debtor in self._debtors_of(order)
            )
            for debtor in self._debtors(picking)
        }

    @api.model
    def _new_of(self, picking, amounts, debtor):
        return sum(
            amount
            for order, amount in amounts.items()
            if debtor in self._who_owes(picking, order)
        )

    @api.model
    def _debtor_blocks(self, picking, debtor, orders, known, owes=True):
        """Return the blocks of a debtor.

        :param orders: his orders behind the transfer that are not paid yet
        :param dict known: see :meth:`_known`
        :param bool owes: False where it is somebody else who owes it
        """
        facts = known["facts"][debtor]
        if facts["defaulter"]:
            return [self._defaulter_block(picking, debtor)]
        accepted = self.env["parts.credit.accepted"]
        released = (known["spent"], orders, debtor)
        blocks = []
        if owes and not facts["in_force"] and not accepted._covers_no_file(*released):
            return [self._no_file_block(picking, debtor, facts["file"])]
        if facts["blocked"] and not accepted._covers_block(*released):
            blocks.append(self._blocked_block(picking, debtor))
        late = facts["overdue_days"] > facts["overdue_days_allowed"]
        if late and not accepted._covers_overdue(*released, facts):
            blocks.append(self._overdue_block(picking, debtor, facts["overdue_days"]))
        if owes and facts["in_force"]:
            over = self._over(picking.company_id, debtor, known)
            if over:
                blocks.append(self._limit_block(picking, debtor, over))
        return blocks

    @api.model
    def _receiver_blocks(self, picking, receiver, known):
        """Return the blocks of who receives goods that somebody else, or nobody, owes.

        Where an order names him for delivery he owes nothing for it, so that he needs
        no file; blocked, a defaulter or late he gets nothing all the same.
        """
        addressed = self._orders(picking).partner_shipping_id.commercial_partner_id
        return self._debtor_blocks(
            picking,
            receiver,
            self.env["sale.order"],
            known,
            owes=receiver not in addressed,
        )

    @api.model
    def _over(self, company, debtor, known):
        """Return by how much the debtor is over what he may owe at delivery."""
        facts, accepted = known["facts"][debtor], known["accepted"]
        room = facts["ceiling"] - facts["exposure"] - known["added"].get(debtor, 0.0)
        if company.currency_id.compare_amounts(room, 0.0) >= 0:
            return 0.0  # what was released need not be looked for
        if debtor not in accepted:
            engine = self.env["parts.credit.accepted"]
            accepted[debtor] = engine._amount(company, debtor)
        return max(company.currency_id.round(-room - accepted[debtor]), 0.0)

    # === WHO === #

    @api.model
    def _orders(self, picking):
        return self.env["parts.delivery.leaving"]._orders(picking)

    @api.model
    def _debtors_of(self, order):
        return self.env["parts.credit.check"]._debtors(order)

    @api.model
    def _debtors(self, picking):
        """Return who owes what leaves, by the orders behind it."""
        return self._debtors_of(self._orders(picking))

    @api.model
    def _receivers(self, picking):
        """Return who receives it, by the transfer and its moves; of what a vendor
        ships straight to the customer the transfer names the vendor.
        """
        moves = self.env["parts.delivery.leaving"]._quantities(picking)
        partners = picking.partner_id.browse().union(
            *(move.partner_id for move in moves)
        )
        if not self._vendor_ships(picking):
            partners |= picking.partner_id
        return partners.commercial_partner_id

    @api.model
    def _involved(self, pickings):
        """Return all who owe or receive what leaves with ``pickings``."""
        return self.env["res.partner"].union(
            *(self._debtors(one) | self._receivers(one) for one in pickings)
        )

    @api.model
    def _who_owes(self, picking, order):
        return self._debtors_of(order) if order else self._receivers(picking)

    # === WITHOUT A TRANSFER === #

    @api.model
    def _check_loose(self, moves):
        """Stop ``moves`` that leave without a transfer, in companies with the control.

        :raises GateError: nobody could be judged, and nobody be asked
        """
        moves = moves.filtered(
            lambda move: (
                move.company_id.parts_credit_control
                or move.company_id.parts_contract_control
            )
        )
        if not moves:
            return
        blocks = [
            {
                "key": NOBODY,
                "kind": False,
                "message": self.env._(
                    "%(quantity)s %(unit)s of %(product)s: a customer gets goods by a"
                    " delivery, not by a scrap, a relocation or a count. Make a"
                    " delivery that names the customer.",
                    quantity=move.quantity or move.product_uom_qty,
                    unit=move.product_uom.name,
                    product=move.product_id.display_name,
                ),
                "amount": 0.0,
                "currency_id": False,
                "res_model": move._name,
                "res_id": move.id,
                "document": move.reference or move.display_name,
                "facts": {},
            }
            for move in moves
        ]
        headline = self.env._("These goods may not leave yet:")
        lines = [f"• {block['message']}" for block in blocks]
        raise GateError("\n".join([headline, *lines]), blocks)

    # === BLOCKS === #

    @api.model
    def _vendor_ships(self, picking):
        leaving = self.env["parts.delivery.leaving"]
        return any(
            move.location_id.usage == "supplier"
            for move in leaving._quantities(picking)
        )

    @api.model
    def _sentence(self, picking, sentence):
        """Return ``sentence`` with what to do, for a buyer where a vendor ships."""
        if not self._vendor_ships(picking):
            return sentence
        return self.env._(
            "%(sentence)s The vendor delivers straight to the customer: have the"
            " vendor hold the goods back.",
            sentence=sentence,
        )

    @api.model
    def _nobody_block(self, picking):
        message = self.env._(
            "It is not said who receives these goods: enter the customer on the"
            " transfer."
        )
        return picking._parts_gate_block(
            NOBODY, False, self._sentence(picking, message)
        )

    @api.model
    def _defaulter_block(self, picking, debtor):
        message = self.env._(
            "%(customer)s is marked as a wilful defaulter: only what is paid leaves.",
            customer=debtor.display_name,
        )
        message = self._sentence(picking, message)
        return picking._parts_gate_block(
            self._key(DEFAULTER, picking, debtor), False, message
        )

    @api.model
    def _no_file_block(self, picking, debtor, file):
        if file.state in ("active", "expired"):
            message = self.env._(
                "The credit file of %(customer)s has expired: it is due for review.",
                customer=debtor.display_name,
            )
        else:
            message = self.env._(
                "%(customer)s has no credit file in force: without one, only what is"
                " paid leaves.",
                customer=debtor.display_name,
            )
        return self._waivable(picking, NO_FILE, message, debtor)

    @api.model
    def _blocked_block(self, picking, debtor):
        message = self.env._(
            "%(customer)s is blocked by finance.", customer=debtor.display_name
        )
        return self._waivable(picking, BLOCKED, message, debtor)

    @api.model
    def _overdue_block(self, picking, debtor, days):
        message = self.env._(
            "%(customer)s has a debt that is %(days)s days overdue.",
            customer=debtor.display_name,
            days=days,
        )
        since = fields.Date.context_today(self) - relativedelta(days=days)
        return self._waivable(
            picking,
            OVERDUE,
            message,
            debtor,
            overdue_days=(days, False),  # a day later it is the same debt
            overdue_since=(since.toordinal(), "down"),
        )

    @api.model
    def _limit_block(self, picking, debtor, over):
        message = self.env._(
            "%(customer)s is beyond the credit limit.", customer=debtor.display_name
        )
        value = self.env["parts.credit.shipment"]._value(picking)
        # By how much this delivery is over: the limit is not for everybody to know
        return self._waivable(
            picking, LIMIT, message, debtor, min(over, value), over=(over, False)
        )

    @api.model
    def _waivable(self, picking, key, message, debtor, amount=0.0, **facts):
        return picking._parts_gate_block(
            self._key(key, picking, debtor),
            "delivery",
            self._sentence(picking, message),
            amount=amount,
            currency=picking.company_id.currency_id,
            customer=(debtor.id, "any"),
            delivery_amount=(self._approved_value(picking), "up"),
            **facts,
        )

    @api.model
    def _key(self, key, picking, debtor):
        """Return the key of a block: one for each debtor, so that each is asked for by
        itself; the one who is invoiced, or who receives it, has it without an id.
        """
        orders = self._orders(picking)
        first = orders[:1].partner_invoice_id or picking.partner_id
        return key if debtor == first.commercial_partner_id else f"{key}_{debtor.id}"

    @api.model
    def _approved_value(self, picking):
        """Return the value of what leaves now together with what has left of the same
        delivery, so that parts of it never add up to more than was approved.
        """
        shipment = self.env["parts.credit.shipment"]
        others = self.env["parts.delivery.gate"]._kin(picking) - picking
        return shipment._value(picking) + sum(
            shipment._value(other, left_only=True) for other in others
        )

    # === WHAT THE DECIDER SEES === #

    @api.model
    def _figures(self, picking, block, figures):
        """Return the figures for a block of ``picking``; ``figures`` are those that
        the block's facts make.
        """
        if block["kind"] != "delivery" or "customer" not in block["facts"]:
            return figures
        table = self.env["parts.credit.figures"]
        company = picking.company_id
        facts = {name: fact["value"] for name, fact in block["facts"].items()}
        debtor = self.env["res.partner"].browse(facts["customer"]).exists()
        file = self.env["parts.credit.file"]._of(company, debtor)
        own = [figure for figure in figures if figure["name"] == "customer"]
        value = picking._parts_gate_figure(
            "delivery_amount", facts["delivery_amount"], currency=company.currency_id
        )
        own.append(value)
        if "overdue_since" in facts:
            since = fields.Date.from_string("0001-01-01").fromordinal(
                facts["overdue_since"]
            )
            own.append(picking._parts_gate_figure("overdue_since", since))
        return [
            *own,
            *table._account_rows(picking, debtor, file, facts),
            *table._file_rows(picking, file),
        ]

    @api.model
    def _history(self, picking):
        orders = self._orders(picking)
        debtor = orders[:1].partner_invoice_id or self._receivers(picking)[:1]
        if not debtor:
            return []
        return self.env["parts.credit.figures"]._holder_history(
            picking, picking.company_id, debtor
        )

    @api.model
    def _labels(self):
        """Return the labels of these figures, in the reader's language."""
        return {
            **self.env["parts.credit.figures"]._labels(),
            "delivery_amount": self.env._("Value of the delivery"),
            "overdue_since": self.env._("Oldest debt due since"),
        }
