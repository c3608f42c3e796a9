//! The fonts of a report, and which of their glyphs it uses.

use harfrust::{Font, GlyphId};
use pdf_writer::{
    Finish as _, Name, Rect, Ref, Str,
    types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap},
};
use subsetter::GlyphRemapper;

use super::file::{PdfFile, deflated};
use crate::Error;

/// How heavy a text is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Strong,
}

/// Name and bytes of each font: ours first, then what stands in for glyphs that ours lack.
const FILES: [(&str, &[u8]); 5] = [
    ("Inter-Regular", include_bytes!("../../fonts/Inter-Regular.ttf")),
    ("Inter-SemiBold", include_bytes!("../../fonts/Inter-SemiBold.ttf")),
    ("NotoSansHebrew-Regular", include_bytes!("../../fonts/NotoSansHebrew-Regular.ttf")),
    ("NotoSansArabic-Regular", include_bytes!("../../fonts/NotoSansArabic-Regular.ttf")),
    ("NotoEmoji-Regular", include_bytes!("../../fonts/NotoEmoji-Regular.ttf")),
];
const STAND_INS: [usize; 3] = [2, 3, 4];
const IDENTITY: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };
/// Characters that are looked up without searching the font: Latin with its extensions.
const QUICK: usize = 0x180;

pub(super) struct Faces(Vec<Face>);

pub(super) struct Face {
    pub(super) font: Font,
    pub(super) units: f32,
    quick: Vec<Quick>,
    used: GlyphRemapper,
    /// By number in the PDF: width in font units, and the text that the glyph stands for.
    glyphs: Vec<(f32, String)>,
}

/// What is known of a frequent character.
#[derive(Clone, Copy, Default)]
struct Quick {
    glyph: u16,
    advance: u16,
    /// In the PDF; zero while it is not used.
    number: u16,
}

impl Faces {
    pub(super) fn new() -> Result<Self, Error> {
        FILES
            .iter()
            .map(|(name, bytes)| Face::new(bytes).ok_or(Error::Font(name)))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    pub(super) fn get(&self, face: usize) -> Option<&Face> {
        self.0.get(face)
    }

    pub(super) fn get_mut(&mut self, face: usize) -> Option<&mut Face> {
        self.0.get_mut(face)
    }

    /// The face that has a character; `None`: no face has it.
    pub(super) fn for_char(&self, weight: Weight, c: char) -> Option<usize> {
        let own = weight as usize;
        std::iter::once(own).chain(STAND_INS).find(|face| self.get(*face).is_some_and(|face| face.has(c)))
    }

    /// Width of a text of frequent characters in thousandths of its size, and its bytes in the PDF.
    ///
    /// `None` when a character needs more thought.
    pub(super) fn quick(&mut self, weight: Weight, text: &str, bytes: &mut Vec<u8>) -> Option<f32> {
        bytes.clear();
        let face = self.get_mut(weight as usize)?;
        let mut width = 0_u32;
        for c in text.chars() {
            let (number, advance) = face.quick(c)?;
            bytes.extend_from_slice(&number.to_be_bytes());
            width += u32::from(advance);
        }
        Some(width as f32 * 1000.0 / face.units)
    }

    /// The fonts with the glyphs that are used, each with its name among the resources.
    pub(super) fn write(&self, file: &mut PdfFile) -> Result<Vec<(String, Ref)>, Error> {
        let mut written = Vec::new();
        for (index, (face, (name, bytes))) in self.0.iter().zip(FILES).enumerate() {
            if face.glyphs.len() > 1 {
                written.push((format!("F{index}"), face.write(file, name, bytes)?));
            }
        }
        Ok(written)
    }
}

impl Face {
    fn new(bytes: &'static [u8]) -> Option<Self> {
        let font = Font::new(bytes, 0)?;
        let units = f32::from(font.units_per_em());
        let mut face =
            Self { font, units, quick: Vec::new(), used: GlyphRemapper::new(), glyphs: Vec::new() };
        face.glyphs.push((face.advance(0), String::new()));
        face.quick = (0..QUICK as u32)
            .map(|code| {
                let glyph = face.font.charmap().map_unicode(code).map_or(0, |glyph| glyph.to_u32() as u16);
                Quick { glyph, advance: face.advance(glyph) as u16, number: 0 }
            })
            .collect();
        Some(face)
    }

