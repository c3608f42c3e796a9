//! What each kind of report says: from the books, as one subject may see them, to sections.

mod breakdown;
mod cleaning;
mod compared;
mod custom;
mod gaps;
mod notes;
mod performance;
mod quality;
mod scorecard;
mod summary;
mod transactions;
mod trend;

use std::collections::BTreeMap;

use chrono::Datelike as _;
use data::Tenant;
use domain::{
    Currency, ReportKind, UploadId,
    metrics::{Analysis, Dimension, Filter, Metric, Span, Sums},
};
use reporting::document::{Block, Locale, Section, Unit};

pub(crate) use transactions::write as write_transactions;

use crate::make::Fault;

/// Metrics that every sales report begins with. Those of costs only for whom may see costs.
const KEY_FIGURES: [Metric; 6] = [
    Metric::RevenueEur,
    Metric::Units,
    Metric::AveragePriceEur,
    Metric::Orders,
    Metric::AverageOrderValueEur,
    Metric::ReturnRate,
];
const COST_FIGURES: [Metric; 2] = [Metric::GrossProfitEur, Metric::Margin];

/// What a report is about.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    pub(crate) span: Span,
    /// What it is compared with: the period before, and the same days a year ago.
    pub(crate) before: Span,
    pub(crate) last_year: Span,
    pub(crate) filters: Vec<Filter>,
    /// Of a custom report: which figures, by what. Its days and filters are those above.
    pub(crate) analysis: Option<Analysis>,
    /// Of a cleaning report.
    pub(crate) upload: Option<UploadId>,
    pub(crate) locale: Locale,
    /// What people call vendors, by key.
    pub(crate) vendors: BTreeMap<String, String>,
    /// Whether whoever it is made for may see costs.
    pub(crate) shows_costs: bool,
}

/// What a report says, before it has a format.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Content {
    pub(crate) subtitle: Option<String>,
    /// For the cover, each with its name.
    pub(crate) facts: Vec<(String, String)>,
    /// Why there is nothing to show.
    pub(crate) empty: Option<String>,
    pub(crate) sections: Vec<(Section, Vec<Block>)>,
}

impl Scope {
    /// These figures of what the report is about.
    fn analysis(&self, metrics: &[Metric]) -> Analysis {
        let Span { from, to } = self.span;
        Analysis { filters: self.filters.clone(), ..Analysis::of(metrics).within(from, to) }
    }

    fn spans(&self) -> [Span; 3] {
        [self.span, self.before, self.last_year]
    }

    /// The key figures that its reader may see.
    fn key_figures(&self) -> Vec<Metric> {
        let costs = COST_FIGURES.iter().filter(|_| self.shows_costs);
        KEY_FIGURES.iter().chain(costs).copied().collect()
    }

    fn dates(&self, span: Span) -> String {
        in_words(span, self.locale)
    }

    /// What people call a vendor.
    fn vendor<'a>(&'a self, key: &'a str) -> &'a str {
        self.vendors.get(key).map_or(key, String::as_str)
    }

    /// What the cover says of its filters, if there are any.
    fn filtered(&self) -> Option<String> {
        let say = |filter: &Filter| {
            let values = filter.values.iter().map(|value| match (filter.dimension, value) {
                (_, None) => "not stated",
                (Dimension::Vendor, Some(key)) => self.vendor(key),
                (_, Some(value)) => value,
            });
            let values = values.collect::<Vec<_>>().join(", ");
            let not = if filter.excluded { "not " } else { "" };
            format!("{}: {not}{values}", breakdown::heading(&[filter.dimension]))
        };
        let filters: Vec<String> = self.filters.iter().map(say).collect();
        (!filters.is_empty()).then(|| filters.join("; "))
    }
}

/// Days in words: `January 2026` where they are months, else both ends.
pub(crate) fn in_words(span: Span, locale: Locale) -> String {
    let Span { from, to } = span;
    match span.whole_months() {
        Some(1) => from.format("%B %Y").to_string(),
        Some(12) if from.month() == 1 => from.format("%Y").to_string(),
        Some(_) if from.year() == to.year() => format!("{} to {}", from.format("%B"), to.format("%B %Y")),
        Some(_) => format!("{} to {}", from.format("%B %Y"), to.format("%B %Y")),
        None if from == to => locale.date(from),
        None => format!("{} to {}", locale.date(from), locale.date(to)),
    }
}

/// What a kind of report says about its scope.
///
/// # Errors
/// When the books cannot be read, or the scope asks for what there is not.
pub(crate) async fn content(tenant: &mut Tenant, kind: ReportKind, scope: &Scope) -> Result<Content, Fault> {
    let mut content = match kind {
        ReportKind::SalesSummary => summary::content(tenant, scope).await,
        ReportKind::Transactions => transactions::content(tenant, scope).await,
        ReportKind::VendorScorecard => scorecard::content(tenant, scope).await,
        ReportKind::ProductPerformance => performance::content(tenant, scope).await,
        ReportKind::DataQuality => quality::content(tenant, scope).await,
        ReportKind::UploadCleaning => cleaning::content(tenant, scope).await,
        ReportKind::Custom => custom::content(tenant, scope).await,
    }?;
    content.facts.extend(scope.filtered().map(|filters| ("Only".to_owned(), filters)));
    Ok(content)
}

/// How a figure is shown.
fn unit(metric: Metric) -> Unit {
    use domain::metrics::Unit as Of;
    match metric.definition().unit {
        Of::Euro => Unit::Money(Currency::EUR),
        Of::LocalCurrency => Unit::Decimal(2),
        Of::Pieces if metric == Metric::ItemsPerOrder => Unit::Decimal(2),
        Of::Pieces | Of::Orders | Of::Buyers => Unit::Integer,
        Of::Percent => Unit::Percent,
    }
}

/// Why nothing is shown, when nothing is.
fn nothing(scope: &Scope, sums: &Sums) -> Option<String> {
    let filtered = if scope.filters.is_empty() { "" } else { " that fits the filters of this report" };
    (sums.records == 0).then(|| {
        format!(
            "No row of {}{filtered} has been booked. What is missing, if anything is, stands under Coverage.",
            scope.dates(scope.span)
        )
    })
}

#[cfg(test)]
mod tests;
