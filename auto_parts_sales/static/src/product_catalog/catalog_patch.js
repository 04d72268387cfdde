import { ProductCatalogKanbanController } from "@product/product_catalog/kanban_controller";
import { ProductCatalogKanbanModel } from "@product/product_catalog/kanban_model";
import { ProductCatalogKanbanRecord } from "@product/product_catalog/kanban_record";
import { ProductCatalogSaleOrderLine } from "@sale_stock/product_catalog/sale_order_line/sale_order_line";
import { SearchModel } from "@web/search/search_model";
import { patch } from "@web/core/utils/patch";

import { CatalogVehicle } from "./catalog_vehicle";

/** What the server adds to a card's data is shown by the card, not by the order line. */
patch(ProductCatalogSaleOrderLine, {
    props: { ...ProductCatalogSaleOrderLine.props, "*": true },
});

patch(SearchModel.prototype, {
    /** @param {{vehicle?: object | false, only?: boolean}} values */
    setPartsVehicle(values) {
        this.partsVehicle = { ...this.partsVehicle, ...values };
        this._notify();
    },
});

patch(ProductCatalogKanbanController.prototype, {
    setup() {
        // The server names it only for a quotation and where there is a catalogue
        const chosen = this.props.context.parts_catalog_vehicle;
        if (chosen) {
            const { customer_id, vehicle } = chosen;
            this.env.searchModel.partsVehicle ||= {
                vehicle,
                customerId: customer_id,
                only: Boolean(vehicle),
            };
            this.partsCatalogVehicle = CatalogVehicle;
        }
        super.setup();
    },
});

patch(ProductCatalogKanbanModel.prototype, {
    async _loadData(params) {
        const { vehicle, only } = this.env.searchModel.partsVehicle || {};
        if (!vehicle || !only) {
            return super._loadData(...arguments);
        }
        const { domain } = params;
        const listed = ["parts_vehicle_id", "=", vehicle.id];
        const narrowed = { ...params, domain: [...(domain || []), listed] };
        const data = await super._loadData(narrowed);
        // what loading noted in the configuration (offset, limit, groups) is kept there
        Object.assign(params, narrowed, { domain });
        return data;
    },

    _getOrderLinesInfoParams(params, productIds) {
        const chosen = this.env.searchModel.partsVehicle;
        return {
            ...super._getOrderLinesInfoParams(params, productIds),
            // false: the order's vehicle was taken out here
            ...(chosen && { parts_vehicle_id: chosen.vehicle?.id || false }),
        };
    },
});

patch(ProductCatalogKanbanRecord.prototype, {
    /** Lets the card's template read what the server says of the part. */
    get renderingContext() {
        return { ...super.renderingContext, partsCard: this.productCatalogData?.parts };
    },

    _getUpdateQuantityAndGetPriceParams() {
        const vehicle = this.env.searchModel.partsVehicle?.vehicle;
        return {
            ...super._getUpdateQuantityAndGetPriceParams(),
            ...(vehicle && { parts_vehicle_id: vehicle.id }),
        };
    },
});
