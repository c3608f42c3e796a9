//! What kind of file it is, by its content alone: names lie.

use std::{
    fs::File,
    io::{self, Read, Seek},
    path::Path,
};

use domain::MAX_FILE_BYTES;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252};
use memchr::memchr;

use crate::Refusal;

pub(super) enum Kind {
    Workbook,
    Text(&'static Encoding),
}

/// Enough to see magic numbers and the rhythm of UTF-16.
const HEAD_BYTES: usize = 4096;
const BLOCK_BYTES: usize = 64 * 1024;
/// Where the directory of an OLE2 container names its streams; real ones stand within the first sectors.
const OLE_DIRECTORY_BYTES: u64 = 1024 * 1024;

pub(super) fn sniff(path: &Path) -> Result<Kind, Refusal> {
    let mut file = File::open(path).map_err(|_| unreadable())?;
    let size = file.metadata().map_err(|_| unreadable())?.len();
    if size == 0 {
        return Err(Refusal::new(
            "file_empty",
            "The file is empty. Please export it again and upload it once more.",
        ));
    }
    if size > MAX_FILE_BYTES {
        return Err(Refusal::new(
            "file_too_large",
            format!("The file is larger than {} MB. Please split it by month.", MAX_FILE_BYTES >> 20),
        ));
    }
    let mut head = Vec::with_capacity(HEAD_BYTES);
    file.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head).map_err(|_| unreadable())?;
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(Kind::Workbook);
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Err(ole_container(head, file));
    }
    if let Some(what) = known_binary(&head) {
        return Err(Refusal::new(
            "not_a_table",
            format!("This is {what}, whatever its name says. Please send the sales file as XLSX or CSV."),
        ));
    }
    text_encoding(&head, file).map(Kind::Text)
}

fn unreadable() -> Refusal {
    Refusal::new("unreadable", "The file could not be read. Please upload it again.")
}

/// Password-protected workbooks and the XLS format of before 2007 share one container.
fn ole_container(mut head: Vec<u8>, file: File) -> Refusal {
    // A container too short to read on is judged by its first bytes.
    let _ = file.take(OLE_DIRECTORY_BYTES).read_to_end(&mut head);
    let encrypted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if head.windows(encrypted.len()).any(|window| window == encrypted) {
        return Refusal::new(
            "workbook_encrypted",
            "The workbook is protected with a password. Please remove the password in Excel and upload it again.",
        );
    }
    Refusal::new(
        "old_excel_format",
        "This is an Excel file in the old XLS format. Please save it as XLSX or CSV and upload it again.",
    )
}

fn known_binary(head: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 10] = [
        (b"%PDF", "a PDF document"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"GIF8", "a picture"),
        (b"BM", "a picture"),
        (b"RIFF", "a picture or sound"),
        (b"\x1f\x8b", "a packed archive"),
        (b"7z\xbc\xaf", "a packed archive"),
        (b"Rar!", "a packed archive"),
        (b"PAR1", "a Parquet file"),
    ];
    // "BM" may begin a text; a bitmap goes on with NUL bytes.
    let is = |magic: &[u8]| head.starts_with(magic) && (magic != b"BM" || head.contains(&0));
    MAGIC.iter().find(|(magic, _)| is(magic)).map(|(_, what)| *what).or_else(|| markup(head))
}

fn markup(head: &[u8]) -> Option<&'static str> {
    let start: String = head
        .iter()
        .take(200)
        .map(|b| char::from(b.to_ascii_lowercase()))
        .filter(|c| !c.is_whitespace())
        .collect();
    let start = start.trim_start_matches("ï»¿");
    if start.starts_with("<!doctypehtml") || start.starts_with("<html") {
        return Some("a web page");
    }
    if start.starts_with("<?xml") || start.starts_with("<!doctype") {
        return Some("an XML file");
    }
    (start.starts_with("{\"") || start.starts_with("[{")).then_some("a JSON file")
}

