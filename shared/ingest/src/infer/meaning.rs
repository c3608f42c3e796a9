//! What header words mean. The words are data: `lexicon.txt`.

use std::{collections::HashMap, sync::LazyLock};

use crate::{number, text};

/// What a column may hold, finer than the roles of a layout: much of it is only known to be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Meaning {
    Ean,
    Sku,
    Code,
    Name,
    /// A group of products.
    Category,
    Store,
    StoreCode,
    /// Where a store would stand in other files: a marketplace, a reseller.
    Channel,
    Quantity,
    ReturnedQuantity,
    Amount,
    AmountIncl,
    AmountExcl,
    /// Before discounts and returns.
    GrossSales,
    UnitPrice,
    /// Of one piece or of the line.
    Price,
    ListPrice,
    Cost,
    Margin,
    Tax,
    TaxRate,
    Discount,
    Shipping,
    ShippingTax,
    Tip,
    Fee,
    /// What a payment provider pays out.
    Settled,
    Balance,
    Refund,
    Currency,
    ConvertedCurrency,
    Date,
    OtherDate,
    Time,
    Year,
    Month,
    Week,
    WeekEnding,
    WeekStarting,
    Period,
    OrderId,
    LineId,
    Status,
    LineType,
    AmountType,
    Country,
    City,
    /// Names, addresses and the like: never read.
    Person,
    Stock,
    Target,
    Purchase,
    Comparison,
    Ratio,
    VatIncl,
    VatExcl,
    /// Yes where the row does not count.
    Void,
    /// Codes and marks that name neither products nor orders.
    Coupon,
    Advertising,
    Visits,
    /// Prices or rates over time.
    Series,
    Payroll,
    Bank,
    /// What a payment provider transfers or disputes.
    Payout,
    Abandoned,
    /// Deliveries to the retailer.
    SellIn,
    Unknown,
}

const NAMES: &[(&str, Meaning)] = &[
    ("ean", Meaning::Ean),
    ("sku", Meaning::Sku),
    ("code", Meaning::Code),
    ("name", Meaning::Name),
    ("category", Meaning::Category),
    ("store", Meaning::Store),
    ("channel", Meaning::Channel),
    ("store_code", Meaning::StoreCode),
    ("quantity", Meaning::Quantity),
    ("returned_quantity", Meaning::ReturnedQuantity),
    ("amount", Meaning::Amount),
    ("amount_incl", Meaning::AmountIncl),
    ("amount_excl", Meaning::AmountExcl),
    ("gross_sales", Meaning::GrossSales),
    ("unit_price", Meaning::UnitPrice),
    ("price", Meaning::Price),
    ("list_price", Meaning::ListPrice),
    ("cost", Meaning::Cost),
    ("margin", Meaning::Margin),
    ("tax", Meaning::Tax),
    ("tax_rate", Meaning::TaxRate),
    ("discount", Meaning::Discount),
    ("shipping", Meaning::Shipping),
    ("shipping_tax", Meaning::ShippingTax),
    ("tip", Meaning::Tip),
    ("fee", Meaning::Fee),
    ("settled", Meaning::Settled),
    ("balance", Meaning::Balance),
    ("refund", Meaning::Refund),
    ("currency", Meaning::Currency),
    ("converted_currency", Meaning::ConvertedCurrency),
    ("date", Meaning::Date),
    ("other_date", Meaning::OtherDate),
    ("time", Meaning::Time),
    ("year", Meaning::Year),
    ("month", Meaning::Month),
    ("week", Meaning::Week),
    ("week_ending", Meaning::WeekEnding),
    ("week_starting", Meaning::WeekStarting),
    ("period", Meaning::Period),
    ("order_id", Meaning::OrderId),
    ("line_id", Meaning::LineId),
    ("status", Meaning::Status),
    ("line_type", Meaning::LineType),
    ("amount_type", Meaning::AmountType),
    ("country", Meaning::Country),
    ("city", Meaning::City),
    ("person", Meaning::Person),
    ("stock", Meaning::Stock),
    ("target", Meaning::Target),
    ("purchase", Meaning::Purchase),
    ("comparison", Meaning::Comparison),
    ("ratio", Meaning::Ratio),
    ("vat_incl", Meaning::VatIncl),
    ("vat_excl", Meaning::VatExcl),
    ("void", Meaning::Void),
    ("coupon", Meaning::Coupon),
    ("advertising", Meaning::Advertising),
    ("visits", Meaning::Visits),
    ("series", Meaning::Series),
    ("payroll", Meaning::Payroll),
    ("bank", Meaning::Bank),
    ("payout", Meaning::Payout),
    ("abandoned", Meaning::Abandoned),
    ("sell_in", Meaning::SellIn),
    ("unknown", Meaning::Unknown),
];

