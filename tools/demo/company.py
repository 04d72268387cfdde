# ruff: noqa: F821 (env is given by `odoo shell`)
"""Before the addon: a Chinese company on Odoo's Chinese chart, without core's demo.

An addon's demo data is loaded if everything below it has demo data. Core's would fill
the lists with furniture, so core's apps only get marked as if they had it.
"""

company = env.ref("base.main_company")
company.country_id = env.ref("base.cn")
env["ir.module.module"].search(
    [("name", "=", "l10n_cn"), ("state", "!=", "installed")]
).button_immediate_install()
env["account.chart.template"].try_loading("cn", company, install_demo=False)
env["res.lang"]._activate_lang("zh_CN")
env["base.language.install"].create(
    {"lang_ids": env.ref("base.lang_zh_CN").ids, "overwrite": False}
).lang_install()
env.cr.execute("UPDATE ir_module_module SET demo = TRUE WHERE state = 'installed'")
env.cr.commit()
