#![doc = include_str!("../README.md")]

mod schema;
mod values;

use std::sync::Arc;

use domain::table::{Block, Column};
use parquet::{
    basic::Compression,
    file::{properties::WriterProperties, writer::SerializedFileWriter},
};

use self::values::Values;

/// Rows of a group: what readers skip or read at once.
const GROUP_ROWS: usize = 50_000;

/// Why a table could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the Parquet file cannot be written")]
    Parquet(#[from] parquet::errors::ParquetError),
    #[error("{value} in column {column} is not what the column is of")]
    Value { column: String, value: String },
}

/// A table in the making.
pub struct ParquetWriter {
    file: SerializedFileWriter<Vec<u8>>,
    columns: Vec<Column>,
    /// Of the group that is being filled.
    values: Vec<Values>,
    rows: usize,
    group_rows: usize,
}

impl ParquetWriter {
    /// # Errors
    /// When the columns make no schema.
    pub fn new(columns: &[Column]) -> Result<Self, Error> {
        Self::with_groups_of(GROUP_ROWS, columns)
    }

    fn with_groups_of(group_rows: usize, columns: &[Column]) -> Result<Self, Error> {
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let file = SerializedFileWriter::new(Vec::new(), schema::of(columns)?, Arc::new(properties))?;
        let values = columns.iter().map(|column| Values::of(column.kind)).collect();
        Ok(Self { file, columns: columns.to_vec(), values, rows: 0, group_rows })
    }

    /// # Errors
    /// When a value is none of its column.
    pub fn write(&mut self, block: &Block) -> Result<(), Error> {
        for (place, (values, column)) in self.values.iter_mut().zip(&self.columns).enumerate() {
            for cell in block.column(place) {
                values.push(cell).map_err(|value| Error::Value { column: column.name.to_string(), value })?;
            }
        }
        self.rows += block.rows();
        if self.rows >= self.group_rows {
            self.end_group()?;
        }
        Ok(())
    }

    /// Bytes that are ready to leave.
    pub fn ready(&mut self) -> &mut Vec<u8> {
        self.file.inner_mut()
    }

    /// What follows the bytes that have been taken.
    ///
    /// # Errors
    /// When the last group cannot be written.
    pub fn finish(mut self) -> Result<Vec<u8>, Error> {
        if self.rows > 0 {
            self.end_group()?;
        }
        Ok(self.file.into_inner()?)
    }

    fn end_group(&mut self) -> Result<(), Error> {
        let mut group = self.file.next_row_group()?;
        for values in &mut self.values {
            if let Some(mut column) = group.next_column()? {
                values.write(column.untyped())?;
                column.close()?;
            }
            values.clear();
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
