//! From a file to its report: open, recognise, survey, read, prove.

mod questions;

use domain::{
    Control, Cut, DocumentKind, Finding, Proposal, Question, QuestionOption, Reference, Report, RowCounts,
    SaleRow,
};
pub(crate) use questions::question;
use questions::{after_reading, choice_questions};

use crate::{
    Input, Profiles, Refusal,
    accept::Acceptor,
    cell::column_letters,
    detect::{self, Candidate, Peek, Verdict},
    document::Document,
    doubt::Doubt,
    figures,
    header::Found,
    infer,
    period::{self, Stated},
    pivot,
    profile::{Profile, Table},
    survey::{Reading, Survey},
    table,
};

/// Reads a file: recognises the vendor, hands every accepted row to `emit` and proves the sums.
///
/// Rows are emitted while parsing, each only for a look at it: when the report [holds](Report::holds) or the file is refused, the caller
/// throws them away.
///
/// # Errors
/// A [`Refusal`] when nothing of the file can be used.
pub fn parse(
    input: &Input<'_>,
    profiles: &Profiles,
    reference: &Reference,
    emit: &mut dyn FnMut(&SaleRow),
) -> Result<Report, Refusal> {
    let mut document = Document::open(input.path)?;
    let peeks = detect::peek(&mut document)?;
    match detect::detect(input, profiles, &peeks) {
        Verdict::Known(candidate) => {
            let vendor = &candidate.profile.vendor;
            let news = infer::news(&mut document, &peeks, &candidate, input)?;
            read(input, &candidate, &peeks, &mut document, news, reference, emit)
                .map_err(|refusal| refusal.of_vendor(vendor))
        }
        Verdict::Several(candidates) => Ok(several(&candidates)),
        Verdict::Unknown(vendor) => unknown(input, profiles, vendor, &peeks, &mut document, reference, emit)
            .map_err(|refusal| match vendor {
                Some(vendor) => refusal.of_vendor(&vendor.vendor),
                None => refusal,
            }),
    }
}

fn read(
    input: &Input<'_>,
    candidate: &Candidate<'_>,
    peeks: &[Peek],
    document: &mut Document,
    open: Vec<Question>,
    reference: &Reference,
    emit: &mut dyn FnMut(&SaleRow),
) -> Result<Report, Refusal> {
    let (profile, layout) = (candidate.profile, candidate.layout);
    let tables = tables(input, candidate);
    let found: Vec<&Found> = tables.iter().map(|(_, found)| *found).collect();
    let mut survey = Survey::default();
    for found in &found {
        survey.observe(document, found)?;
    }
    let (reading, surveyed) = survey.decide(input, (profile, layout), &found);
    let (stated, of_sheets) = stated(input, candidate, &tables, peeks);
    let mut questions = open;
    for question in surveyed
        .into_iter()
        .chain(choice_questions(input, candidate))
        .chain(stated.question.clone())
        .chain(period::of_headers(&found))
    {
        if !questions.iter().any(|other| other.id == question.id) {
            questions.push(question);
        }
    }
    if let [only] = &questions[..]
        && only.id == "decimal"
        && let Some(sign) = proven_decimal(input, candidate, peeks, document, reference)
    {
        let answers = with_answer(input, "decimal", sign);
        let settled = Input { answers: &answers, ..*input };
        return read(&settled, candidate, peeks, document, Vec::new(), reference, emit);
    }
    // Whose sales they are does not change what the rows say.
    if questions.iter().any(|question| !matches!(question.id.as_str(), "vendor" | "confirm")) {
        // What rows mean depends on the answers: reading them now would only list faults that are none.
        let report =
            Report { kind: layout.document, warnings: stated.warnings, questions, ..asking(Some(profile)) };
        return Ok(Report {
            vendor_confidence: candidate.confidence.min(1.0),
            layout: Some(profile.layout_id()),
            ..report
        });
    }

    let mut acceptor = Acceptor::new(profile, layout, reference, input, emit);
    let needs_totals = read_tables(document, &tables, &reading, (&stated, &of_sheets), &mut acceptor)?;
    if acceptor.unexplained.is_empty() {
        check_yield(&acceptor)?;
    }
    let main = detect::main_table(candidate).map(|(_, main)| main);
    let outside = period::outside(input, layout, (peeks, main), &acceptor.stated_periods());
    let open = needs_totals.into_iter().chain(after_reading(&acceptor)).chain(outside);
    questions.extend(open.filter(|question| input.answer(&question.id).is_none()));
    let mut warnings = stated.warnings;
    warnings.extend(period::name_and_columns(input, layout, &acceptor.stated_periods()));
    warnings.extend(found.iter().find_map(|found| repeated_columns(found)));
    warnings.extend(acceptor.warnings());
    Ok(Report {
        vendor: Some(profile.vendor.clone()),
        vendor_name: Some(profile.name.clone()),
        vendor_confidence: candidate.confidence.min(1.0),
        layout: Some(profile.layout_id()),
        kind: layout.document,
        rows: acceptor.counts,
        periods: acceptor.stated_periods(),
        controls: acceptor.controls,
        rejects: acceptor.rejects,
        warnings,
        questions,
        proposal: None,
    })
}

