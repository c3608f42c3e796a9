//! Layouts that no profile knows: what a file looks like is found out and written down as a profile, and the engine
//! that reads known vendors reads the file with it. What the file leaves open is asked, never assumed.

mod arithmetic;
mod band;
mod figures;
mod findings;
mod identity;
mod layout;
mod meaning;
mod sample;
mod setting;
mod subject;
mod words;

use band::Band;
use domain::{Clue, Question};
use findings::Findings;
use sample::Sample;

use crate::{Input, Profile, Profiles, Refusal, detect::Peek, document::Document, profile::PeriodSource};

/// Sheets looked at closely.
const MAX_SHEETS: usize = 16;

/// How an unknown file can be read, and what has to be answered first.
pub(crate) struct Inference {
    pub(crate) profile: Profile,
    pub(crate) clues: Vec<Clue>,
    pub(crate) questions: Vec<Question>,
    pub(crate) warnings: Vec<(&'static str, String)>,
}

/// A sheet with a table in it.
struct Sheet {
    sample: Sample,
    band: Band,
}

/// Finds out how a file is laid out that no profile fits.
pub(crate) fn infer(
    document: &mut Document,
    peeks: &[Peek],
    input: &Input<'_>,
    profiles: &Profiles,
    known: Option<&Profile>,
) -> Result<Inference, Refusal> {
    // A word in the file name is a hint at best: what is not its vendor's layout is not read with its currency.
    let told = input.answer("vendor").or(input.vendor_hint);
    let known = known.filter(|profile| told == Some(profile.vendor.as_str()));
    let mut sheets = Vec::new();
    for (index, peek) in peeks.iter().enumerate().filter(|(_, peek)| peek.rows.len() >= 2).take(MAX_SHEETS) {
        let sample = Sample::read(document, index, peek.name.clone())?;
        if let Some(band) = Band::find(&sample) {
            sheets.push(Sheet { sample, band });
        }
    }
    if sheets.is_empty() {
        return Err(without_table(peeks));
    }
    // The sheet whose headers say most about sales; the first one where several do.
    let mut best = 0;
    for (index, sheet) in sheets.iter().enumerate() {
        if sheets.get(best).is_some_and(|other| weight(&sheet.band) > weight(&other.band)) {
            best = index;
        }
    }
    let main = sheets.swap_remove(best);
    of_table(&main, &sheets, input, profiles, known)
}

/// What is in a file without headers above rows.
fn without_table(peeks: &[Peek]) -> Refusal {
    let wide = |row: &&crate::cell::Row| row.cells.len() >= 2;
    let known = |row: &crate::cell::Row| {
        row.cells
            .iter()
            .filter(|(_, cell)| meaning::of_header(&cell.text()).meaning != meaning::Meaning::Unknown)
            .count()
    };
    let rows: Vec<&crate::cell::Row> = peeks.iter().flat_map(|peek| peek.rows.iter().filter(wide)).collect();
    match rows[..] {
        [header] if known(header) >= 2 => {
            Refusal::new("no_sales_rows", "The file has headers, but no rows below them.")
        }
        [] | [_] => {
            Refusal::new("no_table", "No table was found in the file. Please send the sales as XLSX or CSV.")
        }
        _ => Refusal::new(
            "not_sales",
            "The file holds a table, but no sales: no column of sold pieces or revenue has rows. Nothing was booked.",
        ),
    }
}

/// How much a table says about sales.
fn weight(band: &Band) -> usize {
    use meaning::Meaning;
    let says =
        |meaning: Meaning| band.columns.iter().any(|column| column.is(meaning) && column.facts.filled > 0);
    let figures =
        [Meaning::Quantity, Meaning::Amount, Meaning::AmountIncl, Meaning::AmountExcl, Meaning::UnitPrice];
    let names = [
        Meaning::Ean,
        Meaning::Sku,
        Meaning::Code,
        Meaning::Name,
        Meaning::Store,
        Meaning::Date,
        Meaning::OrderId,
    ];
    figures.into_iter().filter(|meaning| says(*meaning)).count() * 3
        + names.into_iter().filter(|meaning| says(*meaning)).count()
}

fn of_table(
    main: &Sheet,
    others: &[Sheet],
    input: &Input<'_>,
    profiles: &Profiles,
    known: Option<&Profile>,
) -> Result<Inference, Refusal> {
    let (band, sample) = (&main.band, &main.sample);
    let data = band.data(sample);
    if data.is_empty() {
        return Err(Refusal::new("no_sales_rows", "The file has headers, but no rows below them."));
    }
    let mut findings = Findings::new(input);
    let mut columns = identity::assign(band, sample, &mut findings);
    let period = identity::period(band, &data, &mut columns, &mut findings);
    let figures = figures::assign(band, &data, &mut columns, &mut findings);
    let titles = titles(main, input);
    subject::check(band, &columns, period.is_some(), figures.asked, &titles)?;

    let vendor = setting::vendor(band, input, known, profiles, &titles, &mut findings);
    let currency = setting::currency(band, &mut columns, known, &titles, &mut findings);
    let words = words::of(band, &mut columns, &mut findings);
    let vat = figures
        .vat
        .or_else(|| titles.iter().find_map(|title| meaning::vat_in(title)))
        .or_else(|| known?.vat_included);
    let further = stacked(main, others);
    let profile = layout::Draft {
        vendor,
        known,
        currency,
        vat,
        period: period.unwrap_or(PeriodSource::Stated),
        columns: &columns,
        headerless: band.header.is_none(),
        words,
        all_sheets: further,
        input,
    }
    .profile();
    Ok(Inference {
        profile,
        clues: findings.clues,
        questions: findings.questions,
        warnings: figures.warnings,
    })
}

/// Whether other sheets continue the table: the same headers in the same columns.
fn stacked(main: &Sheet, others: &[Sheet]) -> bool {
    let titles = |sheet: &Sheet| -> Vec<(u32, String)> {
        sheet.band.columns.iter().map(|column| (column.index, crate::text::compact(&column.title))).collect()
    };
    let own = titles(main);
    main.band.header.is_some() && others.iter().any(|other| titles(other) == own)
}

/// Everything outside the table that may speak about it: file name, sheet name, cells above.
fn titles(main: &Sheet, input: &Input<'_>) -> Vec<String> {
    let mut titles = vec![input.file_name.to_owned()];
    titles.extend(main.sample.name.clone());
    titles.extend(main.band.titles(&main.sample).map(|(_, _, text)| text));
    titles
}
