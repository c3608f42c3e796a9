//! What holds for the whole file: whose it is, and in which currency.

use domain::Currency;

use super::{
    band::Band,
    findings::{Choice, Findings},
    identity::{Columns, best},
    meaning::{self, Meaning},
};
use crate::{Input, Profile, Profiles, number, profile::Role, text};

/// Vendor key and name.
pub(super) struct Vendor {
    pub(super) key: String,
    pub(super) name: String,
}

/// Placeholder until a person has said whose file it is.
const NOBODY: &str = "unknown";
/// Words of file names that name no vendor.
const NO_NAMES: &[&str] = &[
    "sales",
    "sale",
    "sellout",
    "sell",
    "out",
    "report",
    "export",
    "orders",
    "order",
    "data",
    "weekly",
    "monthly",
    "daily",
    "week",
    "month",
    "year",
    "csv",
    "xlsx",
    "xls",
    "xlsm",
    "txt",
    "tsv",
    "copy",
    "final",
    "new",
    "total",
    "detail",
    "details",
    "summary",
    "by",
    "and",
    "the",
    "of",
    "per",
    "for",
    "product",
    "products",
    "item",
    "items",
    "store",
    "stores",
    "all",
    "transactions",
    "transaction",
    "items",
    "sheet",
    "umsatz",
    "abverkauf",
    "verkauf",
    "ventes",
    "ventas",
    "vendite",
    "verkoop",
    "sprzedaz",
    "raport",
    "rapport",
    "bericht",
    "informe",
    "period",
    "kw",
    "q",
    "w",
    "unit",
    "units",
    "revenue",
    "invoice",
    "sold",
    "activity",
    "payments",
    "corrected",
    "update",
    "list",
    "sample",
    "p",
    "v",
    "to",
];

pub(super) fn vendor(
    band: &Band,
    input: &Input<'_>,
    known: Option<&Profile>,
    profiles: &Profiles,
    titles: &[String],
    findings: &mut Findings<'_>,
) -> Vendor {
    if let Some(profile) = known {
        findings.found("vendor", &profile.vendor, 0.9, "named by a person");
        if input.answer("vendor").is_none() && findings.answer("confirm").is_none() {
            let message =
                format!("This is not a layout of {} that is known. Is the file really theirs?", profile.name);
            let yes = Choice::new("yes", "Yes, it is a new layout", "read as the proposal says");
            findings.ask("confirm", "layout_confirm", &message, None, vec![yes]);
        }
        return Vendor { key: profile.vendor.clone(), name: profile.name.clone() };
    }
    if let Some(told) = input.answer("vendor").or(input.vendor_hint) {
        let key = vendor_key(told);
        if !key.is_empty() {
            findings.told("vendor", &key);
            return Vendor { key, name: told.trim().to_owned() };
        }
    }
    let mut choices: Vec<Choice> = Vec::new();
    let mut offer = |name: &str, evidence: &str| {
        let value = vendor_key(name);
        if !value.is_empty() && !choices.iter().any(|choice| choice.value == value) {
            choices.push(Choice::new(value, name, evidence));
        }
    };
    let channel = best(band, Meaning::Channel, |column| column.facts.distinct.len() == 1);
    if let Some(name) = channel.and_then(|column| column.facts.distinct.iter().next()) {
        offer(name, "stands in the column of the reseller");
    }
    let stem = input.file_name.rsplit_once('.').map_or(input.file_name, |(stem, _)| stem);
    let words = text::words(stem);
    let names: Vec<&String> = words
        .iter()
        .filter(|word| word.chars().all(char::is_alphabetic) && !NO_NAMES.contains(&word.as_str()))
        .filter(|word| word.chars().count() > 2 && crate::month::by_name(word).is_none())
        .collect();
    if !names.is_empty() {
        offer(
            &names.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(" "),
            "stands in the file name",
        );
        names.iter().for_each(|name| offer(name, "stands in the file name"));
    }
    for title in titles.iter().skip(1).take(3) {
        offer(&text::shorten(title, 40), "stands above the table or names its sheet");
    }
    for profile in profiles.iter() {
        offer(&profile.name, "a known vendor; the columns are not its usual ones");
    }
    let message = "The sender of this file was not recognised. Whose sales are these? A new name is fine.";
    findings.ask("vendor", "vendor_unknown", message, None, choices);
    Vendor { key: NOBODY.to_owned(), name: "Unknown".to_owned() }
}

/// Answer for amounts that carry their own currency.
const BY_SIGN: &str = "by_sign";

/// A key in the form of the shipped ones.
fn vendor_key(name: &str) -> String {
    text::words(name).iter().map(|word| super::meaning::plain(word)).collect::<Vec<_>>().join("_")
}

/// Whether amounts include VAT, where their column does not say.
pub(super) fn vat(titles: &[String], known: Option<&Profile>) -> Option<bool> {
    titles.iter().find_map(|title| meaning::vat_in(title)).or_else(|| known?.vat_included)
}