/// The tables that are read, each with the place where it was found.
fn tables<'c>(input: &Input<'_>, candidate: &'c Candidate<'_>) -> Vec<(&'c Table, &'c Found)> {
    let all = candidate.layout.tables.iter().zip(&candidate.tables).flat_map(|(table, found)| {
        let first_only = table.all_sheets && input.answer(Doubt::COPIES) == Some("first");
        let sum = input.answer(Doubt::SUM_SHEET).filter(|_| table.all_sheets);
        let counts = move |found: &&Found| sum.is_none() || found.sheet_name.as_deref() != sum;
        let read = if first_only { 1 } else { found.len() };
        found.iter().filter(counts).take(read).map(move |found| (table, found))
    });
    all.collect()
}

/// Columns that repeat others cell by cell; such that differ are asked about.
fn repeated_columns(found: &Found) -> Option<Finding> {
    let (first, copy) = found.copies.first()?;
    Some(Finding {
        code: "columns_repeated".to_owned(),
        message: format!(
            "Column {} repeats column {}; columns under the same words with the same figures were taken once.",
            column_letters(*copy),
            column_letters(*first)
        ),
    })
}

/// The decimal separator by which every total of the file ties, where only one of the two does that.
fn proven_decimal(
    input: &Input<'_>,
    candidate: &Candidate<'_>,
    peeks: &[Peek],
    document: &mut Document,
    reference: &Reference,
) -> Option<&'static str> {
    let mut proven = Vec::new();
    for sign in [",", "."] {
        let answers = with_answer(input, "decimal", sign);
        let trial = Input { answers: &answers, ..*input };
        let report = read(&trial, candidate, peeks, document, Vec::new(), reference, &mut |_| {});
        if report.is_ok_and(|report| !report.controls.is_empty() && !report.holds()) {
            proven.push(sign);
        }
    }
    match proven[..] {
        [sign] => Some(sign),
        _ => None,
    }
}

fn with_answer(input: &Input<'_>, question: &str, value: &str) -> Vec<(String, String)> {
    let answer = (question.to_owned(), value.to_owned());
    input.answers.iter().cloned().chain([answer]).collect()
}

/// The period that the file states; and what each sheet states, where one table stands on several.
fn stated(
    input: &Input<'_>,
    candidate: &Candidate<'_>,
    tables: &[(&Table, &Found)],
    peeks: &[Peek],
) -> (Stated, Vec<Stated>) {
    let layout = candidate.layout;
    let main = detect::main_table(candidate).map(|(_, main)| main);
    let mut stated = period::of_file(input, layout, peeks, main);
    let of_sheets: Vec<Stated> = match layout.main() {
        Some(table) if table.all_sheets => {
            tables.iter().map(|(_, found)| period::of_file(input, layout, peeks, Some(found))).collect()
        }
        _ => Vec::new(),
    };
    if let Some(open) = of_sheets.iter().find(|stated| stated.question.is_some()) {
        stated.question.clone_from(&open.question);
    }
    (stated, of_sheets)
}

/// Reads the tables in the order of the profile, the main one first. Returns the question that a missing grand total
/// raises.
fn read_tables(
    document: &mut Document,
    tables: &[(&Table, &Found)],
    reading: &Reading,
    (stated, of_sheets): (&Stated, &[Stated]),
    acceptor: &mut Acceptor<'_>,
) -> Result<Option<Question>, Refusal> {
    let mut items = None;
    let mut lacks_total = false;
    for (index, (table, found)) in tables.iter().enumerate() {
        let stated = of_sheets.get(index).unwrap_or(stated);
        match (&table.cut, &table.pivot) {
            (Some(_), Some(_)) => {
                items = Some(pivot::read(document, found, reading, stated.period, acceptor)?)
            }
            (Some(cut), None) => {
                let cut = block_cut(table, found, tables).unwrap_or(cut);
                let has_total = table::read(document, table, found, cut, reading, stated.period, acceptor)?;
                lacks_total |=
                    cut.is_main() && !has_total && table.grid.as_ref().is_some_and(|grid| grid.total_row);
            }
            (None, Some(_)) => {
                if let Some(items) = &items {
                    pivot::check_sibling(document, found, reading, items, acceptor)?;
                }
            }
            (None, None) => table::check_sums(document, table, found, reading, acceptor)?,
        }
        if let Some(cut) = table.cut.as_ref().filter(|cut| !cut.is_main()) {
            let controls = against_main(cut, found, acceptor);
            acceptor.controls.extend(controls);
        }
    }
    acceptor.doubt_sum_sheet();
    let complete = items.is_none_or(|items| items.has_grand_total) && !lacks_total;
    Ok((!complete).then(|| {
        question(
            "totals",
            "totals_missing",
            "The report ends without its grand total: it may have been cut off. Nothing proves that it is complete.",
            vec![("complete", "The report is complete", "confirmed by a person")],
        )
    }))
}

