# ruff: noqa: F821 (env is given by `odoo shell`)
"""After the addon: make the web client's files, so that the first page is quick."""

for bundle in ("web.assets_frontend", "web.assets_web"):
    files = env["ir.qweb"]._get_asset_bundle(bundle, css=True, js=True)
    files.js()
    files.css()
env.cr.commit()
