//! What may be read: the views of schema `reporting`.

/// A view and its columns in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    pub name: &'static str,
    pub columns: &'static [&'static str],
}

/// The schema of the views.
pub const SCHEMA: &str = "reporting";

/// The column that says whose a row is. Days belong to nobody.
pub(crate) const TENANT: &str = "tenant_id";

/// Columns that only who may read costs can name.
pub(crate) const COSTS: [&str; 2] = ["cost_of_goods", "payment_fee"];

const SELLOUT: &[&str] = &[
    "id",
    "tenant_id",
    "reseller",
    "reseller_name",
    "store",
    "store_kind",
    "country",
    "city",
    "product_ean",
    "functional_name",
    "vendor_product_code",
    "printed_name",
    "quantity",
    "sales_local",
    "currency",
    "vat_included",
    "sales_eur",
    "rate",
    "rate_month",
    "rate_source",
    "is_derived",
    "line_class",
    "year",
    "quarter",
    "month",
    "day",
    "sale_date",
    "period_start",
    "period_end",
    "upload_id",
    "source_sheet",
    "source_row",
    "source_column",
];

/// All of them.
pub const VIEWS: [View; 8] = [
    View {
        name: "sales",
        columns: &[
            "id",
            "tenant_id",
            "channel",
            "vendor",
            "store",
            "store_kind",
            "country",
            "city",
            "product_ean",
            "functional_name",
            "quantity",
            "sales_local",
            "currency",
            "vat_included",
            "sales_eur",
            "line_class",
            "order_id",
            "year",
            "quarter",
            "month",
            "day",
            "upload_id",
            "source_sheet",
            "source_row",
            "source_column",
        ],
    },
    View { name: "sellout_entries", columns: SELLOUT },
    View { name: "sellout_entries2", columns: SELLOUT },
    View {
        name: "ecommerce_orders",
        columns: &[
            "id",
            "tenant_id",
            "shop",
            "order_id",
            "order_date",
            "store",
            "country",
            "city",
            "product_ean",
            "functional_name",
            "vendor_product_code",
            "printed_name",
            "quantity",
            "sales_local",
            "currency",
            "vat_included",
            "sales_eur",
            "rate",
            "rate_month",
            "rate_source",
            "cost_of_goods",
            "payment_fee",
            "is_gift",
            "line_class",
            "utm_source",
            "utm_medium",
            "utm_campaign",
            "device",
            "year",
            "quarter",
            "month",
            "day",
            "upload_id",
            "source_sheet",
            "source_row",
            "source_column",
        ],
    },
    View {
        name: "products",
        columns: &[
            "tenant_id",
            "product_ean",
            "functional_name",
            "sku",
            "product_name",
            "category",
            "kind",
            "size",
            "list_price_eur",
            "active",
        ],
    },
    View { name: "resellers", columns: &["tenant_id", "reseller", "reseller_name", "country"] },
    View { name: "stores", columns: &["tenant_id", "reseller", "store", "store_kind", "city", "country"] },
    View {
        name: "calendar",
        columns: &[
            "day",
            "year",
            "quarter",
            "month",
            "iso_year",
            "iso_week",
            "iso_weekday",
            "month_start",
            "quarter_start",
        ],
    },
];

impl View {
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        VIEWS.iter().find(|view| view.name == name)
    }

    pub(crate) fn has_tenant(&self) -> bool {
        self.columns.contains(&TENANT)
    }
}

/// What there is to ask, a view a line: for whoever writes statements.
#[must_use]
pub fn described() -> String {
    VIEWS.map(|view| format!("{}: {}\n", view.name, view.columns.join(", "))).concat()
}

pub(crate) fn names() -> String {
    VIEWS.map(|view| view.name).join(", ")
}
