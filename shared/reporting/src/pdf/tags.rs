//! The structure of a report for those who do not see it: sections, headings, tables and their cells, figures in words.

use std::io::Write as _;

use pdf_writer::{Chunk, Finish as _, Name, Ref, TextStr};

use super::file::PdfFile;
use crate::Error;

/// The elements that are open, the innermost last. What is closed is written and forgotten.
pub(super) struct Tags {
    root: Ref,
    open: Vec<Element>,
    /// For each page by its number: the elements that its marked contents belong to.
    parents: Vec<Ref>,
}

struct Element {
    id: Ref,
    kind: &'static str,
    kids: Vec<Ref>,
}

/// What a kind of element says besides.
fn attributes(kind: &str) -> &'static str {
    if kind == "TH" { "/A<</O/Table/Scope/Column>>" } else { "" }
}

impl Tags {
    pub(super) fn new(file: &mut PdfFile) -> Self {
        let root = file.allocate();
        let document = Element { id: file.allocate(), kind: "Document", kids: Vec::new() };
        Self { root, open: vec![document], parents: Vec::new() }
    }

    /// A place among the kids of what is open for an element that is written later.
    pub(super) fn reserve(&mut self, file: &mut PdfFile) -> Ref {
        let id = file.allocate();
        if let Some(parent) = self.open.last_mut() {
            parent.kids.push(id);
        }
        id
    }

    pub(super) fn begin(&mut self, file: &mut PdfFile, kind: &'static str) {
        let id = self.reserve(file);
        self.open.push(Element { id, kind, kids: Vec::new() });
    }

    /// Opens an element at a place that was reserved.
    pub(super) fn begin_at(&mut self, id: Ref, kind: &'static str) {
        self.open.push(Element { id, kind, kids: Vec::new() });
    }

    pub(super) fn end(&mut self, file: &mut PdfFile) -> Result<(), Error> {
        // The document itself is closed by the end.
        if self.open.len() < 2 {
            return Ok(());
        }
        let Some(element) = self.open.pop() else { return Ok(()) };
        let parent = self.innermost();
        let mut words = Vec::with_capacity(64 + element.kids.len() * 10);
        write!(words, "<</S/{}/P {} 0 R/K[", element.kind, parent.get()).map_err(Error::Disk)?;
        for kid in &element.kids {
            write!(words, "{} 0 R ", kid.get()).map_err(Error::Disk)?;
        }
        words.extend_from_slice(b"]>>");
        file.pack(element.id, &words)
    }

    fn innermost(&self) -> Ref {
        self.open.last().map_or(self.root, |element| element.id)
    }

    /// An element with one marked content on a page; the number of the content. `marked`: those of the page so far.
    pub(super) fn leaf(
        &mut self,
        file: &mut PdfFile,
        (page, marked): (Ref, &mut Vec<Ref>),
        kind: &str,
        alternative: Option<&str>,
    ) -> Result<u32, Error> {
        let id = self.reserve(file);
        let parent = self.innermost();
        let number = u32::try_from(marked.len()).unwrap_or(u32::MAX);
        marked.push(id);
        let mut words = Vec::with_capacity(96);
        let (parent, page, more) = (parent.get(), page.get(), attributes(kind));
        write!(words, "<</S/{kind}/P {parent} 0 R/Pg {page} 0 R/K {number}{more}").map_err(Error::Disk)?;
        if let Some(alternative) = alternative {
            words.extend_from_slice(b"/Alt<FEFF");
            for unit in alternative.encode_utf16() {
                write!(words, "{unit:04X}").map_err(Error::Disk)?;
            }
            words.push(b'>');
        }
        words.extend_from_slice(b">>");
        file.pack(id, &words)?;
        Ok(number)
    }

    /// A page is done; its number in the structure.
    pub(super) fn end_page(&mut self, file: &mut PdfFile, marked: &[Ref]) -> Result<i32, Error> {
        let id = file.allocate();
        let mut words = Vec::with_capacity(marked.len() * 10);
        words.push(b'[');
        for element in marked {
            write!(words, "{} 0 R ", element.get()).map_err(Error::Disk)?;
        }
        words.push(b']');
        file.pack(id, &words)?;
        self.parents.push(id);
        Ok(i32::try_from(self.parents.len() - 1).unwrap_or(i32::MAX))
    }

    /// Closes everything; the root of the structure.
    pub(super) fn finish(mut self, file: &mut PdfFile) -> Result<Ref, Error> {
        while self.open.len() > 1 {
            self.end(file)?;
        }
        let Some(document) = self.open.pop() else { return Ok(self.root) };
        file.small(document.id, |chunk| {
            let mut element = chunk.struct_element(document.id);
            element.custom_kind(Name(b"Document")).parent(self.root).lang(TextStr("en-GB"));
            let mut children = element.children();
            for kid in document.kids {
                children.struct_element(kid);
            }
        })?;
        let tree = file.allocate();
        file.small(tree, |chunk: &mut Chunk| {
            let mut numbers = chunk.number_tree::<Ref>(tree);
            let mut entries = numbers.nums();
            for (number, page) in (0..).zip(&self.parents) {
                entries.insert(number, *page);
            }
        })?;
        let next = i32::try_from(self.parents.len()).unwrap_or(i32::MAX);
        file.small(self.root, |chunk| {
            let mut root = chunk.indirect(self.root).dict();
            root.pair(Name(b"Type"), Name(b"StructTreeRoot")).pair(Name(b"K"), document.id);
            root.pair(Name(b"ParentTree"), tree).pair(Name(b"ParentTreeNextKey"), next);
            root.finish();
        })?;
        Ok(self.root)
    }
}
