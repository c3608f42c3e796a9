//! Short lists, answered as files.

use std::io::Read as _;

use data::{
    Copying, Tenant,
    audit::Event,
    exports::{self, Selection},
};
use domain::{
    Action, ExportFormat, NumberStyle,
    table::{Block, Column},
};
use reporting::TableWriter;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Reply, Request};
use crate::{ApiError, FieldError, openapi::Operation};

/// Longest file: stays below the 6 MB that Lambda can answer, base64 included.
const BYTES_MAX: usize = 4_000_000;

/// Most rows: as many as are read and written in the time that a person waits for an answer.
const ROWS_MAX: u32 = 50_000;

/// The parameters of a list that ask for a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub struct Download {
    /// All rows as a file instead of a page; Parquet is made by `POST /v1/exports` alone.
    pub format: Option<ExportFormat>,
    /// How CSV writes numbers: with a decimal comma everywhere but in `en`.
    pub locale: Option<NumberStyle>,
}

impl Download {
    /// The same route, described as one that answers with files as well.
    #[must_use]
    pub fn of(operation: Operation) -> Operation {
        [ExportFormat::Csv, ExportFormat::Xlsx, ExportFormat::Jsonl]
            .into_iter()
            .fold(operation, |operation, format| operation.download(format.content_type()))
            .refuses(422, "export_too_large", "More rows than one answer holds: POST /v1/exports.")
            .refuses(422, "export_needed", "Parquet files are made by POST /v1/exports.")
    }

    /// Whether a file is asked for.
    ///
    /// # Errors
    /// 400 for a locale that says nothing about this format.
    pub fn wanted(self) -> Result<Option<(ExportFormat, NumberStyle)>, ApiError> {
        if self.locale.is_some() && self.format != Some(ExportFormat::Csv) {
            let message = "locale says how CSV writes numbers; other formats have typed values.";
            return Err(ApiError::invalid_query(FieldError::new("locale", "not_for_format", message)));
        }
        Ok(self.format.map(|format| (format, self.locale.unwrap_or(NumberStyle::Point))))
    }
}

impl Request {
    /// Answers with a selection as a file: all of it, or a refusal that says how to get it.
    ///
    /// # Errors
    /// 422 `export_too_large`, 422 `export_needed` for a format that is made by exports alone.
    pub async fn download(
        &self,
        mut tenant: Copying,
        selection: &Selection,
        wanted: (ExportFormat, NumberStyle),
    ) -> Result<Reply, ApiError> {
        let sight = exports::sight(&mut tenant).await?;
        let mut rows = exports::open(&mut tenant, selection, sight.shows_costs(), Some(ROWS_MAX + 1)).await?;
        let mut table = writer(wanted, rows.columns())?;
        let mut count = 0;
        while let Some(block) = rows.next().await? {
            count += block.rows();
            table.write(block)?;
            if count > ROWS_MAX as usize || table.ready().is_some_and(|bytes| bytes.len() > BYTES_MAX) {
                return Err(too_large());
            }
        }
        drop(rows);
        self.file(tenant.into_tenant(), selection.file_stem(), wanted.0, (table, count)).await
    }

    /// Answers with a table that is known already.
    ///
    /// # Errors
    /// Those of [`download`](Self::download).
    pub async fn download_table(
        &self,
        tenant: Tenant,
        stem: &str,
        (columns, block): (&[Column], &Block),
        wanted: (ExportFormat, NumberStyle),
    ) -> Result<Reply, ApiError> {
        let mut table = writer(wanted, columns)?;
        table.write(block)?;
        self.file(tenant, stem, wanted.0, (table, block.rows())).await
    }

    async fn file(
        &self,
        mut tenant: Tenant,
        stem: &str,
        format: ExportFormat,
        (mut table, count): (TableWriter, usize),
    ) -> Result<Reply, ApiError> {
        let mut bytes = table.ready().map(std::mem::take).unwrap_or_default();
        table.finish()?.read_to_end(&mut bytes)?;
        if bytes.len() > BYTES_MAX {
            return Err(too_large());
        }
        let event = Event::new(Action::ExportDownloaded).with("of", stem);
        self.record(&mut tenant, event.with("format", format.as_str()).with("rows", count));
        tenant.commit().await?;
        Ok(Reply::file(format.content_type(), &format!("{stem}.{}", format.as_str()), bytes))
    }
}

fn writer((format, style): (ExportFormat, NumberStyle), columns: &[Column]) -> Result<TableWriter, ApiError> {
    Ok(match format {
        ExportFormat::Csv => TableWriter::csv(columns, style),
        ExportFormat::Jsonl => TableWriter::jsonl(columns),
        ExportFormat::Xlsx => TableWriter::xlsx(columns)?,
        ExportFormat::Parquet => {
            let detail = "Parquet files are made by POST /v1/exports.";
            return Err(ApiError::unprocessable("export_needed", detail));
        }
    })
}

fn too_large() -> ApiError {
    let detail = "This is more than one answer can hold: POST /v1/exports makes a file of all of it.";
    ApiError::unprocessable("export_too_large", detail)
}
