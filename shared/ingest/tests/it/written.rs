//! One table of sales, written the way any program may write it.

use std::io::Write;

use encoding_rs::{Encoding, WINDOWS_1250, WINDOWS_1252};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

/// Valid check digits.
const EANS: [&str; 5] = ["9529843000349", "4006381333931", "4002432117314", "0298430001210", "3760000000017"];
/// Names with separators and quotation marks in them.
const PRODUCTS: [&str; 5] = ["Rose, 100 ml", "Oud \"Noir\"", "Amber; Musk | Set", "Candle\tmarble", "L'Eau"];

/// One sale as its file means it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Sale {
    /// Month and day of 2026.
    pub(crate) day: (u32, u32),
    pub(crate) store: usize,
    pub(crate) product: usize,
    pub(crate) quantity: i64,
    pub(crate) cents: i64,
}

impl Sale {
    pub(crate) fn ean(&self) -> &'static str {
        EANS[self.product]
    }

    pub(crate) fn name(&self) -> &'static str {
        PRODUCTS[self.product]
    }

    pub(crate) fn date(&self) -> String {
        format!("2026-{:02}-{:02}", self.day.0, self.day.1)
    }
}

/// Some sales, some of them returns, some of thousands.
pub(crate) fn sales() -> impl Strategy<Value = Vec<Sale>> {
    let quantity = prop_oneof![6 => 1i64..20, 2 => -3i64..0, 1 => 900i64..2500];
    let sale = ((1u32..=4, 1u32..=28), 0usize..3, 0usize..5, quantity, 500i64..25_000);
    let sale = sale.prop_map(|(day, store, product, quantity, price)| Sale {
        day,
        store,
        product,
        quantity,
        cents: quantity * price,
    });
    prop::collection::vec(sale, 4..30)
}

/// How a program writes delimited text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dialect {
    delimiter: char,
    quotes_all: bool,
    line_end: &'static str,
    decimal: char,
    thousands: &'static str,
}

const fn dialect(
    delimiter: char,
    quotes_all: bool,
    line_end: &'static str,
    decimal: char,
    thousands: &'static str,
) -> Dialect {
    Dialect { delimiter, quotes_all, line_end, decimal, thousands }
}

pub(crate) const DIALECTS: [Dialect; 8] = [
    dialect(',', false, "\n", '.', ""),
    dialect(',', true, "\r\n", '.', ","),
    dialect(';', false, "\r\n", ',', ""),
    dialect(';', true, "\n", ',', "."),
    dialect('\t', false, "\n", ',', "\u{a0}"),
    dialect('\t', true, "\r\n", '.', ","),
    dialect('|', false, "\r\n", ',', " "),
    dialect('|', true, "\n", '.', "'"),
];

impl Dialect {
    pub(crate) fn field(&self, text: &str) -> String {
        let special = [self.delimiter, '"', '\n', '\r'];
        match self.quotes_all || text.contains(special) {
            true => format!("\"{}\"", text.replace('"', "\"\"")),
            false => text.to_owned(),
        }
    }

    pub(crate) fn line(&self, cells: &[String]) -> String {
        let fields: Vec<String> = cells.iter().map(|cell| self.field(cell)).collect();
        fields.join(&self.delimiter.to_string()) + self.line_end
    }

    pub(crate) fn whole(&self, number: i64) -> String {
        let digits = number.abs().to_string();
        let mut text = if number < 0 { "-".to_owned() } else { String::new() };
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                text.push_str(self.thousands);
            }
            text.push(digit);
        }
        text
    }

    pub(crate) fn money(&self, cents: i64) -> String {
        let sign = if cents < 0 && cents > -100 { "-" } else { "" };
        format!("{sign}{}{}{:02}", self.whole(cents / 100), self.decimal, cents.abs() % 100)
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Code {
    Utf8,
    Utf8Marked,
    Utf16Little,
    Utf16Big,
    Windows(&'static Encoding),
}

pub(crate) const CODES: [Code; 6] = [
    Code::Utf8,
    Code::Utf8Marked,
    Code::Utf16Little,
    Code::Utf16Big,
    Code::Windows(WINDOWS_1250),
    Code::Windows(WINDOWS_1252),
];

impl Code {
    /// Stores with letters that the encoding has.
    pub(crate) fn stores(self) -> [&'static str; 3] {
        match self {
            Self::Windows(page) if page == WINDOWS_1250 => ["Łódź Główna", "Košice", "Plzeň"],
            Self::Windows(_) => ["Père Noël", "Zürich", "Smørrebrød"],
            _ => ["Łódź", "Київ 中", "Père Noël"],
        }
    }

    pub(crate) fn bytes(self, text: &str) -> Vec<u8> {
        let marked = format!("\u{feff}{text}");
        match self {
            Self::Utf8 => text.as_bytes().to_vec(),
            Self::Utf8Marked => marked.into_bytes(),
            Self::Utf16Little => marked.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Self::Utf16Big => marked.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Self::Windows(page) => {
                let (bytes, _, lossy) = page.encode(text);
                assert!(!lossy, "{text}");
                bytes.into_owned()
            }
        }
    }
}

/// A cell of a workbook.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Text(String),
    Number(f64),
    Day(u32, u32),
}

/// How a workbook holds its cells.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cells {
    /// Numbers and dates as such, texts in a part of their own.
    Typed,
    /// Numbers as such, texts in the cells.
    Inline,
}

pub(crate) fn workbook(rows: &[Vec<Value>], cells: Cells) -> Vec<u8> {
    match cells {
        Cells::Typed => typed(rows),
        Cells::Inline => inline(rows),
    }
}

fn typed(rows: &[Vec<Value>]) -> Vec<u8> {
    let mut book = Workbook::new();
    let date = Format::new().set_num_format("dd.mm.yyyy");
    let sheet = book.add_worksheet();
    for (number, row) in (0..).zip(rows) {
        for (column, value) in (0..).zip(row) {
            match value {
                Value::Text(text) => sheet.write(number, column, text),
                Value::Number(figure) => sheet.write(number, column, *figure),
                Value::Day(month, day) => {
                    let day = ExcelDateTime::from_ymd(2026, *month as u8, *day as u8).unwrap();
                    sheet.write_with_format(number, column, day, &date)
                }
            }
            .unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// As programs write that know no shared strings; days are texts.
fn inline(rows: &[Vec<Value>]) -> Vec<u8> {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let mut xml = Vec::new();
    xml.extend_from_slice(b"<worksheet><sheetData>");
    for row in rows {
        xml.extend_from_slice(b"<row>");
        for value in row {
            match value {
                Value::Text(text) => write!(xml, "<c t=\"inlineStr\"><is><t>{}</t></is></c>", escape(text)),
                Value::Number(figure) => write!(xml, "<c><v>{figure}</v></c>"),
                Value::Day(month, day) => {
                    write!(xml, "<c t=\"inlineStr\"><is><t>2026-{month:02}-{day:02}</t></is></c>")
                }
            }
            .unwrap();
        }
        xml.extend_from_slice(b"</row>");
    }
    xml.extend_from_slice(b"</sheetData></worksheet>");
    crate::hostile::workbook(&xml, "<sst/>")
}
