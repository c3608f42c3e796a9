//! XML of one part, node by node. No document type, no entity beyond the five that XML has.

use std::io;

use quick_xml::{
    Reader, XmlVersion,
    errors::Error,
    escape::resolve_predefined_entity,
    events::{BytesStart, Event},
};

use super::{
    super::metered::Metered,
    part::{Part, bomb},
    unreadable,
};
use crate::Refusal;

/// A cell holds 32,767 characters at most; a longer node is no part of a table.
const MAX_NODE_BYTES: usize = 1024 * 1024;

pub(super) struct Xml<'a> {
    reader: Reader<Metered<Part<'a>>>,
    buffer: Vec<u8>,
}

pub(super) enum Node {
    /// A start tag; an empty element is followed by its [`Node::Close`].
    Open(Element),
    Close(String),
    Text(String),
}

pub(super) struct Element(BytesStart<'static>);

impl Element {
    /// Whether the name, without its namespace prefix, is this.
    pub(super) fn is(&self, name: &str) -> bool {
        self.0.local_name().as_ref() == name
    }

    /// An attribute by its name without a namespace prefix. Longer ones than any program writes are left out.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        const MAX_BYTES: usize = 4096;
        let attribute = self.0.attributes().flatten().find(|a| a.key.local_name().as_ref() == name)?;
        if attribute.value.len() > MAX_BYTES {
            return None;
        }
        attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(|value| value.into_owned())
    }
}

impl<'a> Xml<'a> {
    pub(super) fn new(part: Part<'a>) -> Self {
        let mut reader = Reader::from_reader(Metered::new(part, MAX_NODE_BYTES));
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new() }
    }

    /// The next tag or text; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Node>, Refusal> {
        loop {
            self.buffer.clear();
            self.reader.get_mut().item_done();
            let event = self.reader.read_event_into(&mut self.buffer).map_err(|error| refusal(&error))?;
            match event {
                Event::Start(element) => return Ok(Some(Node::Open(Element(element.into_owned())))),
                Event::End(element) => {
                    return Ok(Some(Node::Close(element.local_name().as_ref().to_owned())));
                }
                Event::Text(text) => return Ok(Some(Node::Text(text.xml10_content().into_owned()))),
                Event::CData(text) => return Ok(Some(Node::Text(text.xml10_content().into_owned()))),
                Event::GeneralRef(reference) => {
                    let character = reference.resolve_char_ref().map_err(|_| unreadable())?.map(String::from);
                    let named = || resolve_predefined_entity(&reference).map(str::to_owned);
                    return character
                        .or_else(named)
                        .map(|text| Some(Node::Text(text)))
                        .ok_or_else(suspicious);
                }
                Event::DocType(_) => return Err(suspicious()),
                Event::Eof => return Ok(None),
                Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            }
        }
    }
}

fn suspicious() -> Refusal {
    Refusal::new(
        "workbook_suspicious",
        "The workbook holds definitions that no spreadsheet program writes; it was not opened for safety. Please save it in Excel and upload it again.",
    )
}

fn refusal(error: &Error) -> Refusal {
    match error {
        Error::Io(error)
            if matches!(error.kind(), io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge) =>
        {
            bomb()
        }
        _ => unreadable(),
    }
}
