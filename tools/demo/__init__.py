"""Scripts run in `odoo shell` while the demo database is made."""
