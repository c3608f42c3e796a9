//! What figures do not contain.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use data::{
    Tenant,
    coverage::{self, Books, Coverage, LikeForLike, Missing, Reason},
};
use domain::metrics::{Analysis, Dimension, Metric, Step};
use reporting::document::{Block, Column, Section, Table, TableHead, Values};

use super::{Scope, breakdown::exact};
use crate::make::Fault;

/// The section on missing periods, known gaps and rates.
pub(super) fn section(scope: &Scope, coverage: &Coverage) -> (Section, Vec<Block>) {
    let mut blocks = Vec::new();
    let missing = missing(scope, coverage);
    blocks.push(match missing.rows.is_empty() {
        true => Block::Paragraph(
            "Every period that was due has been reported, and every amount has a rate.".to_owned(),
        ),
        false => Block::Table(missing),
    });
    let expected = expected(scope, coverage);
    if !expected.rows.is_empty() {
        blocks.push(Block::Table(expected));
    }
    let intro = "What the figures of this report do not contain.";
    (Section::new("Coverage", Some(intro)), blocks)
}

/// How many reports and rates an analysis lacks, in a sentence; nothing when it lacks nothing.
pub(super) async fn sentence(
    tenant: &mut Tenant,
    scope: &Scope,
    books: &Books,
    analysis: &Analysis,
) -> Result<Option<String>, Fault> {
    let missing = Coverage::of(tenant, books, analysis).await?.missing;
    let (mut files, mut rates) = (BTreeMap::<&str, usize>::new(), 0);
    for missing in &missing {
        match missing {
            Missing::NotReported(period) => *files.entry(&period.vendor).or_default() += 1,
            Missing::FxRateMissing { .. } => rates += 1,
        }
    }
    let mut parts = Vec::new();
    if !files.is_empty() {
        let vendors: Vec<String> =
            files.iter().map(|(vendor, periods)| format!("{} ({periods})", scope.vendor(vendor))).collect();
        parts.push(format!(
            "Reports of these vendors are missing, with the number of periods: {}.",
            vendors.join(", ")
        ));
    }
    if rates > 0 {
        parts.push(format!(
            "Amounts of {rates} months and currencies have no rate and are not in the sums in euro."
        ));
    }
    Ok((!parts.is_empty()).then(|| parts.join(" ")))
}

/// What can be compared like for like, in a sentence.
pub(super) async fn like_for_like(
    tenant: &mut Tenant,
    scope: &Scope,
    books: &Books,
    analysis: &Analysis,
) -> Result<String, Fault> {
    let mut text = Vec::new();
    for (name, span) in [("the previous period", scope.before), ("last year", scope.last_year)] {
        let alike = coverage::like_for_like(tenant, books, analysis, (scope.span, span)).await?;
        text.push(against(scope, name, &alike));
    }
    Ok(text.join(" "))
}

fn against(scope: &Scope, name: &str, alike: &LikeForLike) -> String {
    let revenue = Metric::RevenueEur;
    if alike.stores == 0 {
        return format!("Like for like, nothing can be compared with {name}: no store reported all of both.");
    }
    let now = exact(revenue, &alike.now).unwrap_or_default();
    let before = exact(revenue, &alike.before).unwrap_or_default();
    let change = match Step::new(before, now).percent {
        Some(percent) => format!(
            "{}{}",
            if percent.is_sign_negative() { "" } else { "+" },
            scope.locale.percent(percent, 1)
        ),
        None => "from zero".to_owned(),
    };
    let stores = if alike.stores == 1 { "1 store".to_owned() } else { format!("{} stores", alike.stores) };
    let silent = alike.left_out.iter().filter(|left| left.reason == Reason::NotReported);
    let silent: Vec<&str> = silent.map(|left| scope.vendor(&left.vendor)).collect();
    let left_out = match (silent.is_empty(), alike.left_out.len() - silent.len()) {
        (true, 0) => String::new(),
        (true, others) => format!("; left out: {others} that sold in one of them only"),
        (false, 0) => format!("; left out for missing reports: {}", silent.join(", ")),
        (false, others) => {
            format!(
                "; left out: {others} that sold in one of them only and, for missing reports, {}",
                silent.join(", ")
            )
        }
    };
    format!(
        "Like for like against {name}: {change} revenue over {stores} that reported both in full{left_out}."
    )
}

fn missing(scope: &Scope, coverage: &Coverage) -> Table {
    let mut table = table(
        "Missing",
        &[("Vendor", Values::Text), ("From", Values::Date), ("To", Values::Date), ("What", Values::Text)],
    );
    for missing in &coverage.missing {
        match missing {
            Missing::NotReported(period) => {
                let what = match period.overdue_since {
                    Some(day) => format!("Not reported, overdue since {}", scope.locale.date(day)),
                    None => "Not reported".to_owned(),
                };
                push(&mut table, scope.vendor(&period.vendor), (period.start, Some(period.end)), &what);
            }
            Missing::FxRateMissing { vendor, currency, month, amount_local } => {
                let amount = scope.locale.decimal(*amount_local, 2);
                let what =
                    format!("{amount} {currency} are in no sum in euro: the rate of this month is not known");
                push(
                    &mut table,
                    scope.vendor(vendor),
                    (*month, Dimension::Month.next(*month).and_then(|next| next.pred_opt())),
                    &what,
                );
            }
        }
    }
    table
}

fn expected(scope: &Scope, coverage: &Coverage) -> Table {
    let mut table = table(
        "Expected or known not to come",
        &[("Vendor", Values::Text), ("From", Values::Date), ("To", Values::Date), ("Why", Values::Text)],
    );
    for gap in &coverage.known_gaps {
        push(
            &mut table,
            scope.vendor(&gap.vendor),
            (gap.start, Some(gap.end)),
            &format!("Known gap: {}", gap.reason),
        );
    }
    for pending in &coverage.pending {
        let why = match pending.due_on {
            Some(day) => format!("Not due before {}", scope.locale.date(day)),
            None => "Nobody can say when it is due".to_owned(),
        };
        push(&mut table, scope.vendor(&pending.vendor), (pending.start, Some(pending.end)), &why);
    }
    table
}

pub(super) fn table(title: &str, columns: &[(&str, Values)]) -> Table {
    let columns = columns.iter().map(|(title, values)| Column::new(*title, *values)).collect();
    Table::new(TableHead { title: Some(title.to_owned()), columns, notes: Vec::new() })
}

fn push(table: &mut Table, vendor: &str, (from, to): (NaiveDate, Option<NaiveDate>), what: &str) {
    let (from, to) = (from.to_string(), to.map(|to| to.to_string()));
    table.push([Some(vendor), Some(&from), to.as_deref(), Some(what)]);
}
