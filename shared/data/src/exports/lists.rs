//! Lists as statements that Postgres copies out: which columns they have, and which rows are meant.

use std::borrow::Cow;

use domain::table::{Column, Kind};

use crate::{orders, products, sales};

/// A list, ready to be asked for.
pub(super) struct List {
    pub(super) columns: Vec<Column>,
    /// What stands for each column.
    expressions: Vec<&'static str>,
    from: &'static str,
    /// Conditions on the rows, `{}` standing for their value.
    conditions: Vec<(Cow<'static, str>, String)>,
    /// Begins and ends what holds the conditions, where they are not about the rows themselves.
    around: (&'static str, &'static str),
    order: &'static str,
}

impl List {
    pub(super) fn new(
        columns: &[(&'static str, Kind, &'static str)],
        from: &'static str,
        order: &'static str,
    ) -> Self {
        Self {
            columns: columns.iter().map(|(name, kind, _)| Column::new(name, *kind)).collect(),
            expressions: columns.iter().map(|(.., expression)| *expression).collect(),
            from,
            conditions: Vec::new(),
            around: ("", ""),
            order,
        }
    }

    fn when(mut self, condition: impl Into<Cow<'static, str>>, value: Option<impl ToString>) -> Self {
        self.conditions.extend(value.map(|value| (condition.into(), value.to_string())));
        self
    }

    /// The values of the conditions, to be quoted by the server.
    pub(super) fn values(&self) -> Vec<&str> {
        self.conditions.iter().map(|(_, value)| value.as_str()).collect()
    }

    /// The rows, with the values of the conditions quoted.
    pub(super) fn select(&self, quoted: &[String], at_most: Option<u32>) -> String {
        let limit = at_most.map(|rows| format!(" LIMIT {rows}")).unwrap_or_default();
        format!("SELECT {} {}{}{limit}", self.expressions.join(", "), self.meant(quoted), self.order)
    }

    /// How many rows that are.
    pub(super) fn count(&self, quoted: &[String]) -> String {
        format!("SELECT count(*) {}", self.meant(quoted))
    }

