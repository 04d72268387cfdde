{
    "name": "Auto Parts Sales",
    "version": "19.0.1.0.0",
    "summary": "OE numbers, vehicle fitment, enquiries, credit approval and"
    " commission on collected money for auto-parts traders",
    "author": "Auto Parts Sales contributors",
    "license": "LGPL-3",
    "category": "Sales",
    "application": True,
    "depends": [
        "sale_management",
        "sale_stock",
        "sale_crm",
        "sale_purchase_stock",
        "stock_delivery",
        "account_debit_note",
        "rating",
    ],
    "data": [
        # security
        "security/parts_groups.xml",
        "security/ir.model.access.csv",
        "security/parts_rules.xml",
        # approval
        "data/parts_approval_data.xml",
        "report/parts_approval_report.xml",
        "data/parts_approval_hold_data.xml",
        "data/parts_approval_duty_data.xml",
        "report/parts_approval_rule_report.xml",
        "views/parts_approval_templates.xml",
        "views/parts_approval_rule_views.xml",
        "views/parts_approval_limit_views.xml",
        "views/parts_approval_substitute_views.xml",
        "views/parts_approval_duty_views.xml",
        "views/parts_approval_views.xml",
        "wizard/parts_approval_views.xml",
        "wizard/parts_approval_approve_views.xml",
        "wizard/base_module_uninstall_views.xml",
        # catalog
        "data/parts_catalog_notice_data.xml",
        "views/parts_catalog_views.xml",
        "views/product_views.xml",
        # Extends the two before it
        "views/parts_catalog_supersession_views.xml",
        # enquiry
        "views/parts_enquiry_line_views.xml",
        "views/crm_lead_views.xml",
        # quotation
        "report/sale_report_templates.xml",
        "views/sale_order_views.xml",
        "views/sale_portal_templates.xml",
        # credit
        "views/parts_credit_file_views.xml",
        # commission
        "data/parts_commission_data.xml",
        "report/parts_commission_statement_report.xml",
        "wizard/parts_commission_draw_views.xml",
        # Define entry views before their references
        "views/parts_commission_entry_views.xml",
        "views/parts_commission_basis_views.xml",
        "views/parts_commission_statement_views.xml",
        "views/parts_commission_plan_views.xml",
        "views/parts_commission_issue_views.xml",
        "views/account_move_views.xml",
        "views/account_payment_views.xml",
        # settings
        "views/res_config_settings_views.xml",
        "views/res_users_views.xml",
        # Last because it references actions defined in previous files
        "views/parts_menus.xml",
    ],
    "demo": [
        "demo/parts_users_demo.xml",
        "demo/res.partner.csv",
        "demo/product.category.csv",
        "demo/parts.catalog.source.csv",
        "demo/parts.catalog.make.group.csv",
        "demo/parts.catalog.make.csv",
        "demo/parts.catalog.model.csv",
        "demo/parts.catalog.vehicle.csv",
        "demo/parts.catalog.brand.csv",
        "demo/product.product.csv",
        # The translations of the products' names
        "demo/product.template.csv",
        "demo/product.supplierinfo.csv",
        "demo/parts.catalog.number.csv",
        "demo/parts.catalog.fitment.csv",
        "demo/parts.credit.file.csv",
        "demo/stock.quant.csv",
        "demo/parts_stock_credit_demo.xml",
        "demo/parts_documents_demo.xml",
    ],
    "assets": {
        "web.assets_tests": ["auto_parts_sales/static/tests/tours/**/*"],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
