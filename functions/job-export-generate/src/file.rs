//! A file in one of the formats, on its way into the bucket.

use std::io::Read as _;

use cloud::ObjectWriter;
use columnar::ParquetWriter;
use domain::{
    ExportFormat, NumberStyle,
    table::{Block, Column},
};
use reporting::{Rest, TableWriter};

use crate::make::Fault;

/// What leaves at once: S3 takes 10,000 parts of an object, so this allows for 80 GB.
const PART_BYTES: usize = 8 << 20;

/// A file that is being written.
pub(crate) enum File {
    Table(TableWriter),
    Parquet(Box<ParquetWriter>),
}

impl File {
    pub(crate) fn new(format: ExportFormat, style: NumberStyle, columns: &[Column]) -> Result<Self, Fault> {
        Ok(match format {
            ExportFormat::Csv => Self::Table(TableWriter::csv(columns, style)),
            ExportFormat::Jsonl => Self::Table(TableWriter::jsonl(columns)),
            ExportFormat::Xlsx => Self::Table(TableWriter::xlsx(columns)?),
            ExportFormat::Parquet => Self::Parquet(Box::new(ParquetWriter::new(columns)?)),
        })
    }

    pub(crate) fn write(&mut self, block: &Block) -> Result<(), Fault> {
        match self {
            Self::Table(table) => table.write(block)?,
            Self::Parquet(table) => table.write(block)?,
        }
        Ok(())
    }

    /// Sends what is ready, once it is enough for a part.
    pub(crate) async fn send_part(&mut self, object: &mut ObjectWriter) -> Result<(), Fault> {
        let ready = match self {
            Self::Table(table) => table.ready(),
            Self::Parquet(table) => Some(table.ready()),
        };
        if let Some(bytes) = ready.filter(|bytes| bytes.len() >= PART_BYTES) {
            object.add(std::mem::take(bytes)).await?;
        }
        Ok(())
    }

    /// Sends the rest.
    pub(crate) async fn send_rest(self, object: &mut ObjectWriter) -> Result<(), Fault> {
        let rest = match self {
            Self::Table(table) => table.finish()?,
            Self::Parquet(table) => Rest::Memory(std::io::Cursor::new(table.finish()?)),
        };
        let mut rest = rest.take(u64::MAX);
        loop {
            let mut part = Vec::new();
            rest.set_limit(PART_BYTES as u64);
            rest.read_to_end(&mut part).map_err(|error| Fault::Later(error.into()))?;
            let is_last = part.len() < PART_BYTES;
            if !part.is_empty() {
                object.add(part).await?;
            }
            if is_last {
                return Ok(());
            }
        }
    }
}
