//! What is drawn on a page: text, lines and areas, measured in points from the upper left corner.

use std::io::Write as _;

use crate::document::Colour;

use super::text::Line;

/// The operators of a page.
pub(super) struct Canvas {
    pub(super) bytes: Vec<u8>,
    height: f32,
    font: Option<(usize, f32)>,
    fill: Option<Colour>,
}

/// How lines are drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pen {
    pub(super) colour: Colour,
    pub(super) width: f32,
}

/// A rectangle.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    pub(super) x: f32,
    /// Of its upper edge.
    pub(super) y: f32,
    pub(super) width: f32,
    pub(super) height: f32,
}

/// How far the handles of a curve are from its ends to look like a quarter of a circle.
const ROUND: f32 = 0.5523;

impl Canvas {
    pub(super) fn new(height: f32) -> Self {
        Self { bytes: Vec::with_capacity(16 << 10), height, font: None, fill: None }
    }

    /// Adds numbers, two decimals each, and an operator.
    fn operator(&mut self, numbers: &[f32], name: &str) {
        for number in numbers {
            push_number(&mut self.bytes, *number);
            self.bytes.push(b' ');
        }
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.push(b'\n');
    }

    fn fill_with(&mut self, colour: Colour) {
        if self.fill != Some(colour) {
            self.operator(&unit(colour), "rg");
            self.fill = Some(colour);
        }
    }

    fn stroke_with(&mut self, pen: Pen) {
        self.operator(&unit(pen.colour), "RG");
        self.operator(&[pen.width], "w");
    }

    pub(super) fn area(&mut self, area: Area, colour: Colour) {
        self.fill_with(colour);
        self.operator(&[area.x, self.height - area.y - area.height, area.width, area.height], "re");
        self.operator(&[], "f");
    }

    /// With round corners; filled, outlined or both.
    pub(super) fn rounded(&mut self, area: Area, radius: f32, fill: Option<Colour>, pen: Option<Pen>) {
        let (left, right) = (area.x, area.x + area.width);
        let (top, bottom) = (self.height - area.y, self.height - area.y - area.height);
        let reach = radius * (1.0 - ROUND);
        if let Some(fill) = fill {
            self.fill_with(fill);
        }
        if let Some(pen) = pen {
            self.stroke_with(pen);
        }
        self.operator(&[left + radius, top], "m");
        self.operator(&[right - radius, top], "l");
        self.operator(&[right - reach, top, right, top - reach, right, top - radius], "c");
        self.operator(&[right, bottom + radius], "l");
        self.operator(&[right, bottom + reach, right - reach, bottom, right - radius, bottom], "c");
        self.operator(&[left + radius, bottom], "l");
        self.operator(&[left + reach, bottom, left, bottom + reach, left, bottom + radius], "c");
        self.operator(&[left, top - radius], "l");
        self.operator(&[left, top - reach, left + reach, top, left + radius, top], "c");
        let name = match (fill, pen) {
            (Some(_), Some(_)) => "b",
            (Some(_), None) => "f",
            _ => "s",
        };
        self.operator(&[], name);
    }

    pub(super) fn dot(&mut self, x: f32, y: f32, radius: f32, colour: Colour) {
        let area = Area { x: x - radius, y: y - radius, width: 2.0 * radius, height: 2.0 * radius };
        self.rounded(area, radius, Some(colour), None);
    }

    /// A line through points, with round corners.
    pub(super) fn path(&mut self, points: &[(f32, f32)], pen: Pen) {
        self.stroke_with(pen);
        self.operator(&[], "1 J 1 j");
        for (place, (x, y)) in points.iter().enumerate() {
            self.operator(&[*x, self.height - y], if place == 0 { "m" } else { "l" });
        }
        self.operator(&[], "S");
    }

    pub(super) fn rule(&mut self, (from, to): (f32, f32), y: f32, pen: Pen) {
        self.stroke_with(pen);
        self.operator(&[from, self.height - y], "m");
        self.operator(&[to, self.height - y], "l");
        self.operator(&[], "S");
    }

    /// A filled polygon.
    pub(super) fn shape(&mut self, points: &[(f32, f32)], colour: Colour) {
        self.fill_with(colour);
        for (place, (x, y)) in points.iter().enumerate() {
            self.operator(&[*x, self.height - y], if place == 0 { "m" } else { "l" });
        }
        self.operator(&[], "f");
    }

    pub(super) fn image(&mut self, name: &str, area: Area) {
        self.operator(&[], "q");
        let bottom = self.height - area.y - area.height;
        self.operator(&[area.width, 0.0, 0.0, area.height, area.x, bottom], "cm");
        self.operator(&[], &format!("/{name} Do"));
        self.operator(&[], "Q");
    }