/// Blocks of earlier years than the newest are history.
fn block_cut<'t>(table: &'t Table, found: &Found, tables: &[(&Table, &Found)]) -> Option<&'t Cut> {
    let history = table.grid.as_ref()?.history.as_ref()?;
    let of_table = tables.iter().filter(|(other, _)| std::ptr::eq(*other, table));
    let newest = of_table.filter_map(|(_, found)| found.last_year()).max();
    Some(history).filter(|_| found.last_year() < newest)
}

/// Another view of the same sales must come to the same sums, in every period that both state.
fn against_main(cut: &Cut, found: &Found, acceptor: &Acceptor<'_>) -> Vec<Control> {
    let sheet = found.sheet_name.as_deref();
    let periods = acceptor.periods_of(cut);
    let mut controls = Vec::new();
    for period in &periods {
        let main = acceptor.sums_within(&Cut::main(), Some(*period));
        let (Some(main), Some(own)) = (main, acceptor.sums_within(cut, Some(*period))) else { continue };
        let both_have_amounts = acceptor.has_amounts(&Cut::main()) && acceptor.has_amounts(cut);
        for ((measure, own), main) in ["quantity", "amount"].into_iter().zip(own).zip(main) {
            if measure == "amount" && !both_have_amounts {
                continue;
            }
            let of_period = if periods.len() > 1 {
                format!(" / {}", period.start().format("%Y-%m"))
            } else {
                String::new()
            };
            let name = format!("Sum of cut {}{of_period} / {measure}", cut.0);
            controls.push(figures::control(name, sheet, None, own, main));
        }
    }
    controls
}

/// A file of which nothing could be taken is no success.
fn check_yield(acceptor: &Acceptor<'_>) -> Result<(), Refusal> {
    let counts = acceptor.counts;
    if counts.accepted > 0 {
        return Ok(());
    }
    Err(Refusal::new(
        "no_sales_rows",
        match counts.rejected {
            0 => "The file has the right columns, but no row with sales. Please check that the right export was sent.".to_owned(),
            rejected => format!("None of the rows could be read; {rejected} have an error. Please check the export."),
        },
    ))
}

fn several(candidates: &[Candidate<'_>]) -> Report {
    let options = candidates.iter().map(|candidate| QuestionOption {
        value: candidate.profile.vendor.clone(),
        label: candidate.profile.name.clone(),
        evidence: format!("fits by {:.0} %", candidate.confidence * 100.0),
    });
    let mut question =
        question("vendor", "vendor_ambiguous", "Files of several vendors look like this one.", Vec::new());
    question.options = options.collect();
    Report { questions: vec![question], ..asking(None) }
}

/// No layout fits: what the file looks like is found out, and it is read that way.
fn unknown(
    input: &Input<'_>,
    profiles: &Profiles,
    known: Option<&Profile>,
    peeks: &[Peek],
    document: &mut Document,
    reference: &Reference,
    emit: &mut dyn FnMut(&SaleRow),
) -> Result<Report, Refusal> {
    let inference = infer::infer(document, peeks, input, profiles, known)?;
    let Some(mut candidate) = detect::made_for(&inference.profile, input, peeks) else {
        return Err(Refusal::new(
            "no_table",
            "No table was found in the file. Please send the sales as XLSX or CSV.",
        ));
    };
    candidate.rivals.clear();
    let questions = inference.questions.clone();
    let report = read(input, &candidate, peeks, document, questions, reference, emit)?;
    let nobody = inference.questions.iter().any(|question| question.id == "vendor");
    let mut warnings = report.warnings;
    warnings.extend(
        inference
            .warnings
            .iter()
            .map(|(code, message)| Finding { code: (*code).to_owned(), message: message.clone() }),
    );
    if inference.profile.vat_included.is_none() {
        warnings.push(Finding {
            code: "vat_basis_unknown".to_owned(),
            message: "The file does not say whether its amounts include VAT.".to_owned(),
        });
    }
    // What cannot be read rightly must not be remembered.
    let readable = !inference.questions.iter().any(|question| question.id == "layout");
    let proposal = Proposal { profile: inference.profile.to_json(), findings: inference.clues };
    Ok(Report {
        vendor: report.vendor.filter(|_| !nobody),
        layout: Some("generic".to_owned()),
        warnings,
        proposal: Some(proposal).filter(|_| readable),
        ..report
    })
}

/// A report that only asks.
fn asking(vendor: Option<&Profile>) -> Report {
    Report {
        vendor: vendor.map(|profile| profile.vendor.clone()),
        vendor_name: vendor.map(|profile| profile.name.clone()),
        vendor_confidence: 0.0,
        layout: None,
        kind: DocumentKind::Snapshot,
        rows: RowCounts::default(),
        periods: Vec::new(),
        controls: Vec::new(),
        rejects: Vec::new(),
        warnings: Vec::<Finding>::new(),
        questions: Vec::new(),
        proposal: None,
    }
}
