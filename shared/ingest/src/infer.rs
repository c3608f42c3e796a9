//! Layouts that no profile knows: what a file looks like is found out and written down as a profile, and the engine
//! that reads known vendors reads the file with it. What the file leaves open is asked, never assumed.

pub(crate) mod advice;
mod arithmetic;
mod band;
mod figures;
mod filled_down;
mod findings;
mod grid;
mod identity;
mod layout;
mod meaning;
mod measures;
mod rows;
mod sample;
mod sections;
mod setting;
mod stores;
mod subject;
mod told;
mod unread;
mod unreadable;
mod words;

use band::Band;
use domain::{Clue, Question};
use figures::Figures;
use findings::Findings;
use grid::Shape;
use identity::Columns;
use meaning::Meaning;
use measures::InRows;
use sample::Sample;

use crate::{
    Input, Profile, Profiles, Refusal,
    detect::{self, Candidate, Peek},
    document::Document,
    profile::{PeriodSource, Role},
};

/// Sheets looked at closely.
const MAX_SHEETS: usize = 16;

/// How an unknown file can be read, and what has to be answered first.
pub(crate) struct Inference {
    pub(crate) profile: Profile,
    pub(crate) clues: Vec<Clue>,
    pub(crate) questions: Vec<Question>,
    pub(crate) warnings: Vec<(&'static str, String)>,
}

/// Whether a header stands over something that changes what the figures of a row mean.
pub(crate) fn changes_rows(header: &str) -> bool {
    matches!(
        meaning::of_header(header).meaning,
        Meaning::Currency
            | Meaning::LineType
            | Meaning::Status
            | Meaning::Void
            | Meaning::Discount
            | Meaning::Quantity
            | Meaning::ReturnedQuantity
            | Meaning::Refund
            | Meaning::Amount
            | Meaning::AmountIncl
            | Meaning::AmountExcl
            | Meaning::GrossSales
            | Meaning::Store
    )
}

/// What makes it doubtful that a file of a known layout is like those before: amounts that are no longer in whole units,
/// and further sheets of sales.
pub(crate) fn news(
    document: &mut Document,
    peeks: &[Peek],
    candidate: &Candidate<'_>,
    input: &Input<'_>,
) -> Result<Vec<Question>, Refusal> {
    let mut findings = Findings::new(input);
    let tables = || candidate.tables.iter().flatten();
    for found in tables() {
        let rows = peeks.get(found.sheet).into_iter().flat_map(|peek| &peek.rows);
        let above = rows.take_while(|row| row.number <= found.header_row).flat_map(|row| &row.cells);
        let scaled = above.map(|(_, cell)| cell.text()).find(|title| unreadable::is_scaled(title));
        if let Some(title) = scaled {
            unreadable::ask_scale(&title, &mut findings);
            return Ok(findings.questions);
        }
    }
    let learned = candidate.layout.name == layout::FOUND;
    let Some(main) = candidate.layout.main().filter(|_| learned && peeks.len() > 1) else {
        return Ok(Vec::new());
    };
    let is_read = |sheet: usize| tables().any(|found| found.sheet == sheet);
    for (index, peek) in peeks.iter().enumerate().take(MAX_SHEETS) {
        let is_sum = peek.name.as_deref().is_some_and(detect::names_a_sum);
        if is_sum
            || is_read(index)
            || peek.hidden
            || peek.rows.len() < 2
            || findings.answer(unread::OTHERS).is_some()
        {
            continue;
        }
        let sample = Sample::read(document, index, peek.name.clone())?;
        let Some(sheet) = Sheet::of(sample, input) else { continue };
        if unread::holds_sales(&sheet) && !main.beside.contains(&unread::signature(&sheet)) {
            unread::ask_about(&sheet, None, &mut findings);
            break;
        }
    }
    Ok(findings.questions)
}

/// Whether two headers stand over the same: `Units` and `Qty`.
pub(crate) fn are_alike(one: &str, other: &str) -> bool {
    let [one, other] = [one, other].map(|header| meaning::of_header(header).meaning);
    one == other && one != Meaning::Unknown
}

/// Whether a text is a header in the languages of senders.
pub(crate) fn is_header_word(text: &str) -> bool {
    meaning::of_header(text).meaning != Meaning::Unknown
}

/// A sheet with a table in it.
struct Sheet {
    sample: Sample,
    band: Band,
    /// Figures side by side; `None` for a flat table.
    shape: Option<Shape>,
    /// Pieces and money in rows of their own.
    in_rows: Option<InRows>,
}

impl Sheet {
    fn of(sample: Sample, input: &Input<'_>) -> Option<Self> {
        let in_rows = measures::find(&sample.rows);
        let shape = grid::find(&sample, in_rows.is_some());
        let mut band = match &shape {
            Some(shape) => Band::of_labels(&sample, shape.header, &shape.labels),
            None => Band::find(&sample)?,
        };
        band.columns.retain(|column| in_rows.as_ref().is_none_or(|in_rows| in_rows.column != column.index));
        told::apply(&mut band, input);
        Some(Self { sample, band, shape, in_rows })
    }
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
    let Some((main, others)) = look(document, peeks, input)? else { return Err(without_table(peeks)) };
    of_table(&main, &others, input, profiles, known)
}

/// The sheet whose headers say most about sales, the first one where several do; and the others with a table.
fn look(
    document: &mut Document,
    peeks: &[Peek],
    input: &Input<'_>,
) -> Result<Option<(Sheet, Vec<Sheet>)>, Refusal> {
    let mut sheets = Vec::new();
    let is_filled = |peek: &Peek| peek.rows.len() >= 2;
    let seen = peeks.iter().any(|peek| is_filled(peek) && !peek.hidden);
    let looked_at = peeks.iter().enumerate().filter(|(_, peek)| is_filled(peek) && !(seen && peek.hidden));
    for (index, peek) in looked_at.take(MAX_SHEETS) {
        let sample = Sample::read(document, index, peek.name.clone())?;
        sheets.extend(Sheet::of(sample, input));
    }
    if sheets.is_empty() {
        return Ok(None);
    }
    let mut best = 0;
    for (index, sheet) in sheets.iter().enumerate() {
        if sheets.get(best).is_some_and(|other| weight(sheet) > weight(other)) {
            best = index;
        }
    }
    let main = sheets.swap_remove(best);
    Ok(Some((main, sheets)))
}

/// What is in a file without headers above rows.
fn without_table(peeks: &[Peek]) -> Refusal {
    let wide = |row: &&crate::cell::Row| row.cells.len() >= 2;
    let known = |row: &crate::cell::Row| {
        row.cells
            .iter()
            .filter(|(_, cell)| meaning::of_header(&cell.text()).meaning != Meaning::Unknown)
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
fn weight(sheet: &Sheet) -> usize {
    let band = &sheet.band;
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
    let measured =
        sheet.shape.as_ref().map_or(0, |shape| 2 + shape.quantity.len().min(1) + shape.amount.len().min(1));
    let other = [Meaning::Stock, Meaning::Target].into_iter().filter(|meaning| says(*meaning)).count();
    let known = (figures.into_iter().filter(|meaning| says(*meaning)).count() + measured) * 3
        + names.into_iter().filter(|meaning| says(*meaning)).count();
    known.saturating_sub(other * 4)
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
    let titles = titles(main, input);
    let mut findings = Findings::new(input);
    let mut columns = identity::assign(band, sample, &mut findings);
    // The figures of a grid stand under other words than those of a table; what they mean is asked of both.
    let in_rows = main.in_rows.as_ref();
    let sums = main.shape.as_ref().map(|shape| rows::sums(shape, in_rows, sample, &titles, &mut findings));
    let value = in_rows.filter(|_| sums.is_none()).map(|in_rows| rows::value_column(band, &columns, in_rows));
    let (period, figures, grid) = figures_of(
        main,
        sums.as_ref(),
        value.as_ref().and_then(Option::as_ref),
        &data,
        &mut columns,
        &mut findings,
    );
    subject::check(band, &columns, period.is_some(), figures.asked, &titles)?;
    let lines = rows::of((main.shape.as_ref(), in_rows), &columns, sample, &data);
    let sections = sections::find(band, sample, &lines, &columns, &mut findings);
    let mut fill_down = filled_down::find(&lines, &columns, sections.as_ref());
    fill_down.extend(main.shape.iter().flat_map(|shape| &shape.fill_down));
    let stores = stores::find(&lines, &columns, sections.as_ref(), &mut fill_down, &mut findings);
    unreadable::hold(main, &titles, matches!(value, Some(None)), sections.as_ref(), &mut findings);
    let vendor = setting::vendor(band, input, known, profiles, &titles, &mut findings);
    let shown = shown(main, &columns);
    let currency = setting::currency(band, &mut columns, (known, &titles, &shown), &mut findings);
    let words = words::of(band, &data, &mut columns, &mut findings);
    let vat = figures.vat.or_else(|| setting::vat(&titles, known));
    let further = stacked(main, others);
    let unread: Vec<&Sheet> =
        others.iter().filter(|other| !(further && titles_of(other) == titles_of(main))).collect();
    unread::ask(main, &unread, &lines, &mut findings);
    let profile = layout::Draft {
        vendor,
        known,
        currency,
        vat,
        period: period.unwrap_or(if sections.as_ref().is_some_and(|rule| rule.time.is_some()) {
            PeriodSource::Section
        } else {
            PeriodSource::Stated
        }),
        columns: &columns,
        headerless: band.header.is_none(),
        others: identity::others(main.shape.is_some(), band, &columns),
        beside: unread
            .iter()
            .filter(|other| unread::holds_sales(other))
            .map(|other| unread::signature(other))
            .collect(),
        words,
        all_sheets: further,
        sheets_are_stores: further && !columns.contains_key(&Role::Store) && sheets_are_stores(main, others),
        fill_down,
        sections,
        stores,
        measured: in_rows.map(|in_rows| in_rows.measured.clone()),
        grid,
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

/// Where periods, pieces and money stand: side by side, or in columns of their own.
fn figures_of<'s>(
    main: &'s Sheet,
    sums: Option<&'s rows::Sums>,
    value: Option<&'s band::Column>,
    data: &[&crate::cell::Row],
    columns: &mut Columns<'s>,
    findings: &mut Findings<'_>,
) -> (Option<PeriodSource>, Figures, Option<layout::GridPart>) {
    let band = &main.band;
    if let (Some(shape), Some(sums)) = (&main.shape, sums) {
        rows::name_labels(band, shape, columns, findings);
        let inner = identity::period(band, data, columns, findings);
        let figures = rows::assign(sums, columns);
        let grid = rows::grid(shape, sums, findings);
        let period = if shape.periods { Some(PeriodSource::Header) } else { inner };
        return (period, figures, Some(grid));
    }
    let period = identity::period(band, data, columns, findings);
    let figures = match value {
        Some(value) => {
            columns.insert(Role::Amount, value);
            Figures { vat: value.header.vat, ..Figures::default() }
        }
        None => figures::assign(band, data, columns, findings),
    };
    (period, figures, None)
}

/// In which currencies the figures are shown, by the formats of their cells.
fn shown(main: &Sheet, columns: &Columns<'_>) -> Vec<(&'static str, String)> {
    let money = [Role::Amount, Role::UnitPrice].iter().find_map(|role| columns.get(role));
    let money: Vec<u32> = money.iter().map(|column| column.index).collect();
    main.sample.shown(main.shape.as_ref().map_or(&money, |shape| &shape.figures))
}

/// Whether other sheets continue the table: the same headers in the same columns.
fn stacked(main: &Sheet, others: &[Sheet]) -> bool {
    let own = titles_of(main);
    // A copy of the sheet would count everything twice.
    let is_copy = |other: &Sheet| {
        let cells = |sheet: &Sheet| sheet.sample.rows.iter().map(|row| row.cells.clone()).collect::<Vec<_>>();
        cells(other) == cells(main)
    };
    main.band.header.is_some()
        && others.iter().any(|other| titles_of(other) == own && !is_copy(other))
        && !others.iter().any(is_copy)
}

fn titles_of(sheet: &Sheet) -> Vec<(u32, String)> {
    sheet.band.columns.iter().map(|column| (column.index, crate::text::compact(&column.title))).collect()
}

/// Whether sheets are named after stores: by neither a period nor a number.
fn sheets_are_stores(main: &Sheet, others: &[Sheet]) -> bool {
    const GENERIC: [&str; 10] =
        ["sheet", "tabelle", "feuil", "hoja", "foglio", "blad", "arkusz", "list", "planilha", "ark"];
    std::iter::once(main).chain(others).all(|sheet| {
        let Some(name) = &sheet.sample.name else { return false };
        let letters: String = crate::text::compact(name).chars().filter(|c| c.is_alphabetic()).collect();
        let dated = crate::file_name::period_in_text(name).is_some() || crate::month::by_name(name).is_some();
        !letters.is_empty() && !dated && !GENERIC.contains(&letters.as_str())
    })
}

/// Everything outside the table that may speak about it: file name, sheet name, cells above.
fn titles(main: &Sheet, input: &Input<'_>) -> Vec<String> {
    let mut titles = vec![input.file_name.to_owned()];
    titles.extend(main.sample.name.clone());
    // Rows with several cells belong to the header of a grid.
    let wide = |number: u32| {
        let row = main.sample.rows.iter().find(|row| row.number == number);
        main.shape.is_some() && row.is_some_and(|row| row.cells.len() > 2)
    };
    let above = main.band.titles(&main.sample).filter(|(_, row, _)| !wide(*row));
    titles.extend(above.map(|(_, _, text)| text));
    titles
}
