//! Rows that Postgres copies out: its text format, a line a row.

use std::str;

use bytes::Bytes;
use domain::table::{Block, Column};
use futures_util::{StreamExt as _, stream::BoxStream};
use memchr::{memchr, memchr_iter};

use super::rows::{BLOCK_BYTES, BLOCK_ROWS};
use crate::{Error, Result, Tenant};

/// What stands for a cell without a value.
const MISSING: &[u8] = b"\\N";

/// A running COPY.
pub(super) struct Copied<'t> {
    lines: BoxStream<'t, sqlx::Result<Bytes>>,
    /// The beginning of a line whose end has not come yet.
    begun: Vec<u8>,
    /// A cell without its escapes.
    plain: Vec<u8>,
}

impl<'t> Copied<'t> {
    pub(super) async fn begin(tenant: &'t mut Tenant, select: &str) -> Result<Self> {
        let statement = format!("COPY ({select}) TO STDOUT");
        let lines = tenant.copy_out_raw(&statement).await.map_err(Error::query("exports.copy"))?;
        Ok(Self { lines, begun: Vec::new(), plain: Vec::new() })
    }

    /// Adds rows until the block is full or none are left.
    pub(super) async fn fill(&mut self, columns: &[Column], block: &mut Block) -> Result<()> {
        while block.rows() < BLOCK_ROWS && block.size_bytes() < BLOCK_BYTES {
            let Some(bytes) = self.lines.next().await else { break };
            let bytes = bytes.map_err(Error::query("exports.copy"))?;
            let mut start = 0;
            for end in memchr_iter(b'\n', &bytes) {
                let line = &bytes[start..end];
                if self.begun.is_empty() {
                    push_row(columns, line, &mut self.plain, block)?;
                } else {
                    self.begun.extend_from_slice(line);
                    push_row(columns, &self.begun, &mut self.plain, block)?;
                    self.begun.clear();
                }
                start = end + 1;
            }
            self.begun.extend_from_slice(&bytes[start..]);
        }
        Ok(())
    }
}

/// Adds a line's cells. Tabs part them; a tab, a line end or a backslash within one is escaped.
fn push_row(columns: &[Column], line: &[u8], plain: &mut Vec<u8>, block: &mut Block) -> Result<()> {
    let escaped = memchr(b'\\', line).is_some();
    let mut start = 0;
    for (column, end) in columns.iter().zip(memchr_iter(b'\t', line).chain([line.len()])) {
        let cell = line.get(start..end).unwrap_or_default();
        start = end + 1;
        let value = if !escaped {
            Some(cell)
        } else if cell == MISSING {
            None
        } else {
            unescape(cell, plain);
            Some(plain.as_slice())
        };
        let value = value.map(str::from_utf8).transpose().map_err(Error::stored("exports.copy"))?;
        block.push(column.kind, value);
    }
    Ok(())
}

fn unescape(cell: &[u8], plain: &mut Vec<u8>) {
    plain.clear();
    let mut bytes = cell.iter().copied();
    while let Some(byte) = bytes.next() {
        plain.push(match byte {
            b'\\' => match bytes.next().unwrap_or(b'\\') {
                b'b' => 0x08,
                b'f' => 0x0c,
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'v' => 0x0b,
                other => other,
            },
            other => other,
        });
    }
}

#[cfg(test)]
mod tests {
    use domain::table::Kind;

    use super::*;

    #[test]
    fn cells_come_out_as_they_are_in_the_database() {
        let columns = [
            const { Column::new("a", Kind::Text) },
            Column::new("b", Kind::Money),
            Column::new("c", Kind::Text),
        ];
        let mut block = Block::new(3);
        for line in [&b"a\\tb\\\\\\n\\r\t\\N\t"[..], b"\xc3\xa4\t12.5000\t\\\\N"] {
            push_row(&columns, line, &mut Vec::new(), &mut block).unwrap();
        }
        let cells: Vec<_> = block.iter().flatten().collect();
        assert_eq!(cells, [Some("a\tb\\\n\r"), None, Some(""), Some("ä"), Some("12.50"), Some("\\N")]);
    }
}