    /// What follows belongs to the structure, under this number of the page.
    pub(super) fn begin_marked(&mut self, kind: &str, number: u32) {
        // Writing to memory cannot fail.
        let _ = writeln!(self.bytes, "/{kind}<</MCID {number}>>BDC");
    }

    /// What follows is decoration.
    pub(super) fn begin_artifact(&mut self) {
        self.bytes.extend_from_slice(b"/Artifact BMC\n");
    }

    pub(super) fn end_marked(&mut self) {
        self.bytes.extend_from_slice(b"EMC\n");
    }

    /// Bytes of one face at a place.
    pub(super) fn glyphs(
        &mut self,
        (x, y): (f32, f32),
        face: usize,
        size: f32,
        colour: Colour,
        bytes: &[u8],
    ) {
        self.fill_with(colour);
        self.bytes.extend_from_slice(b"BT\n");
        self.set_font(face, size);
        self.operator(&[x, self.height - y], "Td");
        push_string(&mut self.bytes, bytes);
        self.bytes.extend_from_slice(b"Tj\nET\n");
    }

    fn set_font(&mut self, face: usize, size: f32) {
        if self.font != Some((face, size)) {
            self.operator(&[], &format!("/F{face} {size} Tf"));
            self.font = Some((face, size));
        }
    }

    /// A line whose base begins at a place.
    pub(super) fn line(&mut self, (x, y): (f32, f32), line: &Line, size: f32, colour: Colour) {
        self.fill_with(colour);
        if let Some(spoken) = &line.spoken {
            self.bytes.extend_from_slice(b"/Span<</ActualText<FEFF");
            for unit in spoken.encode_utf16() {
                let _ = write!(self.bytes, "{unit:04X}");
            }
            self.bytes.extend_from_slice(b">>>BDC\n");
        }
        let mut at = x;
        for run in &line.runs {
            self.bytes.extend_from_slice(b"BT\n");
            self.set_font(run.face, size);
            self.operator(&[at, self.height - y], "Td");
            self.positioned(&run.glyphs, size);
            self.bytes.extend_from_slice(b"ET\n");
            at += run.glyphs.iter().map(|glyph| glyph.advance).sum::<f32>() * size / 1000.0;
        }
        if line.spoken.is_some() {
            self.end_marked();
        }
    }

    /// Glyphs with what is between them beyond their widths.
    fn positioned(&mut self, glyphs: &[super::text::Glyph], size: f32) {
        let mut pending = Vec::with_capacity(glyphs.len() * 2);
        let (mut rise, mut behind) = (0.0, 0.0);
        self.bytes.push(b'[');
        for glyph in glyphs {
            if glyph.y != rise {
                flush(&mut self.bytes, &mut pending);
                rise = glyph.y;
                self.bytes.extend_from_slice(b"]TJ ");
                self.operator(&[rise * size / 1000.0], "Ts");
                self.bytes.push(b'[');
            }
            let before = behind + glyph.x;
            if before.abs() > 0.5 {
                flush(&mut self.bytes, &mut pending);
                push_number(&mut self.bytes, -before);
                behind = -glyph.x;
            }
            pending.extend_from_slice(&glyph.number.to_be_bytes());
            behind += glyph.advance - glyph.natural;
        }
        flush(&mut self.bytes, &mut pending);
        self.bytes.extend_from_slice(b"]TJ\n");
        if rise != 0.0 {
            self.operator(&[0.0], "Ts");
        }
    }
}

fn flush(bytes: &mut Vec<u8>, pending: &mut Vec<u8>) {
    if !pending.is_empty() {
        push_string(bytes, pending);
        pending.clear();
    }
}

fn unit(Colour(parts): Colour) -> [f32; 3] {
    parts.map(|part| f32::from(part) / 255.0)
}

/// Binary: half of what hexadecimal digits take.
fn push_string(bytes: &mut Vec<u8>, text: &[u8]) {
    bytes.push(b'(');
    for byte in text {
        match byte {
            b'(' | b')' | b'\\' => bytes.extend_from_slice(&[b'\\', *byte]),
            // Readers take every line end for a line feed.
            b'\r' => bytes.extend_from_slice(b"\\r"),
            _ => bytes.push(*byte),
        }
    }
    bytes.push(b')');
}

/// Two decimals are a hundredth of a point: finer than any printer.
fn push_number(bytes: &mut Vec<u8>, number: f32) {
    let hundredths = (f64::from(number) * 100.0).round() as i64;
    let (whole, rest) = (hundredths.abs() / 100, hundredths.abs() % 100);
    let sign = if hundredths < 0 { "-" } else { "" };
    // Writing to memory cannot fail.
    let _ = match rest {
        0 => write!(bytes, "{sign}{whole}"),
        rest if rest % 10 == 0 => write!(bytes, "{sign}{whole}.{}", rest / 10),
        rest => write!(bytes, "{sign}{whole}.{rest:02}"),
    };
}