impl Meaning {
    /// Its name in the lexicon.
    pub(super) fn name(self) -> &'static str {
        NAMES.iter().find(|(_, meaning)| *meaning == self).map_or("unknown", |(name, _)| name)
    }
}

/// Meanings that change what a header says, whatever else stands in it: `Sales LY` is no sales of this period.
const CHANGING: &[Meaning] = &[
    Meaning::Target,
    Meaning::SellIn,
    Meaning::Coupon,
    Meaning::Comparison,
    Meaning::Ratio,
    Meaning::Stock,
    Meaning::Cost,
    Meaning::Margin,
    Meaning::ShippingTax,
    Meaning::Shipping,
    Meaning::Tip,
    Meaning::Fee,
    Meaning::ReturnedQuantity,
    Meaning::Refund,
    Meaning::Tax,
    Meaning::Discount,
    Meaning::ListPrice,
];

/// Words shorter than this mean something only where they are the whole header.
const MIN_PART_CHARS: usize = 4;
/// Short words that are safe within a longer header.
const SHORT_PARTS: &[&str] = &[
    "ean", "upc", "sku", "qty", "pcs", "szt", "stk", "uds", "vat", "tax", "fee", "tip", "iva", "btw", "tva",
    "ndc", "plu", "pos", "ytd", "mtd", "lw", "ly", "py", "po", "soh", "шт", "кол", "ca", "st", "ks", "kw",
];
/// Headers are cut here: longer texts are prose.
const MAX_WORDS: usize = 10;

static LEXICON: LazyLock<HashMap<String, Vec<Meaning>>> = LazyLock::new(|| {
    let mut words: HashMap<String, Vec<Meaning>> = HashMap::new();
    let lines = include_str!("lexicon.txt").lines().filter(|line| !line.starts_with('#'));
    for (name, phrases) in lines.filter_map(|line| line.split_once(':')) {
        let Some((_, meaning)) = NAMES.iter().find(|(other, _)| *other == name.trim()) else { continue };
        for phrase in phrases.split('|') {
            let known = words.entry(key(phrase)).or_default();
            if !known.contains(meaning) {
                known.push(*meaning);
            }
        }
    }
    words.remove("");
    words
});

/// What a header was understood to say.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Header {
    pub(super) meaning: Meaning,
    /// The whole header is a known word, not only a part of it.
    pub(super) exact: bool,
    /// Whether the header says that VAT is included.
    pub(super) vat: Option<bool>,
    pub(super) currency: Option<&'static str>,
}

/// Whether a header mentions a meaning at all.
pub(super) fn mentions(header: &str, meaning: Meaning) -> bool {
    windows(&words_of(header)).any(|(part, _)| LEXICON.get(&part).is_some_and(|all| all.contains(&meaning)))
}

/// The same for a title, in which `sales` names the report and no figure.
pub(super) fn mentions_figure(title: &str, meaning: Meaning) -> bool {
    const OF_REPORTS: [&str; 12] = [
        "sales",
        "sale",
        "sellout",
        "sell",
        "ventes",
        "ventas",
        "vendite",
        "verkopen",
        "sprzedaz",
        "prodej",
        "forsaljning",
        "vendas",
    ];
    let words: Vec<String> =
        words_of(title).into_iter().filter(|word| !OF_REPORTS.contains(&word.as_str())).collect();
    windows(&words).any(|(part, _)| LEXICON.get(&part).is_some_and(|all| all.contains(&meaning)))
        || meaning == Meaning::Amount && number::currency_of(title).is_some()
}

