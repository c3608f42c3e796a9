//! The matrix as the API shows it.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use data::coverage::{Cell, MissingPeriod, Reported, Rhythm, State, VendorCoverage, missing, state_word};
use domain::UploadId;
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

/// All vendors are on one page: there are as many as retailers a brand sells through.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct View {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    /// The day on which this is true.
    as_of: NaiveDate,
    data: Vec<VendorView>,
    /// The cells that are missing, over all vendors.
    missing: Vec<MissingPeriod>,
    next_cursor: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct VendorView {
    vendor: String,
    /// `null` while too few periods are known, or they have no rhythm.
    rhythm: Option<RhythmView>,
    history: HistoryView,
    last_reported: NaiveDate,
    overdue_since: Option<NaiveDate>,
    periods: Vec<CellView>,
    months: Vec<MonthView>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "every", rename_all = "snake_case")]
enum RhythmView {
    Day,
    Week { begins_on: &'static str },
    Month,
    Quarter,
}

/// What the expectation rests on.
#[derive(Debug, Serialize, JsonSchema)]
struct HistoryView {
    periods: usize,
    /// Days on which something newer than before came in.
    arrivals: usize,
    /// From the end of a period to its arrival; `null` while too little was seen to say what is usual.
    usual_delay_days: Option<u64>,
    /// `false`: nothing is called overdue yet.
    enough: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CellView {
    start: NaiveDate,
    end: NaiveDate,
    state: &'static str,
    /// Whether a part of it lies outside the span that was asked for. It counts where its last day lies.
    crosses_span: bool,
    upload: Option<UploadRef>,
    /// How often it was stated, restatements included.
    statements: i64,
    first_reported_on: Option<NaiveDate>,
    due_on: Option<NaiveDate>,
    overdue_since: Option<NaiveDate>,
    known_gap: Option<KnownGapRef>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct UploadRef {
    id: UploadId,
    file_name: String,
    stated_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct KnownGapRef {
    id: Uuid,
    reason: String,
}

/// The cells whose last day lies in a month, as figures count them.
#[derive(Debug, Serialize, JsonSchema)]
struct MonthView {
    month: NaiveDate,
    /// Whether everything that should have come has come.
    complete: bool,
    reported: usize,
    missing: usize,
    known_gaps: usize,
    /// Not due, or nobody can say.
    pending: usize,
}

impl View {
    pub(super) fn new(
        vendors: Vec<VendorCoverage>,
        from: Option<NaiveDate>,
        to: Option<NaiveDate>,
        as_of: NaiveDate,
    ) -> Self {
        let missing = missing(&vendors);
        let data = vendors.into_iter().map(|vendor| VendorView::new(vendor, from, to)).collect();
        Self { from, to, as_of, data, missing, next_cursor: None }
    }
}

impl VendorView {
    fn new(vendor: VendorCoverage, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Self {
        let usual_delay_days = vendor.arrivals.usual_delay_days;
        Self {
            rhythm: vendor.rhythm.map(RhythmView::from),
            history: HistoryView {
                periods: vendor.periods,
                arrivals: vendor.arrivals.seen,
                usual_delay_days,
                enough: usual_delay_days.is_some(),
            },
            last_reported: vendor.last_reported,
            overdue_since: vendor.cells.iter().filter_map(|cell| cell.overdue_since).min(),
            months: months(&vendor.cells),
            periods: vendor.cells.into_iter().map(|cell| CellView::new(cell, from, to)).collect(),
            vendor: vendor.vendor,
        }
    }
}

impl From<Rhythm> for RhythmView {
    fn from(rhythm: Rhythm) -> Self {
        match rhythm {
            Rhythm::Daily => Self::Day,
            Rhythm::Weekly(first) => Self::Week {
                begins_on: match first {
                    chrono::Weekday::Mon => "monday",
                    chrono::Weekday::Tue => "tuesday",
                    chrono::Weekday::Wed => "wednesday",
                    chrono::Weekday::Thu => "thursday",
                    chrono::Weekday::Fri => "friday",
                    chrono::Weekday::Sat => "saturday",
                    chrono::Weekday::Sun => "sunday",
                },
            },
            Rhythm::Monthly => Self::Month,
            Rhythm::Quarterly => Self::Quarter,
        }
    }
}

impl CellView {
    fn new(cell: Cell, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Self {
        let (start, end) = (cell.period.start(), cell.period.end());
        Self {
            start,
            end,
            state: state_word(cell.state),
            crosses_span: from.is_some_and(|from| start < from) || to.is_some_and(|to| end > to),
            statements: cell.reported.as_ref().map_or(0, |reported| reported.statements),
            first_reported_on: cell.reported.as_ref().map(|reported| reported.first_stated_on),
            upload: cell.reported.map(UploadRef::from),
            due_on: cell.due_on,
            overdue_since: cell.overdue_since,
            known_gap: cell.known_gap.map(|gap| KnownGapRef { id: gap.id, reason: gap.reason }),
        }
    }
}

impl From<Reported> for UploadRef {
    fn from(reported: Reported) -> Self {
        Self { id: reported.upload, file_name: reported.file_name, stated_at: reported.stated_at }
    }
}

fn months(cells: &[Cell]) -> Vec<MonthView> {
    let mut months: BTreeMap<NaiveDate, MonthView> = BTreeMap::new();
    for cell in cells {
        let end = cell.period.end();
        let month = end.with_day(1).unwrap_or(end);
        let counts = months.entry(month).or_insert(MonthView {
            month,
            complete: true,
            reported: 0,
            missing: 0,
            known_gaps: 0,
            pending: 0,
        });
        *match cell.state {
            State::Reported => &mut counts.reported,
            State::Missing => &mut counts.missing,
            State::KnownGap => &mut counts.known_gaps,
            State::NotDue | State::Unknown => &mut counts.pending,
        } += 1;
        counts.complete = counts.missing + counts.pending == 0;
    }
    months.into_values().collect()
}