/// UTF-8 where the whole file is valid, UTF-16 by mark or rhythm, otherwise the Windows code page of its letters.
fn text_encoding(head: &[u8], mut rest: File) -> Result<&'static Encoding, Refusal> {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return Ok(encoding);
    }
    let nul_at = |parity: usize| head.iter().skip(parity).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (nul_at(0), nul_at(1));
    if even + odd > 0 {
        // Western letters have their NUL in the same one of two places, other letters have none.
        let half = head.len() / 2;
        return match () {
            () if odd > half / 8 && even == 0 => Ok(UTF_16LE),
            () if even > half / 8 && odd == 0 => Ok(UTF_16BE),
            () => Err(binary()),
        };
    }
    let mut pending = head.to_vec();
    let mut buffer = vec![0; BLOCK_BYTES];
    loop {
        if memchr(0, &pending).is_some() {
            return Err(binary());
        }
        // The last bytes may be the beginning of a character that the next block completes.
        let valid = Encoding::utf8_valid_up_to(&pending);
        if pending.len() - valid >= 4 {
            return code_page(rest);
        }
        pending.drain(..valid);
        let count = read(&mut rest, &mut buffer)?;
        if count == 0 {
            return if pending.is_empty() { Ok(UTF_8) } else { code_page(rest) };
        }
        pending.extend_from_slice(buffer.get(..count).unwrap_or_default());
    }
}

/// The Windows code page in which the letters of a file make words.
fn code_page(mut file: File) -> Result<&'static Encoding, Refusal> {
    file.rewind().map_err(|_| unreadable())?;
    let mut letters = Letters::default();
    let mut pending = Vec::new();
    let mut buffer = vec![0; BLOCK_BYTES];
    loop {
        let count = read(&mut file, &mut buffer)?;
        if count == 0 {
            return Ok(letters.code_page());
        }
        pending.extend_from_slice(buffer.get(..count).unwrap_or_default());
        if memchr(0, &pending).is_some() {
            return Err(binary());
        }
        letters.count(&pending);
        // A letter is judged by its neighbours, which may stand in the next block.
        pending.drain(..pending.len().saturating_sub(2));
    }
}

/// Letters of one byte: which code page makes words of them.
#[derive(Default)]
struct Letters {
    /// Letters in Central Europe that Western Europe has no use for there: `Wis³a` is `Wisła`, `œwieca` is `świeca`,
    /// `Kè` is the Czech crown.
    central: u64,
    /// Three letters beyond ASCII in a row: only other alphabets have such words.
    cyrillic: u64,
    /// Any letters beyond ASCII.
    all: u64,
}

impl Letters {
    fn count(&mut self, bytes: &[u8]) {
        const CENTRAL: [u8; 18] = [
            0xa3, 0xa5, 0xaf, 0xb3, 0xb9, 0xbc, 0xbe, 0xbf, 0x8a, 0x8c, 0x8e, 0x8f, 0x9a, 0x9c, 0x9d, 0x9e,
            0x9f, 0xec,
        ];
        for window in bytes.windows(3) {
            let [before, byte, after] = window else { continue };
            if byte.is_ascii() {
                continue;
            }
            let is_letter = |byte: u8| byte.is_ascii_alphabetic() || byte >= 0xc0;
            // `cœur` is French: in Polish an `i` or `u` does not follow `ś`.
            let french = matches!(*byte, 0x8c | 0x9c) && b"iuIU".contains(after);
            let in_word = is_letter(*before) && is_letter(*after) && !french;
            let begins_word = !before.is_ascii_alphanumeric() && *before < 0x80;
            let polish = *byte == 0x9c && b"bcdfgklmnprtwz".contains(after);
            // `£ódŸ` is `Łódź`; behind a pound sign stands no vowel.
            let city = *byte == 0xa3 && (b"aouy".contains(after) || *after >= 0xc0);
            let koruna = *before == b'K' && *byte == 0xe8 && !after.is_ascii_alphanumeric();
            let central = (in_word && CENTRAL.contains(byte)) || (begins_word && (polish || city)) || koruna;
            self.central += u64::from(central);
            self.cyrillic += u64::from(window.iter().all(|byte| *byte >= 0xc0));
            self.all += 1;
        }
    }

    fn code_page(&self) -> &'static Encoding {
        match () {
            () if self.cyrillic * 3 > self.all => WINDOWS_1251,
            () if self.central > 0 => WINDOWS_1250,
            () => WINDOWS_1252,
        }
    }
}

fn read(file: &mut File, buffer: &mut [u8]) -> Result<usize, Refusal> {
    loop {
        match file.read(buffer) {
            Ok(count) => return Ok(count),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return Err(unreadable()),
        }
    }
}

fn binary() -> Refusal {
    Refusal::new(
        "binary_content",
        "The file holds characters that no table has (NUL bytes); it is damaged or not a table. Please export it again.",
    )
}
