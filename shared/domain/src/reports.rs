//! Reports that people have made or get sent: their kinds, their forms, what they show.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    UploadId,
    metrics::{Analysis, Filter, Metric},
    words::words,
};

words!(
    /// What a report is about.
    ReportKind {
        SalesSummary = "sales_summary",
        Transactions = "transactions",
        VendorScorecard = "vendor_scorecard",
        ProductPerformance = "product_performance",
        /// Uploads, restatements, open questions, rejects, missing files.
        DataQuality = "data_quality",
        /// What a file said against what was made of it.
        UploadCleaning = "upload_cleaning",
        /// The groups of one analysis.
        Custom = "custom",
    }
);

words!(
    /// What a report is written as.
    ReportFormat {
        Pdf = "pdf",
        Xlsx = "xlsx",
        Csv = "csv",
    }
);

words!(
    /// How far a report is.
    ReportStatus {
        Queued = "queued",
        Running = "running",
        Ready = "ready",
        Failed = "failed",
        /// It was ready, and its file has been removed.
        Expired = "expired",
    }
);

words!(
    /// How a report writes numbers and days.
    ReportLocale {
        English = "en",
        German = "de",
        French = "fr",
        Spanish = "es",
        Polish = "pl",
    }
);

/// What a report shows of its days, beyond what its kind says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportScope {
    #[serde(default)]
    pub filters: Vec<Filter>,
    /// Of a custom report; its days and filters are those of the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub analysis: Option<Box<Analysis>>,
    /// Of a cleaning report about one file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload_id: Option<UploadId>,
}

/// Somebody whom a schedule sends its reports to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportRecipient {
    pub address: String,
    /// What narrows the rows of the schedule's owner for somebody without a login; nothing else is sent to them. Whoever has a
    /// login gets what it may see itself.
    pub filters: Option<Vec<Filter>>,
}

impl ReportKind {
    pub const ALL: [Self; 7] = [
        Self::SalesSummary,
        Self::Transactions,
        Self::VendorScorecard,
        Self::ProductPerformance,
        Self::DataQuality,
        Self::UploadCleaning,
        Self::Custom,
    ];

    /// What it is called on its cover and in mails.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::SalesSummary => "Sales summary",
            Self::Transactions => "Transactions",
            Self::VendorScorecard => "Vendor scorecard",
            Self::ProductPerformance => "Product performance",
            Self::DataQuality => "Data quality",
            Self::UploadCleaning => "Upload cleaning",
            Self::Custom => "Custom report",
        }
    }

    /// The permissions without which nobody gets one.
    #[must_use]
    pub fn needs(self, scope: &ReportScope) -> &'static [&'static str] {
        let costs = |metric: &Metric| metric.definition().is_cost;
        match self {
            Self::SalesSummary | Self::VendorScorecard | Self::ProductPerformance => &["analytics:read"],
            Self::Transactions => &["sales:read"],
            Self::DataQuality => &["analytics:read", "uploads:read"],
            Self::UploadCleaning => &["uploads:read"],
            Self::Custom if scope.analysis.as_ref().is_some_and(|asked| asked.metrics.iter().any(costs)) => {
                &["analytics:read", "costs:read"]
            }
            Self::Custom => &["analytics:read"],
        }
    }
}

impl ReportFormat {
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }
}

impl ReportStatus {
    /// Whether nothing will happen to it but its end.
    #[must_use]
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}
