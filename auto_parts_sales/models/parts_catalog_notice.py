from markupsafe import Markup

from odoo import api, models
from odoo.tools import SQL, format_date

# So many superseded numbers are told at once; more are left to the scheduler
MOST_AT_ONCE = 200


class PartsCatalogNotice(models.AbstractModel):
    """Tells who has a superseded number on a quotation or reorders it.

    A part is concerned if a number of its own was replaced and it does not carry the
    new one, too. Each new end of a chain is told once.
    """

    _name = "parts.catalog.notice"
    _description = "Notices of Superseded Numbers"

    # === FINDING === #

    @api.model
    def _get_concerned_sql(self, columns, where, joins=None):
        """Return a query over parts under a superseded number.

        Aliases: ``s`` successor, ``n`` number, ``p`` product_product. The part's other
        numbers decide: it is not concerned if it carries an end of the chain.
        """
        space = self.env["parts.catalog.supersession"]._get_space_sql
        return SQL(
            """
            SELECT %(columns)s
              FROM parts_catalog_successor s
              JOIN parts_catalog_number n ON n.key = s.old_key
         LEFT JOIN parts_catalog_make m ON m.id = n.make_id
              JOIN product_product p
                ON p.product_tmpl_id = n.product_tmpl_id
               AND (n.product_id IS NULL OR n.product_id = p.id)
                   %(joins)s
             WHERE %(space)s = s.space
               AND %(where)s
               AND NOT EXISTS (
                   SELECT FROM parts_catalog_successor e
                     JOIN parts_catalog_number c ON c.key = e.new_key
                LEFT JOIN parts_catalog_make cm ON cm.id = c.make_id
                    WHERE e.old_key = s.old_key
                      AND e.space = s.space
                      AND c.product_tmpl_id = p.product_tmpl_id
                      AND (c.product_id IS NULL OR c.product_id = p.id)
                      AND %(carried)s = s.space
               )
            """,
            columns=columns,
            joins=joins or SQL(),
            where=where,
            space=space("n", "m"),
            carried=space("c", "cm"),
        )

    @api.model
    def _flush_facts(self):
        self.env["parts.catalog.number"].flush_model()
        self.env["parts.catalog.make"].flush_model(["group_id"])
        self.env["product.product"].flush_model(["product_tmpl_id", "active"])
        self.env["sale.order.line"].flush_model(["product_id", "state", "order_id"])
        self.env["stock.warehouse.orderpoint"].flush_model(["product_id", "active"])

    @api.model
    def _find_fresh(self):
        """Return ids of successors to tell of: somebody has the old part in hand."""
        self._flush_facts()
        in_hand = SQL(
            """
            s.noticed IS NOT TRUE
            AND (EXISTS (SELECT FROM sale_order_line l
                          WHERE l.product_id = p.id AND l.state IN ('draft', 'sent'))
                 OR EXISTS (SELECT FROM stock_warehouse_orderpoint o
                             WHERE o.product_id = p.id AND o.active))
            """
        )
        query = self._get_concerned_sql(SQL("DISTINCT s.id"), in_hand)
        return [row[0] for row in self.env.execute_query(query)]

    # === TELLING === #

    @api.model
    def _notify(self):
        """Tell what was superseded since the last time, or let the scheduler do it."""
        fresh = self._find_fresh()
        self._mark(SQL("NOT (s.id = ANY(%s))", fresh))
        if len(fresh) > MOST_AT_ONCE:
            self.env.ref("auto_parts_sales.parts_catalog_notice_cron")._trigger()
        elif fresh:
            self._tell(fresh)

    @api.model
    def _cron_notify(self):
        """Tell batch by batch what a load superseded."""
        fresh = self._find_fresh()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(fresh))
        while fresh:
            batch, fresh = fresh[:MOST_AT_ONCE], fresh[MOST_AT_ONCE:]
            self._tell(batch)
            if not cron._commit_progress(len(batch), remaining=len(fresh)):
                break

    @api.model
    def _mark(self, which):
        self.env["parts.catalog.successor"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE parts_catalog_successor s SET noticed = TRUE
                 WHERE s.noticed IS NOT TRUE AND %s
                """,
                which,
            )
        )
        self.env["parts.catalog.successor"].invalidate_model(["noticed"])

    @api.model
    def _tell(self, successor_ids):
        """Plan an activity for each quotation and each reordered part concerned."""
        among = SQL("s.id IN %s", tuple(successor_ids))
        query = self._get_concerned_sql(SQL("DISTINCT p.id, s.id"), among)
        successors = self.env["parts.catalog.successor"].sudo()
        by_product = {}
        for product_id, successor_id in self.env.execute_query(query):
            by_product.setdefault(product_id, []).append(successor_id)
        by_product = {
            product: successors.browse(sorted(ids))
            for product, ids in by_product.items()
        }
        self._tell_quotations(by_product)
        self._tell_reordering(by_product)
        self._mark(among)

    @api.model
    def _tell_quotations(self, by_product):
        # As superuser: whoever keeps the catalogue need not see the quotations.
        lines = (
            self.env["sale.order.line"]
            .sudo()
            .search(
                [
                    ("product_id", "in", list(by_product)),
                    ("state", "in", ("draft", "sent")),
                ]
            )
        )
        for order, order_lines in lines.grouped("order_id").items():
            user = order.user_id or order.create_uid
            self._plan(
                order,
                user,
                [
                    (product, by_product[product.id])
                    for product in order_lines.product_id
                ],
            )

    @api.model
    def _tell_reordering(self, by_product):
        rules = (
            self.env["stock.warehouse.orderpoint"]
            .sudo()
            .search([("product_id", "in", list(by_product))])
        )
        for (product, company), own in rules.grouped(
            lambda rule: (rule.product_id, rule.company_id)
        ).items():
            product = product.with_company(company)
            user = (
                product.responsible_id
                or product.seller_ids.partner_id.buyer_id[:1]
                or own.create_uid[:1]
            )
            self._plan(product, user, [(product, by_product[product.id])], own)

    @api.model
    def _plan(self, document, user, concerned, rules=None):
        """Plan an activity on a document, or leave a note if nobody is in charge.

        :param concerned: list of pairs (product, successors)
        """
        document = document.with_context(
            lang=user.lang or self.env.lang, mail_activity_quick_update=True
        )
        env = document.env
        sentences = [
            self._get_sentence(env, product, successor)
            for product, successors in concerned
            for successor in successors.with_env(env)
        ]
        if rules:
            sentences.append(
                env._(
                    "It is still reordered: %(rules)s.",
                    rules=", ".join(rules.mapped("display_name")),
                )
            )
        note = Markup("<ul>%s</ul>") % Markup("").join(
            Markup("<li>%s</li>") % sentence for sentence in sentences
        )
        if user and not user.share and user.active:
            document.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=env._("Part number superseded"),
                note=note,
                user_id=user.id,
            )
        else:
            document.message_post(body=note)

    @api.model
    def _get_sentence(self, env, product, successor):
        values = {
            "part": product.with_env(env).display_name,
            "old": successor.old_number,
            "new": successor.new_number,
        }
        if successor.date:
            return env._(
                "%(part)s: number %(old)s is replaced by %(new)s since %(date)s.",
                date=format_date(env, successor.date),
                **values,
            )
        return env._("%(part)s: number %(old)s is replaced by %(new)s.", **values)
