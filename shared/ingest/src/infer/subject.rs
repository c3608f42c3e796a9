//! Whether a table is about sales at all.

use super::{
    band::{Band, Column},
    identity::Columns,
    meaning::{self, Meaning},
};
use crate::{Refusal, number, profile::Role};

/// What tables are that hold figures but no sales, and the words that say so.
const OTHERS: &[(Meaning, &str)] = &[
    (Meaning::Target, "targets or a forecast"),
    (Meaning::Stock, "stock"),
    (Meaning::Balance, "an account with balances"),
];
/// What so many columns of a kind make of a table, whatever other words it has.
const KINDS: &[(Meaning, usize, &str)] = &[
    (Meaning::Advertising, 2, "advertising figures"),
    (Meaning::Visits, 2, "figures of a web site"),
    (Meaning::Series, 3, "prices or rates over time"),
    (Meaning::Payroll, 2, "wages"),
    (Meaning::Bank, 2, "a bank statement"),
    (
        Meaning::Payout,
        1,
        "payouts or disputes of a payment provider, with fees and transfers: please send the orders report",
    ),
    (Meaning::Abandoned, 1, "checkouts that were abandoned"),
    (Meaning::SellIn, 1, "deliveries to a retailer (sell-in)"),
];
/// Words of titles and names that no sales report carries.
const OTHER_TITLES: &[(&str, &str)] = &[
    ("target", "targets"),
    ("targets", "targets"),
    ("budget", "a budget"),
    ("forecast", "a forecast"),
    ("pricelist", "a price list"),
    ("price list", "a price list"),
    ("prices", "a price list"),
    ("preisliste", "a price list"),
    ("tarif", "a price list"),
    ("stock", "stock"),
    ("inventory", "stock"),
    ("bestand", "stock"),
    ("purchase order", "purchase orders"),
    ("purchase orders", "purchase orders"),
    ("bank statement", "a bank statement"),
    ("kontoauszug", "a bank statement"),
    ("payouts", "payouts"),
    ("payout", "payouts"),
    ("disputes", "payment disputes"),
    ("dispute", "payment disputes"),
    ("chargebacks", "payment disputes"),
    ("chargeback", "payment disputes"),
    ("dashboard", "a dashboard"),
    ("exchange rates", "exchange rates"),
    ("fx rates", "exchange rates"),
    ("customers", "a list of customers"),
    ("survey", "a survey"),
    ("products", "a list of products"),
    ("catalogue", "a list of products"),
    ("catalog", "a list of products"),
    ("subscribers", "a list of customers"),
    ("calendar", "a calendar"),
    ("template", "an empty template"),
    ("budgets", "a budget"),
    ("sell in", "deliveries to a retailer (sell-in)"),
    ("sellin", "deliveries to a retailer (sell-in)"),
    ("abandoned", "checkouts that were abandoned"),
    ("salaries", "wages"),
    ("payroll", "wages"),
    ("payslips", "wages"),
    ("lohnjournal", "wages"),
    ("lohnabrechnung", "wages"),
    ("gehaltsabrechnung", "wages"),
    ("bulletin de paie", "wages"),
    ("livre de paie", "wages"),
    ("nóminas", "wages"),
    ("buste paga", "wages"),
    ("lista płac", "wages"),
    ("balance summary", "an account with balances"),
    ("trial balance", "an account with balances"),
    ("account statement", "an account with balances"),
    ("eingangsrechnungen", "invoices of suppliers"),
    ("rechnungseingang", "invoices of suppliers"),
    ("supplier invoices", "invoices of suppliers"),
    ("purchase invoices", "invoices of suppliers"),
    ("purchase ledger", "invoices of suppliers"),
    ("factures fournisseurs", "invoices of suppliers"),
    ("facturas recibidas", "invoices of suppliers"),
    ("fatture passive", "invoices of suppliers"),
    ("faktury zakupu", "invoices of suppliers"),
    ("fee preview", "fees"),
];