    fn meant(&self, quoted: &[String]) -> String {
        let mut sql = self.from.to_owned();
        let (begin, end) = if self.conditions.is_empty() { ("", "") } else { self.around };
        sql.push_str(begin);
        for ((condition, _), value) in self.conditions.iter().zip(quoted) {
            sql.push_str(" AND ");
            sql.push_str(&condition.replace("{}", value));
        }
        sql.push_str(end);
        sql
    }
}

pub(super) fn sales(filter: &sales::Filter) -> List {
    use Kind::{Date, Flag, Integer, Money, Number, Text};
    let columns = [
        ("id", Text, "id"),
        ("upload_id", Text, "upload_id"),
        ("vendor", Text, "vendor"),
        ("channel", Text, "channel"),
        ("store", Text, "store"),
        ("store_printed", Text, "store_printed"),
        ("store_kind", Text, "store_kind"),
        ("product_ean", Text, "product_ean"),
        ("product_match", Text, "product_match"),
        ("vendor_product_code", Text, "vendor_product_code"),
        ("product_name", Text, "product_name"),
        ("period_start", Date, "period_start"),
        ("period_end", Date, "period_end"),
        ("sale_date", Date, "sale_date"),
        ("counts_on", Date, "counts_on"),
        ("quantity", Number, "quantity"),
        ("amount_local", Money, "amount_local"),
        ("amount_derived", Flag, "(derived IS NOT NULL)::text"),
        ("currency", Text, "currency"),
        ("vat_included", Flag, "vat_included::text"),
        ("amount_eur", Money, "amount_eur"),
        ("fx_rate", Number, "rate"),
        ("fx_rate_month", Date, "rate_month"),
        ("fx_source", Text, "rate_source"),
        ("line_class", Text, "line_class"),
        ("order_id", Text, "order_id"),
        ("country", Text, "country"),
        ("city", Text, "city"),
        ("source_sheet", Text, "source_sheet"),
        ("source_row", Integer, "source_row"),
        ("source_column", Text, "source_column"),
    ];
    // In no order: the first rows leave at once, however many follow.
    List::new(&columns, "FROM sales WHERE true", "")
        .when(sales::of_upload(), filter.upload)
        .when("vendor = {}", filter.vendor.as_ref())
        .when("counts_on >= {}::date", filter.from)
        .when("counts_on <= {}::date", filter.to)
        .when("channel = {}", filter.channel.map(|channel| channel.as_str()))
        .when("store = {}", filter.store.as_ref())
        .when("product_ean = {}", filter.product.as_ref())
        .when("line_class = {}", filter.line_class.map(|class| class.as_str()))
}

pub(super) fn orders(filter: &orders::Filter, costs: bool) -> List {
    use Kind::{Date, Flag, Integer, Money, Number, Text};
    let mut columns = vec![
        ("vendor", Text, "o.vendor"),
        ("order_id", Text, "o.order_id"),
        ("id", Text, "o.id"),
        ("upload_id", Text, "o.upload_id"),
        ("day", Date, "o.counts_on"),
        ("store", Text, "coalesce(s.name, o.store)"),
        ("product_ean", Text, "o.product_ean"),
        ("vendor_product_code", Text, "o.vendor_product_code"),
        ("product_name", Text, "o.product_name"),
        ("quantity", Number, "o.quantity"),
        ("amount_local", Money, "o.amount_local"),
        ("currency", Text, "o.currency"),
        ("vat_included", Flag, "o.vat_included::text"),
        ("amount_eur", Money, "o.amount_eur"),
        ("line_class", Text, "o.line_class"),
        ("is_gift", Flag, "o.is_gift::text"),
    ];
    if costs {
        columns.push(("cost_of_goods", Money, "c.cost_of_goods"));
        columns.push(("payment_fee", Money, "c.payment_fee"));
    }
    columns.extend([
        ("country", Text, "coalesce(s.country, o.country)"),
        ("city", Text, "coalesce(s.city, o.city)"),
        ("utm_source", Text, "o.utm_source"),
        ("utm_medium", Text, "o.utm_medium"),
        ("utm_campaign", Text, "o.utm_campaign"),
        ("device", Text, "o.device"),
        ("source_sheet", Text, "o.source_sheet"),
        ("source_row", Integer, "o.source_row"),
    ]);
    let from = "FROM ecommerce_orders o
        LEFT JOIN stores s ON s.org_id = o.org_id AND s.id = o.store_id
        LEFT JOIN ecommerce_costs c ON c.org_id = o.org_id AND c.id = o.id
        WHERE o.active";
    let mut list = List::new(&columns, from, " ORDER BY o.vendor, o.order_id, o.counts_on, o.id")
        .when("f.vendor = {}", filter.vendor.as_ref())
        .when("f.order_id = {}", filter.order.as_ref())
        .when("f.counts_on >= {}::date", filter.from)
        .when("f.counts_on <= {}::date", filter.to)
        .when("f.product_ean = {}", filter.product.as_ref())
        .when("coalesce(t.country, f.country) = {}", filter.country.as_ref())
        .when("f.utm_source = {}", filter.utm_source.as_ref());
    list.around = (
        " AND (o.vendor, o.order_id) IN (
            SELECT f.vendor, f.order_id FROM ecommerce_orders f LEFT JOIN stores t ON t.org_id = f.org_id AND t.id = f.store_id
            WHERE f.active",
        ")",
    );
    list
}

pub(super) fn products(filter: &products::Filter) -> List {
    use Kind::{Flag, Integer, Money, Text, Time};
    let columns = [
        ("ean", Text, "ean"),
        ("sku", Text, "sku"),
        ("name", Text, "name"),
        ("category", Text, "category"),
        ("kind", Text, "kind"),
        ("size", Text, "size"),
        ("list_price_eur", Money, "list_price_eur"),
        ("active", Flag, "active::text"),
        ("version", Integer, "version"),
        ("created_at", Time, r#"to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"#),
        ("updated_at", Time, r#"to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"#),
    ];
    List::new(&columns, "FROM products WHERE true", " ORDER BY ean")
        .when("position(lower({}) IN lower(concat_ws(' ', ean, sku, name))) > 0", filter.text.as_ref())
        .when("category = {}", filter.category.as_ref())
        .when("kind = {}", filter.kind.map(products::kind_word))
        .when("active = {}::boolean", filter.active)
}
