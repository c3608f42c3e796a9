//! The ZIP container, with everything measured that it claims.

use std::{
    cell::Cell,
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom},
    rc::Rc,
};

use zip::{ZipArchive, read::ZipFile, result::ZipError};

use super::unreadable;
use crate::Refusal;

/// A workbook has a few dozen parts; reading the directory of an archive with more is already expensive.
const MAX_ENTRIES: u64 = 10_000;
/// All parts of an honest workbook inflate to less than this, each reading counted: Excel itself stops near it.
const MAX_INFLATED_BYTES: u64 = 1024 * 1024 * 1024;
/// Sheets of repetitive figures shrink to a thirtieth; beyond this it is a bomb.
const MAX_RATIO: u64 = 150;
/// Below this the ratio does not matter.
const RATIO_FREE_BYTES: u64 = 16 * 1024 * 1024;

pub(super) struct Package {
    archive: ZipArchive<BufReader<File>>,
    file_bytes: u64,
    inflated: Rc<Cell<u64>>,
}

pub(super) type Part<'a> = Inflating<ZipFile<'a, BufReader<File>>>;

impl Package {
    pub(super) fn open(mut file: File) -> Result<Self, Refusal> {
        let file_bytes = file.metadata().map_err(|_| unreadable())?.len();
        if declared_entries(&mut file, file_bytes).map_err(|_| unreadable())? > MAX_ENTRIES {
            return Err(bomb());
        }
        let archive = ZipArchive::new(BufReader::new(file)).map_err(|_| unreadable())?;
        Ok(Self { archive, file_bytes, inflated: Rc::new(Cell::new(0)) })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.archive.index_for_name(name).is_some()
    }

    /// Opens a part; `None` when the archive has none of this name.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Part<'_>>, Refusal> {
        let entry = match self.archive.by_name(name) {
            Ok(entry) => entry,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => {
                return Err(Refusal::new(
                    "workbook_encrypted",
                    "The archive is protected with a password. Please send the file without one.",
                ));
            }
            Err(_) => return Err(unreadable()),
        };
        // A part is read up to twice: once to learn its columns, once for its rows.
        let cap = MAX_INFLATED_BYTES.min((self.file_bytes * MAX_RATIO).max(RATIO_FREE_BYTES)) * 2;
        Ok(Some(Inflating { inner: entry, total: Rc::clone(&self.inflated), cap }))
    }
}

/// What a refused archive is told.
pub(super) fn bomb() -> Refusal {
    Refusal::new(
        "workbook_too_large",
        "The workbook unpacks to far more data than a sales report holds. Please send it as CSV.",
    )
}

/// Counts what is inflated over all parts and fails beyond the cap.
pub(super) struct Inflating<R> {
    inner: R,
    total: Rc<Cell<u64>>,
    cap: u64,
}

impl<R: Read> Read for Inflating<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let total = self.total.get() + count as u64;
        self.total.set(total);
        if total > self.cap {
            return Err(io::Error::new(io::ErrorKind::QuotaExceeded, "archive inflates beyond its limit"));
        }
        Ok(count)
    }
}

/// The largest number of entries that any end record in the file claims: the archive reader reserves memory by
/// it before it looks at the entries.
fn declared_entries(file: &mut File, file_bytes: u64) -> io::Result<u64> {
    /// End record, comment of up to 64 KiB and the zip64 locator before it.
    const TAIL_BYTES: u64 = 22 + 65_535 + 20;
    file.seek(SeekFrom::Start(file_bytes.saturating_sub(TAIL_BYTES)))?;
    let mut tail = Vec::new();
    file.by_ref().take(TAIL_BYTES).read_to_end(&mut tail)?;
    let mut entries = 0;
    for (offset, window) in tail.windows(4).enumerate() {
        match window {
            b"PK\x05\x06" => entries = entries.max(u64::from(little_u16(&tail, offset + 10))),
            b"PK\x06\x07" => {
                file.seek(SeekFrom::Start(little_u64(&tail, offset + 8)))?;
                let mut record = Vec::new();
                file.by_ref().take(56).read_to_end(&mut record)?;
                entries = entries.max(little_u64(&record, 32));
            }
            _ => {}
        }
    }
    file.seek(SeekFrom::Start(0))?;
    // 65,535 says "look into the zip64 record", whose own number was taken above.
    Ok(if entries == 65_535 { 0 } else { entries })
}

fn little_u16(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).and_then(|b| b.try_into().ok()).map_or(0, u16::from_le_bytes)
}

fn little_u64(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|b| b.try_into().ok()).map_or(0, u64::from_le_bytes)
}
