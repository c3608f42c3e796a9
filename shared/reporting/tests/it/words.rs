//! The text of a PDF as a program finds it that did not write it.

use hayro::{
    hayro_interpret::{
        BlendMode, ClipPath, Context, Device, GlyphDrawMode, Image, InterpreterCache, InterpreterSettings,
        Paint, PathDrawMode, SoftMask, font::Glyph, hayro_cmap::BfString, interpret_page,
    },
    hayro_syntax::Pdf,
    vello_cpu::kurbo::{Affine, BezPath, Rect},
};

/// What is drawn as letters, in the order it is drawn; letters at a distance are parted by a space.
#[derive(Default)]
struct Words {
    text: String,
    last: Option<(f64, f64)>,
}

/// All pages, each with its words.
pub(crate) fn of(bytes: Vec<u8>) -> Vec<String> {
    let pdf = Pdf::new(bytes).unwrap();
    let cache = InterpreterCache::new();
    let mut pages = Vec::new();
    for page in pdf.pages().iter() {
        let (width, height) = page.render_dimensions();
        let area = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let settings = InterpreterSettings::default();
        let mut context = Context::new(Affine::IDENTITY, area, &cache, page.xref(), settings);
        let mut words = Words::default();
        interpret_page(page, &mut context, &mut words);
        // Both kinds of space are one glyph.
        pages.push(words.text.replace('\u{a0}', " "));
    }
    pages
}

impl Device<'_> for Words {
    fn draw_glyph(
        &mut self,
        glyph: &Glyph<'_>,
        transform: Affine,
        of_glyph: Affine,
        _: &Paint<'_>,
        _: &GlyphDrawMode,
    ) {
        let place = (transform * of_glyph).translation();
        let is_far = self.last.is_some_and(|(x, y)| (place.y - y).abs() > 0.1 || (place.x - x).abs() > 45.0);
        if is_far {
            self.text.push(' ');
        }
        self.last = Some((place.x, place.y));
        match glyph.as_unicode() {
            Some(BfString::Char(c)) => self.text.push(c),
            Some(BfString::String(text)) => self.text.push_str(&text),
            None => {}
        }
    }

    fn set_soft_mask(&mut self, _: Option<SoftMask<'_>>) {}
    fn set_blend_mode(&mut self, _: BlendMode) {}
    fn draw_path(&mut self, _: &BezPath, _: Affine, _: &Paint<'_>, _: &PathDrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'_, '_>, _: Affine) {}
    fn pop_clip_path(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