    /// In font units.
    pub(super) fn advance(&self, glyph: u16) -> f32 {
        self.font.glyph_metrics().h_advance(GlyphId::new(u32::from(glyph)))
    }

    fn has(&self, c: char) -> bool {
        match self.quick.get(c as usize) {
            Some(quick) => quick.glyph != 0,
            None => self.font.charmap().map_unicode(c).is_some_and(|glyph| glyph.to_u32() != 0),
        }
    }

    fn quick(&mut self, c: char) -> Option<(u16, u16)> {
        let quick = *self.quick.get(c as usize)?;
        if quick.glyph == 0 {
            return None;
        }
        if quick.number > 0 {
            return Some((quick.number, quick.advance));
        }
        let number = self.number(quick.glyph, c.encode_utf8(&mut [0; 4]));
        if let Some(known) = self.quick.get_mut(c as usize) {
            known.number = number;
        }
        Some((number, quick.advance))
    }

    /// The number of a glyph in the PDF; the text is what programs find that read it.
    pub(super) fn number(&mut self, glyph: u16, text: &str) -> u16 {
        let number = self.used.remap(glyph);
        if usize::from(number) == self.glyphs.len() {
            self.glyphs.push((self.advance(glyph), text.to_owned()));
        }
        number
    }

    fn write(&self, file: &mut PdfFile, name: &str, bytes: &[u8]) -> Result<Ref, Error> {
        let subset = subsetter::subset(bytes, 0, &self.used).map_err(|_| Error::Font("subset"))?;
        // Six letters say that it is a part of the font; the same parts may have the same.
        let name = format!("REPORT+{name}");
        let base = Name(name.as_bytes());
        let [font, descendant, descriptor, program, to_unicode] = [(); 5].map(|()| file.allocate());
        file.small(font, |chunk| {
            chunk
                .type0_font(font)
                .base_font(base)
                .encoding_predefined(Name(b"Identity-H"))
                .descendant_font(descendant)
                .to_unicode(to_unicode);
        })?;
        let thousandths = 1000.0 / self.units;
        file.small(descendant, |chunk| {
            let mut cid = chunk.cid_font(descendant);
            cid.subtype(CidFontType::Type2).base_font(base).system_info(IDENTITY).font_descriptor(descriptor);
            cid.default_width(0.0).cid_to_gid_map_predefined(Name(b"Identity"));
            cid.widths().consecutive(0, self.glyphs.iter().map(|(width, _)| (width * thousandths).round()));
        })?;
        let metrics = self.font.metrics();
        let line = metrics.hhea_line.as_ref();
        let scaled = |value: Option<f32>| value.unwrap_or_default() * thousandths;
        file.small(descriptor, |chunk| {
            chunk
                .font_descriptor(descriptor)
                .name(base)
                .flags(FontFlags::NON_SYMBOLIC)
                .bbox(Rect::new(-1000.0, -400.0, 2600.0, 1100.0))
                .italic_angle(0.0)
                .ascent(scaled(line.map(|line| line.ascender.to_f32())))
                .descent(scaled(line.map(|line| line.descender.to_f32())))
                .cap_height(scaled(metrics.cap_height.map(|height| height.to_f32())))
                .stem_v(if name.ends_with("SemiBold") { 120.0 } else { 80.0 })
                .font_file2(program);
        })?;
        let compressed = deflated(&subset)?;
        file.object(program, |chunk| {
            let mut stream = chunk.stream(program, &compressed);
            stream.filter(pdf_writer::Filter::FlateDecode);
            stream.pair(Name(b"Length1"), i32::try_from(subset.len()).unwrap_or(i32::MAX));
        })?;
        let mut map = UnicodeCmap::new(Name(b"Report-UCS"), IDENTITY);
        for (number, (_, text)) in (0_u16..).zip(&self.glyphs) {
            if !text.is_empty() {
                map.pair_with_multiple(number, text.chars());
            }
        }
        let map = deflated(&map.finish())?;
        file.object(to_unicode, |chunk| {
            chunk.stream(to_unicode, &map).filter(pdf_writer::Filter::FlateDecode).finish();
        })?;
        Ok(font)
    }
}
