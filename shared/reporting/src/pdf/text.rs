//! Text as glyphs: which face has which character, right to left where it is written so, lines that fit.

use harfrust::{Buffer, Direction, ShapeOptions, ShaperFont};
use unicode_bidi::{BidiInfo, Level};

use super::face::{Faces, Weight};

/// A line that is ready to be drawn.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Line {
    /// From left to right.
    pub(super) runs: Vec<Run>,
    /// In thousandths of its size.
    pub(super) width: f32,
    /// What it says, where its glyphs in this order do not: programs that read the PDF find this instead.
    pub(super) spoken: Option<String>,
}

/// Glyphs of one face.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Run {
    pub(super) face: usize,
    pub(super) glyphs: Vec<Glyph>,
}

/// Distances are thousandths of the size of the text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Glyph {
    /// In the PDF.
    pub(super) number: u16,
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) advance: f32,
    /// How far the PDF moves by itself.
    pub(super) natural: f32,
}

/// Says that a text goes on.
const ELLIPSIS: &str = "…";

impl Faces {
    /// One line, however long it is.
    pub(super) fn line(&mut self, weight: Weight, text: &str) -> Line {
        let text = printable(text);
        let mut line = Line::default();
        let bidi = BidiInfo::new(&text, None);
        let mut needs_words = false;
        for paragraph in &bidi.paragraphs {
            let (levels, runs) = bidi.visual_runs(paragraph, paragraph.range.clone());
            for range in runs {
                let level = levels.get(range.start).copied().unwrap_or_else(Level::ltr);
                let mut pieces = self.by_face(weight, text.get(range).unwrap_or_default());
                if level.is_rtl() {
                    pieces.reverse();
                }
                needs_words |= level.is_rtl();
                for (face, piece) in pieces {
                    needs_words |= face.is_none();
                    let run = self.shaped(face.unwrap_or(weight as usize), &piece, level.is_rtl());
                    line.width += run.glyphs.iter().map(|glyph| glyph.advance).sum::<f32>();
                    line.runs.push(run);
                }
            }
        }
        line.spoken = needs_words.then_some(text);
        line
    }

    /// In thousandths of its size; without kerning where nothing but frequent characters is in it.
    pub(super) fn width(&mut self, weight: Weight, text: &str) -> f32 {
        match self.quick(weight, text, &mut Vec::new()) {
            Some(width) => width,
            None => self.line(weight, text).width,
        }
    }

    /// Lines of at most this width (in thousandths of the size); the last of them says where more follows.
    pub(super) fn lines(&mut self, weight: Weight, text: &str, width: f32, most: usize) -> Vec<Line> {
        let text = printable(text);
        let mut lines = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() && lines.len() < most {
            let is_last = lines.len() + 1 == most;
            let fitting = self.fitting(weight, rest, width);
            if fitting == rest.len() || !is_last {
                let (begin, end) = rest.split_at(fitting);
                lines.push(self.line(weight, begin.trim_end()));
                rest = end.trim_start();
            } else {
                lines.push(self.cut(weight, rest, width));
                rest = "";
            }
        }
        lines
    }

    /// As much of a text as fits, and a sign that it goes on.
    pub(super) fn cut(&mut self, weight: Weight, text: &str, width: f32) -> Line {
        let whole = self.line(weight, text);
        if whole.width <= width {
            return whole;
        }
        let room = width - self.width(weight, ELLIPSIS);
        let end = self.longest(weight, text, room);
        let begin = text.get(..end).unwrap_or_default().trim_end();
        let mut line = self.line(weight, &format!("{begin}{ELLIPSIS}"));
        line.spoken = Some(printable(text));
        line
    }

    /// Bytes of the first line: to the last space, hyphen or slash that fits, or where a word must be broken.
    fn fitting(&mut self, weight: Weight, text: &str, width: f32) -> usize {
        let end = self.longest(weight, text, width);
        if end == text.len() {
            return end;
        }
        let begin = text.get(..end).unwrap_or_default();
        if text.get(end..).is_some_and(|rest| rest.starts_with(' ')) {
            return end;
        }
        begin.rfind([' ', '-', '/']).map(|at| at + 1).filter(|at| *at > 0).unwrap_or(end)
    }

