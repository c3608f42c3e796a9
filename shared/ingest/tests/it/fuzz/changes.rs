//! Changes to bytes, small enough to be shrunk to the one that matters.

use proptest::{prelude::*, sample::Index};

/// One change; places are shares of the length, so that they stay within whatever the changes before have left.
#[derive(Debug, Clone)]
pub(super) enum Change {
    Byte(Index, u8),
    Token(Index, &'static str),
    Replace(Index, &'static str),
    Remove(Index, usize),
    Repeat(Index, usize),
    /// A whole line, put elsewhere again.
    Line(Index, Index),
    Cut(Index),
}

/// What texts and numbers in delimited files may turn into.
pub(super) const TEXT: &[&str] = &[
    "\"",
    "\"\"",
    ",",
    ";",
    "\t",
    "|",
    "\n",
    "\r",
    "\r\n\r\n",
    "\0",
    "\u{feff}",
    "\u{202e}",
    "€",
    "R$",
    "−",
    "-",
    "(",
    ")",
    "%",
    "'",
    " ",
    "\u{a0}",
    "1.234",
    "1,234",
    "1.234,50",
    "1 234",
    "12.34.56",
    "1e308",
    "-0",
    "0",
    "00",
    "99999999999999999999",
    "9999999999999",
    "0.0000000000000000000000000001",
    "31/12/2026",
    "03/04/2026",
    "2026-02-30",
    "46082",
    "Total",
    "Summe",
    "Zwischensumme",
    "Returns",
    "#REF!",
    "Menge",
    "Units",
    "Amount EUR",
    "YEAR",
    "Currency",
    "USD",
    "\\",
    "=1+1",
    "sep=;\n",
    "１２",
    "\u{301}",
    "𝟙",
];

/// What the parts of a workbook may turn into.
pub(super) const XML: &[&str] = &[
    "<row>",
    "</row>",
    "<row r=\"1\">",
    "<row r=\"0\"/>",
    "<row r=\"1048577\">",
    "<row r=\"4294967296\">",
    "<c>",
    "</c>",
    "<c r=\"XFE1\">",
    "<c r=\"A1\">",
    "<c r=\"ZZZZZZZZ9\">",
    "<c t=\"s\"><v>4294967295</v></c>",
    "<c t=\"e\"><v>#N/A</v></c>",
    "<c t=\"b\"><v>1</v></c>",
    "<c t=\"d\"><v>2026-03-01</v></c>",
    "<c><f>A1</f></c>",
    "<v>",
    "</v>",
    "<v/>",
    "<is><t>",
    "</t></is>",
    "<t>",
    "<rPh>",
    "</rPh>",
    "<sheetData>",
    "</sheetData>",
    "<sheetData/>",
    "</worksheet>",
    "&lt;",
    "&#0;",
    "&#x110000;",
    "&x;",
    "<!DOCTYPE x>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<?xml?>",
    " t=\"s\"",
    " t=\"inlineStr\"",
    " s=\"1\"",
    " s=\"99999999999\"",
    " r=\"B2\"",
    "1e308",
    "-1",
    "NaN",
    "1_0",
    "0x1",
    "46082",
    "99999999999999999999",
    "<mergeCell ref=\"A1:XFD1048576\"/>",
    " date1904=\"1\"",
    "<si>",
    "</si>",
    "<si/>",
    "<numFmt numFmtId=\"164\" formatCode=\"yyyy\"/>",
    "<cellXfs>",
    "<xf numFmtId=\"14\"/>",
    " Target=\"../../x\"",
    " state=\"hidden\"",
    "x:",
    "\"",
    "<",
    ">",
    "/",
    "=",
];

pub(super) fn changes(tokens: &'static [&'static str]) -> impl Strategy<Value = Vec<Change>> {
    let place = any::<Index>;
    let token = move || prop::sample::select(tokens);
    let one = prop_oneof![
        3 => (place(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
        4 => (place(), token()).prop_map(|(at, token)| Change::Token(at, token)),
        4 => (place(), token()).prop_map(|(at, token)| Change::Replace(at, token)),
        2 => (place(), 1usize..60).prop_map(|(at, count)| Change::Remove(at, count)),
        2 => (place(), 1usize..200).prop_map(|(at, count)| Change::Repeat(at, count)),
        2 => (place(), place()).prop_map(|(from, to)| Change::Line(from, to)),
        1 => place().prop_map(Change::Cut),
    ];
    prop::collection::vec(one, 1..6)
}

pub(super) fn apply(bytes: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for change in changes.iter() {
        if bytes.is_empty() {
            break;
        }
        let length = bytes.len();
        match change {
            Change::Byte(at, byte) => bytes[at.index(length)] = *byte,
            Change::Token(at, token) => insert(&mut bytes, at.index(length), token.as_bytes()),
            Change::Replace(at, token) => {
                let at = at.index(length);
                let end = length.min(at + token.len());
                bytes.splice(at..end, token.bytes());
            }
            Change::Remove(at, count) => {
                let at = at.index(length);
                bytes.drain(at..length.min(at + count));
            }
            Change::Repeat(at, count) => {
                let at = at.index(length);
                let again = bytes[at..length.min(at + count)].to_vec();
                insert(&mut bytes, at, &again);
            }
            Change::Line(from, to) => {
                let line = line_at(&bytes, from.index(length));
                let at = line_at(&bytes, to.index(length)).start;
                let again = bytes[line].to_vec();
                insert(&mut bytes, at, &again);
            }
            Change::Cut(at) => bytes.truncate(at.index(length)),
        }
    }
    bytes
}

fn insert(bytes: &mut Vec<u8>, at: usize, more: &[u8]) {
    bytes.splice(at..at, more.iter().copied());
}

fn line_at(bytes: &[u8], at: usize) -> std::ops::Range<usize> {
    let start = bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let end = bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| at + end + 1);
    start..end
}
