//! Pages as they are filled: where the next thing goes, what stands on all of them, and what ends the file.

use pdf_writer::{Finish as _, Name, Rect, Ref, types::TabOrder};

use super::{
    canvas::{Canvas, Pen},
    face::Faces,
    file::{PdfFile, deflated},
    heading::Bookmark,
    tags::Tags,
    text::Line,
    theme::{BOTTOM, MARGIN, MUTED, PAGE, RULE, Style, TOP, Theme},
};
use crate::{Error, document::Section};

/// Of `page x of y` with its distance from what stands before it.
const NUMBER_WIDTH: f32 = 110.0;

/// Everything that pages are made with.
pub(super) struct Press {
    pub(super) file: PdfFile,
    pub(super) faces: Faces,
    pub(super) tags: Tags,
    pub(super) theme: Theme,
    pub(super) canvas: Canvas,
    /// Of the page that is open.
    pub(super) page: PageInfo,
    /// How far down the page is filled.
    pub(super) y: f32,
    marked: Vec<Ref>,
    is_open: bool,
    pub(super) done: Vec<PageInfo>,
    /// Of a section of which nothing has been written yet.
    pub(super) heading: Option<Section>,
    pub(super) bookmarks: Vec<Bookmark>,
    pub(super) running_head: (String, String),
    pub(super) pages: Ref,
    pub(super) resources: Ref,
}

/// A page, without what is on it.
#[derive(Debug, Clone, Copy)]
pub(super) struct PageInfo {
    pub(super) id: Ref,
    pub(super) width: f32,
    pub(super) height: f32,
    /// Written last: how many pages there are is known then.
    foot: Ref,
}

/// Where a text stands between two edges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
}

impl Press {
    pub(super) fn new(theme: Theme, running_head: (String, String)) -> Result<Self, Error> {
        let mut file = PdfFile::new()?;
        let tags = Tags::new(&mut file);
        let (pages, resources) = (file.allocate(), file.allocate());
        let page = PageInfo { id: pages, width: PAGE.0, height: PAGE.1, foot: pages };
        Ok(Self {
            faces: Faces::new()?,
            tags,
            theme,
            canvas: Canvas::new(PAGE.1),
            page,
            y: TOP,
            marked: Vec::new(),
            is_open: false,
            done: Vec::new(),
            heading: None,
            bookmarks: Vec::new(),
            running_head,
            pages,
            resources,
            file,
        })
    }

    /// Between the margins.
    pub(super) fn width(&self) -> f32 {
        self.page.width - 2.0 * MARGIN
    }

    pub(super) fn right(&self) -> f32 {
        self.page.width - MARGIN
    }

    /// What is left of the page.
    pub(super) fn room(&self) -> f32 {
        if self.is_open { self.page.height - BOTTOM - self.y } else { 0.0 }
    }

    pub(super) fn is_lying(&self) -> bool {
        self.page.width > self.page.height
    }

    /// Back to an upright page, for what is no wide table.
    pub(super) fn upright(&mut self) -> Result<(), Error> {
        if self.is_open && self.is_lying() { self.next_page(false) } else { Ok(()) }
    }

    pub(super) fn is_fresh(&self) -> bool {
        self.is_open && self.y <= TOP
    }

    /// Goes to the next page where less than this is left.
    pub(super) fn ensure(&mut self, height: f32) -> Result<(), Error> {
        if self.room() < height && !self.is_fresh() { self.next_page(self.is_lying()) } else { Ok(()) }
    }

    /// Begins a page, upright or lying.
    pub(super) fn next_page(&mut self, is_lying: bool) -> Result<(), Error> {
        self.begin_page(if is_lying { (PAGE.1, PAGE.0) } else { PAGE })?;
        self.canvas.begin_artifact();
        let (left, right) = self.running_head.clone();
        let style = Style::regular(7.5, MUTED);
        let half = style.thousandths(self.width() * 0.62);
        let left = self.faces.cut(style.weight, &left, half);
        self.draw((MARGIN, 36.0), &left, style);
        let right = self.faces.cut(style.weight, &right, style.thousandths(self.width() * 0.34));
        self.draw((self.right() - style.points(right.width), 36.0), &right, style);
        self.canvas.rule((MARGIN, self.right()), 44.0, Pen { colour: RULE, width: 0.5 });
        self.canvas.end_marked();
        Ok(())
    }

    /// Begins a page with nothing on it.
    pub(super) fn begin_page(&mut self, (width, height): (f32, f32)) -> Result<(), Error> {
        self.end_page()?;
        self.page = PageInfo { id: self.file.allocate(), width, height, foot: self.file.allocate() };
        self.canvas = Canvas::new(height);
        self.y = TOP;
        self.is_open = true;
        Ok(())
    }

