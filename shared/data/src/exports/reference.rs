//! Lists of reference data, whole. Those that are imported have the columns of their import, so that a file can come back.

use domain::table::Kind::{Date, Money, Number, Text, Time};

use super::lists::List;

const CREATED_AT: &str = r#"to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"#;

/// What vendors' words stand for now.
pub(super) fn aliases() -> List {
    let columns = [
        ("id", Text, "id"),
        ("vendor", Text, "vendor"),
        ("alias", Text, "alias"),
        ("ean", Text, "ean"),
        ("source", Text, "source"),
        ("created_at", Time, CREATED_AT),
    ];
    List::new(&columns, "FROM product_aliases WHERE withdrawn_at IS NULL", " ORDER BY vendor, alias")
}

pub(super) fn prices() -> List {
    let columns = [
        ("ean", Text, "ean"),
        ("price_eur", Money, "price_eur"),
        ("valid_from", Date, "valid_from"),
        ("valid_to", Date, "valid_to"),
    ];
    List::new(&columns, "FROM product_prices WHERE true", " ORDER BY ean, valid_from")
}

pub(super) fn fx_rates() -> List {
    let columns = [
        ("month", Text, "to_char(month, 'YYYY-MM')"),
        ("currency", Text, "currency"),
        ("eur_per_unit", Number, "eur_per_unit"),
        ("source", Text, "source"),
    ];
    List::new(&columns, "FROM fx_rates WHERE true", " ORDER BY currency, month")
}

pub(super) fn vendors() -> List {
    let columns = [
        ("key", Text, "key"),
        ("name", Text, "name"),
        ("country", Text, "country"),
        ("contact_email", Text, "contact_email"),
        ("created_at", Time, CREATED_AT),
    ];
    List::new(&columns, "FROM vendors WHERE true", " ORDER BY key")
}

pub(super) fn stores() -> List {
    let columns = [
        ("id", Text, "id"),
        ("vendor", Text, "vendor"),
        ("name", Text, "name"),
        ("kind", Text, "kind"),
        ("city", Text, "city"),
        ("country", Text, "country"),
        ("created_at", Time, CREATED_AT),
    ];
    List::new(&columns, "FROM stores WHERE true", " ORDER BY vendor, name")
}

pub(super) fn known_gaps() -> List {
    let columns = [
        ("id", Text, "id"),
        ("vendor", Text, "vendor"),
        ("first_day", Date, "first_day"),
        ("last_day", Date, "last_day"),
        ("reason", Text, "reason"),
        ("created_at", Time, CREATED_AT),
    ];
    List::new(&columns, "FROM known_gaps WHERE true", " ORDER BY vendor, first_day")
}