/// Reads a header.
pub(super) fn of_header(header: &str) -> Header {
    let currency = number::currency_of(header);
    if let Some(meaning) = whole(&key(header)) {
        let vat = vat_of(&words_of(header)).1;
        return Header { meaning, exact: true, vat, currency };
    }
    let (rest, vat) = vat_of(&without_currency(&words_of(header)));
    let exact = whole(&rest.concat());
    let meaning = exact.or_else(|| part_of(&rest));
    // `Nettoumsatz in CHF`: prepositions say nothing.
    let says_nothing = rest.iter().all(|word| word.chars().count() <= 2);
    let bare = if says_nothing && vat.is_some() { Some(Meaning::Amount) } else { None };
    Header { meaning: meaning.or(bare).unwrap_or(Meaning::Unknown), exact: exact.is_some(), vat, currency }
}

/// Whether a header stands over what was taken back.
pub(super) fn is_of_returns(header: &str) -> bool {
    matches!(of_header(header).meaning, Meaning::ReturnedQuantity | Meaning::Refund)
}

/// Whether VAT is included, as far as a text says.
pub(super) fn vat_in(text: &str) -> Option<bool> {
    vat_of(&words_of(text)).1
}

fn whole(key: &str) -> Option<Meaning> {
    LEXICON.get(key)?.iter().copied().find(|meaning| !matches!(meaning, Meaning::VatIncl | Meaning::VatExcl))
}

/// The longest known phrase in a header, unless a word changes what it says.
fn part_of(words: &[String]) -> Option<Meaning> {
    let hits: Vec<(usize, Meaning)> = windows(words)
        .filter_map(|(part, count)| Some((count * 100 + part.chars().count(), whole(&part)?)))
        .collect();
    let changing = CHANGING.iter().copied().find(|meaning| hits.iter().any(|(_, hit)| hit == meaning));
    changing.or_else(|| hits.into_iter().max_by_key(|(length, _)| *length).map(|(_, meaning)| meaning))
}

/// Runs of words, written together, with their number.
fn windows(words: &[String]) -> impl Iterator<Item = (String, usize)> {
    let near = words.get(..words.len().min(MAX_WORDS)).unwrap_or_default();
    (1..=near.len()).rev().flat_map(move |count| {
        near.windows(count).filter_map(move |window| {
            let part = window.concat();
            let long = part.chars().count() >= MIN_PART_CHARS || SHORT_PARTS.contains(&part.as_str());
            long.then_some((part, count))
        })
    })
}

/// The words without those about VAT, and what these say.
fn vat_of(words: &[String]) -> (Vec<String>, Option<bool>) {
    for count in (1..=words.len().min(3)).rev() {
        for (at, window) in words.windows(count).enumerate() {
            let meanings = LEXICON.get(&window.concat());
            let says = |meaning| meanings.is_some_and(|all| all.contains(&meaning));
            let vat = match () {
                () if says(Meaning::VatIncl) => true,
                () if says(Meaning::VatExcl) => false,
                () => continue,
            };
            let mut rest = words.to_vec();
            rest.drain(at..at + count);
            return (rest, Some(vat));
        }
    }
    (words.to_vec(), None)
}

fn without_currency(words: &[String]) -> Vec<String> {
    let is_code = |word: &String| number::is_currency_code(&word.to_uppercase());
    words.iter().filter(|word| !is_code(word)).cloned().collect()
}

fn words_of(text: &str) -> Vec<String> {
    let mut words: Vec<String> =
        text::words(text).iter().map(|word| plain(word)).filter(|word| !word.is_empty()).collect();
    let summed = OF_PIVOTS.iter().find(|front| words.len() > front.len() && words.starts_with(&own(front)));
    words.drain(..summed.map_or(0, |front| front.len()));
    words
}