    pub(super) fn end_page(&mut self) -> Result<(), Error> {
        if !self.is_open {
            return Ok(());
        }
        self.is_open = false;
        let PageInfo { id, width, height, foot } = self.page;
        let body = self.file.allocate();
        let bytes = deflated(&self.canvas.bytes)?;
        self.file.object(body, |chunk| {
            chunk.stream(body, &bytes).filter(pdf_writer::Filter::FlateDecode).finish();
        })?;
        let marked = std::mem::take(&mut self.marked);
        let number = self.tags.end_page(&mut self.file, &marked)?;
        let (pages, resources) = (self.pages, self.resources);
        self.file.small(id, |chunk| {
            let mut page = chunk.page(id);
            page.parent(pages).media_box(Rect::new(0.0, 0.0, width, height)).contents_array([body, foot]);
            page.struct_parents(number)
                .tab_order(TabOrder::StructureOrder)
                .pair(Name(b"Resources"), resources);
        })?;
        self.done.push(self.page);
        Ok(())
    }

    /// Writes the feet of all pages, in the order they are read: what is on the left, and `page x of y`.
    pub(super) fn write_feet(&mut self, pages: &[PageInfo], words: &str) -> Result<(), Error> {
        for (number, page) in (1..).zip(pages) {
            let mut canvas = Canvas::new(page.height);
            let style = Style::regular(7.5, MUTED);
            let base = page.height - 30.0;
            let room = page.width - 2.0 * MARGIN - NUMBER_WIDTH;
            let left = self.faces.cut(style.weight, words, style.thousandths(room));
            let right = self.faces.line(style.weight, &format!("Page {number} of {}", pages.len()));
            canvas.begin_artifact();
            let edge = page.width - MARGIN;
            canvas.rule((MARGIN, edge), base - 12.0, Pen { colour: RULE, width: 0.5 });
            canvas.line((MARGIN, base), &left, style.size, style.colour);
            let start = edge - style.points(right.width);
            canvas.line((start, base), &right, style.size, style.colour);
            canvas.end_marked();
            self.file.object(page.foot, |chunk| {
                chunk.stream(page.foot, &canvas.bytes).finish();
            })?;
        }
        Ok(())
    }

    /// Draws a line without telling the structure of it.
    pub(super) fn draw(&mut self, place: (f32, f32), line: &Line, style: Style) {
        self.canvas.line(place, line, style.size, style.colour);
    }

    /// Draws what is said to be of a kind.
    pub(super) fn marked(
        &mut self,
        kind: &str,
        alternative: Option<&str>,
        draw: impl FnOnce(&mut Self),
    ) -> Result<(), Error> {
        let place = (self.page.id, &mut self.marked);
        let number = self.tags.leaf(&mut self.file, place, kind, alternative)?;
        self.canvas.begin_marked(kind, number);
        draw(self);
        self.canvas.end_marked();
        Ok(())
    }

    /// Draws decoration.
    pub(super) fn artifact(&mut self, draw: impl FnOnce(&mut Self)) {
        self.canvas.begin_artifact();
        draw(self);
        self.canvas.end_marked();
    }

    /// One line at a place, cut where it is wider.
    pub(super) fn label(
        &mut self,
        kind: &str,
        (x, y): (f32, f32),
        (width, align): (f32, Align),
        text: &str,
        style: Style,
    ) -> Result<(), Error> {
        let line = self.faces.cut(style.weight, text, style.thousandths(width));
        if line.runs.is_empty() {
            return Ok(());
        }
        let start = aligned(x, width, style.points(line.width), align);
        self.marked(kind, None, |press| press.draw((start, y), &line, style))
    }

    /// Lines below each other, on as many pages as they need.
    pub(super) fn paragraph(
        &mut self,
        kind: &str,
        (x, width): (f32, f32),
        text: &str,
        style: Style,
    ) -> Result<(), Error> {
        let lines = self.faces.lines(style.weight, text, style.thousandths(width), usize::MAX);
        let leading = style.size * 1.42;
        let mut rest = lines.as_slice();
        while !rest.is_empty() {
            self.ensure(leading)?;
            let fit = ((self.room() / leading) as usize).clamp(1, rest.len());
            let (now, later) = rest.split_at(fit);
            let top = self.y;
            self.marked(kind, None, |press| {
                for (place, line) in now.iter().enumerate() {
                    press.draw((x, top + leading * place as f32 + style.size), line, style);
                }
            })?;
            self.y += leading * fit as f32;
            rest = later;
        }
        Ok(())
    }
}

/// Where a text of a width begins.
pub(super) fn aligned(x: f32, width: f32, text: f32, align: Align) -> f32 {
    match align {
        Align::Left => x,
        Align::Right => x + width - text,
    }
}
