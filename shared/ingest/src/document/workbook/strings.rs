//! The shared strings of a workbook.

use super::{
    part::{Package, bomb},
    xml::{Node, Xml},
};
use crate::Refusal;

/// All distinct texts of the largest sales reports are a tenth of this; the memory of the function is 150 MB.
const MAX_TEXT_BYTES: usize = 40 * 1024 * 1024;
/// A sheet has at most about a million rows.
const MAX_STRINGS: usize = 3_000_000;

/// One long text and where each string ends, because millions of small allocations cost more than the texts.
#[derive(Debug, Default)]
pub(super) struct SharedStrings {
    text: String,
    ends: Vec<u32>,
}

impl SharedStrings {
    pub(super) fn read(package: &mut Package, part: &str) -> Result<Self, Refusal> {
        let mut strings = Self::default();
        let Some(part) = package.part(part)? else { return Ok(strings) };
        let mut xml = Xml::new(part);
        let (mut in_text, mut in_phonetics) = (false, false);
        while let Some(node) = xml.next()? {
            match node {
                Node::Open(element) => {
                    in_text |= element.is("t");
                    in_phonetics |= element.is("rPh");
                }
                Node::Text(text) if in_text && !in_phonetics => strings.text.push_str(&text),
                Node::Text(_) => {}
                Node::Close(name) => match name {
                    "t" => in_text = false,
                    "rPh" => in_phonetics = false,
                    "si" => strings.ends.push(u32::try_from(strings.text.len()).unwrap_or(u32::MAX)),
                    _ => {}
                },
            }
            if strings.text.len() > MAX_TEXT_BYTES || strings.ends.len() > MAX_STRINGS {
                return Err(bomb());
            }
        }
        Ok(strings)
    }

    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)? as usize;
        let start = match index.checked_sub(1) {
            Some(before) => *self.ends.get(before)? as usize,
            None => 0,
        };
        self.text.get(start..end)
    }
}