    /// Bytes of the longest beginning that fits: one character at least.
    fn longest(&mut self, weight: Weight, text: &str, width: f32) -> usize {
        let ends: Vec<_> = text.char_indices().map(|(at, c)| at + c.len_utf8()).collect();
        let fits = |faces: &mut Self, end: &usize| {
            faces.width(weight, text.get(..*end).unwrap_or_default()) <= width
        };
        // Widths grow with texts, but for what kerning takes back.
        let (mut low, mut high) = (0, ends.len());
        while low < high {
            let middle = low.midpoint(high);
            if ends.get(middle).is_some_and(|end| fits(self, end)) { low = middle + 1 } else { high = middle }
        }
        ends.get(low.max(1) - 1).copied().unwrap_or(text.len())
    }

    /// Pieces of one face each; `None`: no face has these.
    fn by_face(&self, weight: Weight, text: &str) -> Vec<(Option<usize>, String)> {
        let mut pieces: Vec<(Option<usize>, String)> = Vec::new();
        for c in text.chars() {
            let mut face = self.for_char(weight, c);
            // Marks and spaces stay with what they belong to, if its face has them.
            if let Some((before @ Some(index), _)) = pieces.last()
                && (c == ' ' || is_joiner(c) || unicode_bidi::bidi_class(c) == unicode_bidi::BidiClass::NSM)
                && (is_joiner(c)
                    || self.get(*index).is_some_and(|face| face.font.charmap().map_unicode(c).is_some()))
            {
                face = *before;
            }
            match pieces.last_mut() {
                Some((last, piece)) if *last == face => piece.push(c),
                _ => pieces.push((face, c.to_string())),
            }
        }
        pieces
    }

    fn shaped(&mut self, index: usize, text: &str, is_rtl: bool) -> Run {
        let mut run = Run { face: index, glyphs: Vec::new() };
        let Some(face) = self.get_mut(index) else { return run };
        let mut buffer = Buffer::new();
        buffer.push_str(text);
        buffer.set_direction(if is_rtl { Direction::RightToLeft } else { Direction::LeftToRight });
        buffer.guess_segment_properties();
        // What cannot be shaped is drawn as boxes below.
        let shaped = harfrust::shape(&ShaperFont::new(&face.font), &mut buffer, ShapeOptions::new()).is_ok();
        if !shaped {
            let natural = face.advance(0) * 1000.0 / face.units;
            let glyph = Glyph { number: 0, x: 0.0, y: 0.0, advance: natural, natural };
            run.glyphs = text.chars().map(|_| glyph).collect();
            return run;
        }
        let thousandths = 1000.0 / face.units;
        let mut clusters: Vec<usize> =
            buffer.glyph_infos().iter().map(|info| info.cluster as usize).collect();
        clusters.sort_unstable();
        clusters.dedup();
        let mut told = usize::MAX;
        for (info, position) in buffer.glyph_infos().iter().zip(buffer.glyph_positions()) {
            let start = info.cluster as usize;
            let end = clusters.iter().find(|next| **next > start).copied().unwrap_or(text.len());
            let means = if told == start { "" } else { text.get(start..end).unwrap_or_default() };
            told = start;
            let glyph = u16::try_from(info.glyph_id).unwrap_or(0);
            let number = if glyph == 0 { 0 } else { face.number(glyph, means) };
            run.glyphs.push(Glyph {
                number,
                x: position.x_offset as f32 * thousandths,
                y: position.y_offset as f32 * thousandths,
                advance: position.x_advance as f32 * thousandths,
                natural: (face.advance(glyph) * thousandths).round(),
            });
        }
        run
    }
}

/// What joins or marks others and has no width.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')
}

/// Without what controls devices or the direction of others' texts: a line break in a name is a space here.
pub(super) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => {}
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                if !shown.ends_with(' ') {
                    shown.push(' ');
                }
            }
            c => shown.push(c),
        }
    }
    shown
}
