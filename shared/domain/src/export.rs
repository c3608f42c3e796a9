//! Files made of lists and analyses.

use serde::{Deserialize, Serialize};

use crate::words::words;

words!(
    /// What a list or an analysis is written as.
    ExportFormat {
        /// With a byte order mark, for spreadsheet programs.
        Csv = "csv",
        Xlsx = "xlsx",
        Parquet = "parquet",
        /// One JSON object a line.
        Jsonl = "jsonl",
    }
);

words!(
    /// How far an export is.
    ExportStatus {
        Queued = "queued",
        Running = "running",
        Ready = "ready",
        Failed = "failed",
        /// It was ready, and its file has been removed.
        Expired = "expired",
    }
);

words!(
    /// How numbers are written in CSV.
    NumberStyle {
        /// `1234.5`, cells separated by commas.
        Point = "en",
        German = "de",
        French = "fr",
        Spanish = "es",
        Italian = "it",
        Dutch = "nl",
        Polish = "pl",
        Portuguese = "pt",
        Czech = "cs",
        Danish = "da",
        Swedish = "sv",
        Finnish = "fi",
    }
);

impl ExportFormat {
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Parquet => "application/vnd.apache.parquet",
            Self::Jsonl => "application/x-ndjson",
        }
    }
}

impl ExportStatus {
    /// Whether nothing will happen to it but its end.
    #[must_use]
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}

impl NumberStyle {
    /// `1234,5`, and cells separated by semicolons: what spreadsheet programs of these countries read by themselves.
    #[must_use]
    pub fn has_comma(self) -> bool {
        self != Self::Point
    }
}
