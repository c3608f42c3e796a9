//! Words that say what a row is: sale, return, or nothing that counts.

use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

use super::{
    band::{Band, Column},
    findings::Findings,
    identity::Columns,
    meaning::{self, Meaning},
};
use crate::{
    accept::row_type_question,
    cell::Row,
    profile::{Role, RowWords},
    text,
};

/// More different words than this are no types of rows.
const MAX_WORDS: usize = 40;

/// Finds columns whose words tell sales from other rows.
pub(super) fn of<'b>(
    band: &'b Band,
    data: &[&Row],
    columns: &mut Columns<'b>,
    findings: &mut Findings<'_>,
) -> BTreeMap<Role, RowWords> {
    let mut words = BTreeMap::new();
    for (role, meaning) in [(Role::Status, Meaning::Status), (Role::LineType, Meaning::LineType)] {
        let Some(column) = telling(band, meaning) else { continue };
        let mut of_column = RowWords::default();
        // Rows that are negative already say themselves that they take something back.
        let is_negative = |word: &str| {
            let figures: Vec<&Column> =
                [Role::Amount, Role::Quantity].iter().filter_map(|role| columns.get(role)).copied().collect();
            let rows = data
                .iter()
                .filter(|row| row.text(column.index).is_some_and(|text| text::fold(&text) == word));
            let negative = |row: &&&Row| {
                figures.iter().any(|figure| {
                    row.text(figure.index).is_some_and(|text| text.starts_with(['-', '(', '−']))
                })
            };
            let (all, below) = (rows.clone().count(), rows.filter(negative).count());
            all > 0 && below * 2 > all
        };
        for word in &column.facts.distinct {
            let list = match findings.answer(&row_type_question(role, word)) {
                Some("sale") => Some(&mut of_column.sales),
                Some("return") => Some(&mut of_column.returns),
                Some(_) => Some(&mut of_column.ignored),
                None => match kind(word)
                    .filter(|kind| *kind != Kind::Return || turns(role, column) || is_negative(word))
                {
                    Some(Kind::Sale) => Some(&mut of_column.sales),
                    Some(Kind::Return) => Some(&mut of_column.returns),
                    Some(Kind::Ignored) => Some(&mut of_column.ignored),
                    // A sale that was paid back in full comes to nothing.
                    None if kind(word) == Some(Kind::Return) => Some(&mut of_column.ignored),
                    None => None,
                },
            };
            if let Some(list) = list {
                list.push(word.clone());
            }
        }
        for list in [&mut of_column.sales, &mut of_column.returns, &mut of_column.ignored] {
            list.sort_unstable();
        }
        let evidence = format!(
            "sales: {}; returns: {}; left out: {}",
            of_column.sales.join(", "),
            of_column.returns.join(", "),
            of_column.ignored.join(", ")
        );
        findings.found(
            if role == Role::Status { "status" } else { "line_type" },
            &column.title,
            0.9,
            evidence,
        );
        columns.insert(role, column);
        words.insert(role, of_column);
    }
    if !words.contains_key(&Role::Status)
        && let Some(column) = voids(band)
    {
        let counts = RowWords {
            sales: NO.map(str::to_owned).to_vec(),
            returns: Vec::new(),
            ignored: YES.map(str::to_owned).to_vec(),
        };
        findings.found("status", &column.title, 0.9, "rows marked there are left out");
        columns.insert(Role::Status, column);
        words.insert(Role::Status, counts);
    }
    words
}

const NO: [&str; 6] = ["", "false", "no", "0", "n", "nein"];
const YES: [&str; 7] = ["true", "yes", "1", "y", "x", "ja", "oui"];

/// A column that marks rows which do not count.
fn voids(band: &Band) -> Option<&Column> {
    let says = |word: &String| NO.contains(&word.as_str()) || YES.contains(&word.as_str());
    let marks =
        |column: &&Column| !column.facts.distinct.is_empty() && column.facts.distinct.iter().all(says);
    band.having(Meaning::Void).find(marks)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Sale,
    Return,
    Ignored,
}

static WORDS: LazyLock<HashMap<String, Kind>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    let lines = include_str!("row_words.txt").lines().filter(|line| !line.starts_with('#'));
    for (name, phrases) in lines.filter_map(|line| line.split_once(':')) {
        let kind = match name {
            "sale" => Kind::Sale,
            "return" => Kind::Return,
            _ => Kind::Ignored,
        };
        words.extend(phrases.split('|').map(|phrase| (plain(phrase), kind)));
    }
    words
});

fn plain(text: &str) -> String {
    // The dotted capital of Turkish leaves its dot behind.
    let text = text.replace('\u{307}', "");
    let text = text.as_str();
    text::words(text).iter().map(|word| meaning::plain(word)).collect::<Vec<_>>().join(" ")
}

/// What a word makes of its row: the whole of it first, then what its parts say.
fn kind(word: &str) -> Option<Kind> {
    let word = plain(word);
    let parts: Vec<Kind> = word.split(' ').filter_map(|part| WORDS.get(part).copied()).collect();
    WORDS.get(&word).copied().or(match () {
        () if parts.contains(&Kind::Ignored) => Some(Kind::Ignored),
        // `Shipped - returned to seller`: a person knows whether the sale stands elsewhere in the file.
        () if parts.contains(&Kind::Return) => None,
        () if parts.contains(&Kind::Sale) => Some(Kind::Sale),
        () => None,
    })
}

/// Whether a word for returns turns the sign of its rows. As the state of an order it says what became of a sale.
fn turns(role: Role, column: &Column) -> bool {
    role == Role::LineType || column.facts.distinct.iter().all(|word| kind(word) == Some(Kind::Return))
}

/// The column whose words tell most; the first one of several.
fn telling(band: &Band, meaning: Meaning) -> Option<&Column> {
    let mut best: Option<&Column> = None;
    for column in band.having(meaning).filter(|column| tells(column)) {
        if best.is_none_or(|other| rank(column) > rank(other)) {
            best = Some(column);
        }
    }
    best
}

/// Words that leave rows out weigh most, then those about money before those about parcels.
fn rank(column: &Column) -> (usize, bool, usize) {
    const OF_PARCELS: [&str; 5] = ["fulfil", "ship", "versand", "deliver", "courier"];
    let telling =
        column.facts.distinct.iter().filter(|word| kind(word).is_some_and(|kind| kind != Kind::Sale));
    let title = text::fold(&column.title);
    (telling.count(), !OF_PARCELS.iter().any(|word| title.contains(word)), known(column))
}

fn known(column: &Column) -> usize {
    column.facts.distinct.iter().filter(|word| kind(word).is_some()).count()
}

/// A column of types: few words, of which at least one is known.
fn tells(column: &Column) -> bool {
    column.facts.distinct.len() <= MAX_WORDS && !column.facts.is_numeric() && known(column) > 0
}