/// Refuses a table that holds no sales, with the reason.
pub(super) fn check(
    band: &Band,
    columns: &Columns<'_>,
    has_period: bool,
    // A person is asked for the figures.
    asked: bool,
    titles: &[String],
) -> Result<(), Refusal> {
    let has = |role: Role| columns.contains_key(&role);
    let mentions = |meaning: Meaning| band.columns.iter().any(|column| column.is(meaning));
    let identified =
        [Role::Ean, Role::Sku, Role::Code, Role::Name, Role::Store, Role::OrderId].into_iter().any(has);
    let sold = band.columns.iter().any(|column| says_sold(&column.title))
        || titles.iter().any(|title| says_sold(title));
    for (meaning, count, what) in KINDS {
        if band.having(*meaning).count() >= *count {
            return Err(not_sales(what));
        }
    }
    for (meaning, what) in OTHERS.iter().copied() {
        if mentions(meaning) && (!sold || meaning == Meaning::Target && !has_plain_figures(columns)) {
            return Err(not_sales(what));
        }
    }
    // One currency beside the other, day by day.
    const FEW_CURRENCIES: usize = 5;
    let is_currency = |column: &&Column| number::is_currency_code(column.title.trim());
    if band.columns.iter().filter(is_currency).count() >= FEW_CURRENCIES {
        return Err(not_sales("exchange rates"));
    }
    // A price stands in the place of the amount, and nothing says that or when anything was sold.
    let prices = [Meaning::UnitPrice, Meaning::Price, Meaning::ListPrice, Meaning::Cost];
    let is_priced =
        |role: Role| columns.get(&role).is_none_or(|column| prices.contains(&column.header.meaning));
    let priced = band.columns.iter().any(|column| prices.contains(&column.header.meaning));
    let undated = !has_period && !has(Role::OrderId) && !mentions(Meaning::Quantity) && !has(Role::Quantity);
    if priced && undated && is_priced(Role::Amount) {
        return Err(not_sales("prices"));
    }
    let purchased = band.having(Meaning::Purchase).count();
    if purchased >= 2 && !sold || purchased >= 1 && is_ledger(band, columns) {
        return Err(not_sales("purchase orders"));
    }
    let title = titles.iter().find_map(|title| {
        let title = format!(" {} ", crate::text::words(title).join(" "));
        OTHER_TITLES.iter().find(|(word, _)| title.contains(&format!(" {word} ")))
    });
    // Pieces, amounts and their time are sales, whatever a file with a word of stock in its name is called.
    let complete = has(Role::Quantity) && has(Role::Amount) && has_period;
    let planned = ["targets", "a budget", "a forecast", "purchase orders", "payouts"];
    let title = title.filter(|(_, what)| !complete || planned.contains(what));
    if let Some((_, what)) = title
        && !band.columns.iter().any(|column| says_sold(&column.title))
    {
        return Err(not_sales(what));
    }
    if !has_plain_figures(columns) && !has(Role::UnitPrice) && !asked {
        let prices =
            [Meaning::UnitPrice, Meaning::Price, Meaning::ListPrice, Meaning::Cost].into_iter().any(mentions);
        return Err(not_sales(if prices { "prices" } else { "a table without sold pieces or revenue" }));
    }
    if !has(Role::Quantity) && !has(Role::Amount) && !asked {
        return Err(not_sales("prices"));
    }
    if !identified && !has_period {
        return Err(not_sales("figures that belong to no product, store or order"));
    }
    Ok(())
}

/// Invoices of suppliers: no products, but a day on which they are due.
fn is_ledger(band: &Band, columns: &Columns<'_>) -> bool {
    let products = [Role::Ean, Role::Sku, Role::Code, Role::Name, Role::Quantity];
    !products.into_iter().any(|role| columns.contains_key(&role))
        && band.columns.iter().any(|column| column.is(Meaning::OtherDate) || column.is(Meaning::Bank))
}

fn has_plain_figures(columns: &Columns<'_>) -> bool {
    columns.contains_key(&Role::Quantity) || columns.contains_key(&Role::Amount)
}

/// Words that only stand over sales.
fn says_sold(text: &str) -> bool {
    const SOLD: &[&str] = &[
        "sold",
        "sales",
        "sale",
        "revenue",
        "turnover",
        "sellout",
        "netsales",
        "umsatz",
        "absatz",
        "abverkauf",
        "verkauf",
        "verkaufte",
        "verkaufsmenge",
        "order",
        "orders",
        "invoice",
        "bestellung",
        "rechnung",
        "ventes",
        "vente",
        "vendue",
        "vendues",
        "vendu",
        "commande",
        "ventas",
        "venta",
        "vendidas",
        "vendida",
        "pedido",
        "vendite",
        "venduto",
        "venduta",
        "venduti",
        "ordine",
        "omzet",
        "verkocht",
        "verkoop",
        "sprzedaz",
        "zamowienie",
        "vendas",
        "venda",
        "prodano",
        "satis",
        "продажи",
        "продажі",
        "forsaljning",
    ];
    crate::text::words(text).iter().any(|word| SOLD.contains(&meaning::plain(word).as_str()))
}

fn not_sales(what: &str) -> Refusal {
    Refusal::new("not_sales", format!("The file holds {what}, not sales. Nothing was booked."))
}