/// The currency of all amounts; `None` when a column says it row by row or nothing has amounts.
pub(super) fn currency<'b>(
    band: &'b Band,
    columns: &mut Columns<'b>,
    (known, titles, shown): (Option<&Profile>, &[String], &[(&'static str, String)]),
    findings: &mut Findings<'_>,
) -> Option<Currency> {
    let codes = |column: &super::band::Column| column.facts.mostly(column.facts.currency_codes, 95);
    let own = [Role::Amount, Role::UnitPrice].iter().find_map(|role| columns.get(role)?.header.currency);
    if let Some(column) = best(band, Meaning::Currency, codes).filter(|_| own.is_none()) {
        findings.found("currency", &column.title, 0.98, "every row says its own");
        columns.insert(Role::Currency, column);
        return None;
    }
    if let Some(own) = own.filter(|own| contradicted(band, own, codes, findings)) {
        return own.parse().ok();
    }
    if by_sign(columns, findings) {
        return None;
    }
    if let Some(told) = findings.answer("currency").and_then(|answer| answer.trim().parse().ok()) {
        findings.told("currency", currency_text(told));
        return Some(told);
    }
    let money: Vec<_> = [Role::Amount, Role::UnitPrice].iter().filter_map(|role| columns.get(role)).collect();
    let mut signs: Vec<(&'static str, String)> = Vec::new();
    for column in &money {
        if let Some(code) = column.header.currency {
            signs.push((code, format!("header \"{}\"", column.title)));
        }
        if let Some(code) = column.facts.unit {
            signs.push((code, format!("it stands below the header \"{}\"", column.title)));
        }
        if let Some(code) = column.facts.marked {
            signs.push((code, format!("the cells of \"{}\" are marked so", column.title)));
        }
    }
    for (code, cell) in shown {
        signs.push((*code, format!("the format of cell {cell} and others shows it")));
    }
    for title in titles {
        if let Some(code) = number::currency_of(title) {
            signs.push((code, format!("\"{}\"", text::shorten(title, 60))));
        }
    }
    // `$` is no other currency than the Canadian dollar that the header names.
    let named: Vec<&str> = signs.iter().map(|(code, _)| *code).collect();
    signs.retain(|(code, evidence)| {
        evidence.contains(code) || !named.iter().any(|other| number::shares_sign(code, other))
    });
    let mut codes: Vec<&str> = signs.iter().map(|(code, _)| *code).collect();
    codes.sort_unstable();
    codes.dedup();
    let shared =
        |code: &str| matches!(code, "USD" | "JPY" | "SEK") && !signs.iter().any(|(_, e)| e.contains(code));
    if let [code] = codes[..]
        && !shared(code)
    {
        let evidence = signs.first().map_or("", |(_, evidence)| evidence.as_str()).to_owned();
        findings.found("currency", code, 0.95, evidence);
        return code.parse().ok();
    }
    if codes.is_empty()
        && let Some(profile) = known
    {
        return profile.currency;
    }
    // Units need no currency; they are valued in euro by list price.
    if money.is_empty() {
        return Some(Currency::EUR);
    }
    ask_currency(&signs, findings);
    Some(Currency::EUR)
}

/// Whether the headers of the amounts say one currency, and every row another.
fn contradicted(
    band: &Band,
    own: &'static str,
    codes: impl Fn(&super::band::Column) -> bool,
    findings: &mut Findings<'_>,
) -> bool {
    let Some(column) = best(band, Meaning::Currency, codes) else { return false };
    let [code] = column.facts.distinct.iter().collect::<Vec<_>>()[..] else { return false };
    let Some(other) = number::currency_of(&code.to_uppercase()).filter(|other| *other != own) else {
        return false;
    };
    if findings.answer("currency").is_some() {
        return false;
    }
    let header = "the header of the amounts".to_owned();
    ask_currency(&[(own, header), (other, format!("column \"{}\"", column.title))], findings);
    true
}

/// Whether every amount carries the sign of its own currency; asks where some do and some do not.
fn by_sign<'b>(columns: &mut Columns<'b>, findings: &mut Findings<'_>) -> bool {
    let mixed = [Role::Amount, Role::UnitPrice].iter().find_map(|role| columns.get(role)).copied();
    if let Some(column) = mixed.filter(|column| column.facts.marks.len() > 1) {
        let all = column.facts.marked_cells == column.facts.filled;
        if findings.answer("currency") == Some(BY_SIGN) {
            findings.told("currency", "the sign of each amount");
        } else if all {
            let marks: Vec<&str> = column.facts.marks.iter().copied().collect();
            let evidence = format!("every amount has the sign of its own: {}", marks.join(", "));
            findings.found("currency", &column.title, 0.95, evidence);
        } else {
            let marks: Vec<&str> = column.facts.marks.iter().copied().collect();
            let message = "The amounts of one column are marked with several currencies.";
            let choice = Choice::new(BY_SIGN, "Each amount is in the currency of its sign", marks.join(", "));
            findings.ask("currency", "currency_mixed", message, None, vec![choice]);
        }
        columns.insert(Role::Currency, column);
        return true;
    }
    false
}

fn ask_currency(signs: &[(&'static str, String)], findings: &mut Findings<'_>) {
    const USUAL: [&str; 16] = [
        "EUR", "GBP", "USD", "CHF", "PLN", "CZK", "SEK", "NOK", "DKK", "CAD", "AUD", "TRY", "UAH", "MXN",
        "BRL", "ZAR",
    ];
    let mut choices: Vec<Choice> =
        signs.iter().map(|(code, evidence)| Choice::new(*code, *code, evidence.clone())).collect();
    for code in USUAL {
        if !choices.iter().any(|choice| choice.value == code) {
            choices.push(Choice::new(code, code, "a usual currency"));
        }
    }
    let (code, message) = match signs {
        [] => ("currency_missing", "The file does not say in which currency its amounts are."),
        [_] => {
            ("currency_missing", "The sign of the amounts stands for several currencies. Which one is it?")
        }
        _ => ("currency_conflict", "The file names more than one currency. In which are its amounts?"),
    };
    findings.ask("currency", code, message, None, choices);
}

fn currency_text(currency: Currency) -> String {
    currency.to_string()
}
