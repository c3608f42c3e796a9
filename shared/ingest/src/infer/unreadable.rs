//! Layouts that would be read wrongly: they are held.

use super::{
    Sheet,
    figures::returns::{RETURNS, ask_returns},
    findings::Findings,
    grid::Alike,
    measures::InRows,
};
use crate::{cell::Row, profile::Sections, text};

/// Asks where reading on would book something else than sales.
pub(super) fn hold(
    main: &Sheet,
    titles: &[String],
    measures_in_doubt: bool,
    sections: Option<&Sections>,
    findings: &mut Findings<'_>,
) {
    let (band, sample) = (&main.band, &main.sample);
    let scale = band
        .columns
        .iter()
        .map(|column| column.title.as_str())
        .chain(titles.iter().map(String::as_str))
        .find(|title| is_scaled(title));
    if let Some(title) = scale {
        ask_scale(title, findings);
    }
    let mut hold = |message: &str| findings.ask("layout", "layout_unknown", message, None, Vec::new());
    if measures_in_doubt || main.in_rows.as_ref().is_some_and(InRows::is_ambiguous) {
        hold(
            "Pieces and money of a product stand in rows of their own, and it is not clear which rows count. Please \
             ask for a report with one row a product.",
        );
    }
    let returned = main.shape.as_ref().and_then(|shape| shape.returns.first().cloned());
    let returned = returned.or_else(|| main.in_rows.as_ref()?.returns(&sample.rows));
    if let Some(word) = returned.filter(|_| findings.answer(RETURNS).is_none()) {
        let message = format!(
            "\"{}\" stands beside the sales. Are the figures of the sales after what was taken back? Otherwise please ask \
             for a report with the returns subtracted.",
            text::shorten(&word, 60)
        );
        ask_returns(&message, "it would not be subtracted", false, findings);
    }
    let mut hold = |message: &str| findings.ask("layout", "layout_unknown", message, None, Vec::new());
    let is_store = sections.is_some_and(|sections| sections.bare);
    if main.shape.as_ref().is_some_and(|shape| shape.alike == Alike::Unexplained) && !is_store {
        hold(
            "Several tables with the same columns and products stand one below the other, and nothing says what tells \
             them apart. Please name what each of them holds in a row above it.",
        );
    }
    let last = band.columns.last().map_or(0, |column| column.index);
    let beyond = |row: &&&Row| row.cells.last().is_some_and(|(column, _)| *column > last);
    let data = band.data(sample);
    let ragged = data.iter().filter(beyond).count();
    if main.shape.is_none() && ragged * 20 > data.len() && sample.name.is_none() {
        hold(
            "Rows have more cells than the header: their figures may stand in the wrong columns. Please export the \
             file again.",
        );
    }
}

/// Holds a file whose amounts are in thousands or in cents.
pub(super) fn ask_scale(title: &str, findings: &mut Findings<'_>) {
    let message = format!(
        "\"{}\" says that amounts are not in whole units of their currency. Such a layout cannot be read yet; please ask for \
         plain amounts.",
        text::shorten(title, 60)
    );
    findings.ask("layout", "layout_unknown", &message, None, Vec::new());
}

/// Whether a title says that amounts are in thousands or in cents.
pub(super) fn is_scaled(title: &str) -> bool {
    const WORDS: &[&str] = &[
        "thousands",
        "thousand",
        "tsd",
        "teur",
        "keur",
        "tausend",
        "milliers",
        "miles",
        "migliaia",
        "duizend",
        "tys",
        "000s",
        "cents",
        "cent",
        "pence",
        "centimes",
        "centimos",
        "centesimi",
        "groszy",
        "hundreds",
        "millions",
        "million",
        "mio",
        "mln",
    ];
    let words = text::words(title);
    words.iter().any(|word| WORDS.contains(&word.as_str()))
        || ["(k ", "in k"].iter().any(|sign| title.contains(sign))
        || has_scale_sign(title)
}

/// Signs of thousands and millions beside a currency: `k€`, `EUR 000`, `x 1,000`, `£m`.
fn has_scale_sign(title: &str) -> bool {
    const SIGNS: [&str; 30] = [
        "k €", "€ k", "t €", "€ t", "m €", "€ m", "£ k", "k £", "£ m", "$ k", "k $", "$ m", "€ 000", "£ 000",
        "$ 000", "'000", "eur 000", "000 eur", "gbp 000", "usd 000", "(000)", "[000]", "/ 1000", "x 1000",
        "x 1,000", "x 1.000", "(m)", "in 1000", "k eur", "eur m",
    ];
    let title = text::fold(title);
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    let stands_alone = |sign: &str| {
        title.match_indices(sign).any(|(at, _)| {
            let before = title.get(..at).and_then(|before| before.chars().next_back());
            let after = title.get(at + sign.len()..).and_then(|after| after.chars().next());
            let goes_on = (sign.starts_with(char::is_alphabetic) && is_letter(before))
                || (sign.ends_with(char::is_alphanumeric) && is_letter(after));
            !goes_on
        })
    };
    SIGNS.iter().any(|sign| stands_alone(sign) || stands_alone(&sign.replace(' ', "")))
}