fn own(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Pivot tables head their sums this way: `Sum of Sales`.
const OF_PIVOTS: [&[&str]; 12] = [
    &["sum", "of"],
    &["summe", "von"],
    &["somme", "de"],
    &["suma", "de"],
    &["suma", "z"],
    &["som", "van"],
    &["somma", "di"],
    &["soma", "de"],
    &["soucet", "z"],
    &["summa", "av"],
    &["sum", "af"],
    &["сумма", "по", "полю"],
];

fn key(text: &str) -> String {
    plain(&text::compact(text))
}

/// Latin letters without their accents.
pub(super) fn plain(word: &str) -> String {
    let mut plain = String::with_capacity(word.len());
    for c in word.chars() {
        match FOLDED.iter().find(|(accented, _)| accented.contains(c)) {
            Some((_, base)) => plain.push_str(base),
            // Combining accents of decomposed letters.
            None if ('\u{300}'..='\u{36f}').contains(&c) => {}
            None => plain.push(c),
        }
    }
    plain
}

const FOLDED: [(&str, &str); 22] = [
    ("àáâãäåāăą", "a"),
    ("çćĉċč", "c"),
    ("ďđð", "d"),
    ("èéêëēĕėęě", "e"),
    ("ĝğġģ", "g"),
    ("ĥħ", "h"),
    ("ìíîïĩīĭįı", "i"),
    ("ĵ", "j"),
    ("ķ", "k"),
    ("ĺļľŀł", "l"),
    ("ñńņňŉ", "n"),
    ("òóôõöøōŏő", "o"),
    ("ŕŗř", "r"),
    ("śŝşšș", "s"),
    ("ţťŧț", "t"),
    ("ùúûüũūŭůűų", "u"),
    ("ŵ", "w"),
    ("ýÿŷ", "y"),
    ("źżž", "z"),
    ("æ", "ae"),
    ("œ", "oe"),
    ("ß", "ss"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_many_languages_are_understood() {
        for (header, meaning) in [
            ("Lineitem quantity", Meaning::Quantity),
            ("Qty Sold", Meaning::Quantity),
            ("Verkaufte Stück", Meaning::Quantity),
            ("Quantité vendue", Meaning::Quantity),
            ("Ilość (szt.)", Meaning::Quantity),
            ("Кол-во", Meaning::Quantity),
            ("Sales Amount (GBP)", Meaning::Amount),
            ("Umsatz (brutto)", Meaning::AmountIncl),
            ("Chiffre d'affaires HT", Meaning::AmountExcl),
            ("Montant TTC", Meaning::AmountIncl),
            ("Sales LY", Meaning::Comparison),
            ("Sales Target", Meaning::Target),
            ("Stock Qty", Meaning::Stock),
            ("Customer Name", Meaning::Person),
            ("Shipping Name", Meaning::Person),
            ("Billing Country", Meaning::Country),
            ("Order Date", Meaning::Date),
            ("Bestellnummer", Meaning::Code),
            ("EAN-13", Meaning::Ean),
            ("UnitPrice", Meaning::UnitPrice),
            ("Colour", Meaning::Unknown),
        ] {
            assert_eq!(of_header(header).meaning, meaning, "{header}");
        }
    }

    #[test]
    fn vat_words_and_currencies_are_read_beside_the_meaning() {
        let header = of_header("Total price (incl. VAT) GBP");
        assert_eq!((header.meaning, header.vat, header.currency), (Meaning::Amount, Some(true), Some("GBP")));
        assert_eq!(of_header("Omzet excl. btw").vat, Some(false));
        assert_eq!(of_header("Amount").vat, None);
    }

    #[test]
    fn every_line_of_the_lexicon_has_a_meaning() {
        for line in include_str!("lexicon.txt")
            .lines()
            .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        {
            let name = line.split_once(':').unwrap().0;
            assert!(NAMES.iter().any(|(other, _)| *other == name), "{name}");
        }
    }
}
