//! XML of one part, node by node. No document type, no entity beyond the five that XML has.
//!
//! Written by hand because a sheet has millions of nodes: they are looked at where they were inflated, and nothing of them
//! is copied.

use std::{borrow::Cow, io};

use encoding_rs::UTF_8;
use memchr::memchr;

use super::{
    super::decoded::Decoded,
    part::{Part, bomb},
    unreadable,
};
use crate::Refusal;

/// A cell holds 32,767 characters at most; a longer node is no part of a table.
const MAX_NODE_BYTES: usize = 1024 * 1024;
/// Elements of a spreadsheet stand some ten deep in each other.
const MAX_DEPTH: usize = 256;

pub(super) struct Xml<'a> {
    source: Decoded<Part<'a>>,
    /// Length of the node that was handed out last.
    spent: usize,
    /// The last node was an empty element, whose end comes next.
    empty: bool,
    /// Names of the elements that are open, one behind the other, and where each begins.
    names: String,
    starts: Vec<usize>,
}

pub(super) enum Node<'x> {
    /// A start tag; an empty element is followed by its [`Node::Close`].
    Open(Element<'x>),
    /// The name, without its namespace prefix.
    Close(&'x str),
    Text(Cow<'x, str>),
}

/// The inside of a start tag: `c r="A1" s="3"`.
#[derive(Clone, Copy)]
pub(super) struct Element<'x>(&'x str);

/// What stands at the beginning of a text.
#[derive(Clone, Copy)]
enum Markup {
    Text,
    Open,
    Close,
    CharacterData,
    /// A comment, a processing instruction, the declaration.
    Aside,
    DocumentType,
}

impl<'x> Element<'x> {
    fn full_name(self) -> &'x str {
        let end = self.0.bytes().position(|byte| byte.is_ascii_whitespace());
        end.and_then(|end| self.0.get(..end)).unwrap_or(self.0)
    }

    /// Whether the name, without its namespace prefix, is this.
    pub(super) fn is(self, name: &str) -> bool {
        local(self.full_name()) == name
    }

    /// Attributes as they are written, by their names without a namespace prefix.
    pub(super) fn attributes(self) -> impl Iterator<Item = (&'x str, &'x str)> {
        let mut rest = self.0.get(self.full_name().len()..).unwrap_or_default();
        std::iter::from_fn(move || {
            let bytes = rest.as_bytes();
            let equals = bytes.iter().position(|byte| *byte == b'=')?;
            let blanks =
                bytes.get(equals + 1..)?.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let start = equals + blanks + 2;
            let quote = bytes.get(start - 1).filter(|quote| matches!(quote, b'"' | b'\''))?;
            let end = start + bytes.get(start..)?.iter().position(|byte| byte == quote)?;
            let attribute = (local(rest.get(..equals)?.trim_ascii()), rest.get(start..end)?);
            rest = rest.get(end + 1..)?;
            Some(attribute)
        })
    }

    /// An attribute by its name without a namespace prefix. Longer ones than any program writes are left out.
    pub(super) fn attribute(self, name: &str) -> Option<String> {
        const MAX_BYTES: usize = 4096;
        let (_, value) = self.attributes().find(|(other, _)| *other == name)?;
        unescaped(value).ok().map(Cow::into_owned).filter(|value| value.len() <= MAX_BYTES)
    }
}

impl<'a> Xml<'a> {
    pub(super) fn new(part: Part<'a>) -> Self {
        let source = Decoded::new(part, UTF_8);
        Self { source, spent: 0, empty: false, names: String::new(), starts: Vec::new() }
    }

    /// The next element where it is written like nearly every cell: `<c r="A1"><v>value</v></c>`. `None` where it is
    /// anything else, which [`next`](Self::next) reads then.
    pub(super) fn cell(&mut self) -> Option<(Element<'_>, &str)> {
        if self.empty {
            return None;
        }
        self.source.take(std::mem::take(&mut self.spent));
        let text = self.source.text();
        let bytes = text.as_bytes();
        if !bytes.starts_with(b"<c ") {
            return None;
        }
        let end = bytes.iter().position(|byte| *byte == b'>')?;
        let start = end + b"><v>".len();
        if bytes.get(end..start)? != b"><v>" {
            return None;
        }
        let ends = |byte: &u8| matches!(byte, b'<' | b'&' | b'\r');
        let length = bytes.get(start..)?.iter().position(ends)?;
        let close = start + length;
        let spent = close + b"</v></c>".len();
        if bytes.get(close..spent)? != b"</v></c>" {
            return None;
        }
        self.spent = spent;
        Some((Element(text.get(1..end)?), text.get(start..close)?))
    }

