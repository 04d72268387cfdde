"""Checks of `make lint` that need Odoo."""
