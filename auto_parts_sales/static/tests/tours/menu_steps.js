import { stepUtils } from "@web_tour/tour_utils";

/** Steps to an entry of the app's menu. */
export function openMenu(section, entry) {
    return [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open the app",
            trigger: ".o_app[data-menu-xmlid='auto_parts_sales.parts_menu_root']",
            run: "click",
        },
        {
            content: "Open the section of the menu",
            trigger: `.o_menu_sections [data-menu-xmlid='auto_parts_sales.${section}']`,
            run: "click",
        },
        {
            content: "Open the entry",
            trigger: `.o-dropdown--menu [data-menu-xmlid='auto_parts_sales.${entry}']`,
            run: "click",
        },
    ];
}
