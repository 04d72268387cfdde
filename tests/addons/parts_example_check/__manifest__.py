{
    "name": "Auto Parts Sales: Example of a Check",
    "version": "19.0.1.0.0",
    "summary": "How an addon adds a check of its own to a gate",
    "author": "Auto Parts Sales contributors",
    "license": "LGPL-3",
    "category": "Hidden",
    "depends": ["auto_parts_sales"],
    "data": ["views/res_config_settings_views.xml"],
}