    /// The next tag or text; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Node<'_>>, Refusal> {
        if std::mem::take(&mut self.empty) {
            let name = Element(inside(self.source.text(), self.spent)).full_name();
            return Ok(Some(Node::Close(local(name.trim_end_matches('/')))));
        }
        let markup = loop {
            self.source.take(std::mem::take(&mut self.spent));
            match self.markup()? {
                None => return Ok(None),
                Some((Markup::DocumentType, _)) => return Err(suspicious()),
                Some((Markup::Aside, length)) => self.spent = length,
                Some((markup, length)) => {
                    self.spent = length;
                    break markup;
                }
            }
        };
        match markup {
            Markup::Open => self.open()?,
            Markup::Close => self.close()?,
            _ => {}
        }
        let text = self.source.text().get(..self.spent).unwrap_or_default();
        let inside = inside(text, self.spent);
        Ok(Some(match markup {
            Markup::Open => Node::Open(Element(inside.strip_suffix('/').unwrap_or(inside))),
            Markup::Close => Node::Close(local(inside.trim_start_matches('/').trim_ascii_end())),
            Markup::CharacterData => {
                let data = text.strip_prefix(DATA).and_then(|data| data.strip_suffix("]]>"));
                Node::Text(with_line_feeds(Cow::Borrowed(data.unwrap_or_default())))
            }
            _ => Node::Text(unescaped(text)?),
        }))
    }

    /// The next piece of markup or text, and its length; it stands whole in the buffer.
    fn markup(&mut self) -> Result<Option<(Markup, usize)>, Refusal> {
        loop {
            let text = self.source.text();
            if let Some(found) = markup(text) {
                return Ok(Some(found));
            }
            if text.len() > MAX_NODE_BYTES {
                return Err(bomb());
            }
            if !self.source.more().map_err(|error| refusal(&error))? {
                let rest = self.source.text();
                return if rest.trim_ascii().is_empty() { Ok(None) } else { Err(unreadable()) };
            }
            if self.source.is_damaged() {
                return Err(unreadable());
            }
        }
    }

    fn open(&mut self) -> Result<(), Refusal> {
        let inside = inside(self.source.text(), self.spent);
        self.empty = inside.ends_with('/');
        if self.empty {
            return Ok(());
        }
        if self.starts.len() == MAX_DEPTH {
            return Err(bomb());
        }
        self.starts.push(self.names.len());
        self.names.push_str(Element(inside).full_name());
        Ok(())
    }

    fn close(&mut self) -> Result<(), Refusal> {
        let name = inside(self.source.text(), self.spent).trim_start_matches('/').trim_ascii_end();
        let start = self.starts.pop().ok_or_else(unreadable)?;
        if self.names.get(start..) != Some(name) {
            return Err(unreadable());
        }
        self.names.truncate(start);
        Ok(())
    }
}

const DATA: &str = "<![CDATA[";

/// What a text begins with, and how long it is; `None` where its end is not there yet.
fn markup(text: &str) -> Option<(Markup, usize)> {
    let behind = |end: &str| text.find(end).map(|at| at + end.len());
    let bytes = text.as_bytes();
    if *bytes.first()? != b'<' {
        return memchr(b'<', bytes).map(|end| (Markup::Text, end));
    }
    match bytes.get(1)? {
        b'/' => Some((Markup::Close, memchr(b'>', bytes)? + 1)),
        b'?' => Some((Markup::Aside, behind("?>")?)),
        b'!' if text.len() < DATA.len() => None,
        b'!' if text.starts_with("<!--") => Some((Markup::Aside, behind("-->")?)),
        b'!' if text.starts_with(DATA) => Some((Markup::CharacterData, behind("]]>")?)),
        b'!' => Some((Markup::DocumentType, text.len())),
        _ => Some((Markup::Open, tag_end(bytes)? + 1)),
    }
}

/// Where a start tag ends: at the first `>` that is not quoted.
fn tag_end(bytes: &[u8]) -> Option<usize> {
    let mut quote = None;
    bytes.iter().position(|byte| match (quote, byte) {
        (None, b'>') => true,
        (None, b'"' | b'\'') => {
            quote = Some(*byte);
            false
        }
        (Some(open), byte) if open == *byte => {
            quote = None;
            false
        }
        _ => false,
    })
}

/// What stands between the angle brackets of a tag.
fn inside(text: &str, length: usize) -> &str {
    text.get(1..length.saturating_sub(1)).unwrap_or_default()
}

/// A name without its namespace prefix.
fn local(name: &str) -> &str {
    match memchr(b':', name.as_bytes()) {
        Some(colon) => name.get(colon + 1..).unwrap_or_default(),
        None => name,
    }
}

/// XML ends its lines with a line feed, whatever stands in the file.
fn with_line_feeds(text: Cow<'_, str>) -> Cow<'_, str> {
    if memchr(b'\r', text.as_bytes()).is_none() {
        return text;
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// The text with its references resolved.
fn unescaped(text: &str) -> Result<Cow<'_, str>, Refusal> {
    let text = with_line_feeds(Cow::Borrowed(text));
    if memchr(b'&', text.as_bytes()).is_none() {
        return Ok(text);
    }
    let mut parts = text.split('&');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (reference, rest) = part.split_once(';').ok_or_else(unreadable)?;
        plain.push(character(reference)?);
        plain.push_str(rest);
    }
    Ok(Cow::Owned(plain))
}

fn character(reference: &str) -> Result<char, Refusal> {
    let code = match reference {
        "amp" => return Ok('&'),
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "quot" => return Ok('"'),
        "apos" => return Ok('\''),
        _ => reference.strip_prefix('#').ok_or_else(suspicious)?,
    };
    let number = match code.strip_prefix('x') {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => code.parse(),
    };
    number.ok().filter(|number| *number > 0).and_then(char::from_u32).ok_or_else(unreadable)
}

fn suspicious() -> Refusal {
    Refusal::new(
        "workbook_suspicious",
        "The workbook holds definitions that no spreadsheet program writes; it was not opened for safety. Please save it in Excel and upload it again.",
    )
}

fn refusal(error: &io::Error) -> Refusal {
    match error.kind() {
        io::ErrorKind::QuotaExceeded => bomb(),
        _ => unreadable(),
    }
}
