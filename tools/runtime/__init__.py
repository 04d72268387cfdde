"""Odoo, its Python environment, PostgreSQL and databases, in the folder .runtime.

Everything here is standard library: it runs before anything is installed.
"""
