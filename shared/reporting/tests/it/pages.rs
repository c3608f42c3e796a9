//! Pages as they look, against pictures that somebody has looked at (`PAGES=write` writes them anew).

use std::path::PathBuf;

use hayro::{
    RenderCache, RenderSettings, hayro_interpret::InterpreterSettings, hayro_syntax::Pdf, render,
    vello_cpu::color::palette::css::WHITE,
};
use reporting::{ReportWriter, document::Document};

use crate::{made, sample, words};

/// Of 255, over all pixels: what rounding of another processor makes of the edges of letters.
const MEAN_MAX: f64 = 0.6;
/// A pixel that differs by more than this looks different.
const PIXEL_MAX: u8 = 64;
/// Of a thousand pixels: a moved line of text is far more.
const DIFFERENT_MAX: f64 = 2.0;
pub(crate) const SCALE: f32 = 0.9;

pub(crate) fn pictures(bytes: Vec<u8>) -> Vec<image::RgbImage> {
    let pdf = Pdf::new(bytes).unwrap();
    let cache = RenderCache::new();
    let settings = RenderSettings { x_scale: SCALE, y_scale: SCALE, bg_color: WHITE, ..Default::default() };
    let picture = |page| {
        let drawn = render(page, &cache, &InterpreterSettings::default(), &settings);
        let (width, height) = (u32::from(drawn.width()), u32::from(drawn.height()));
        let rgba = image::RgbaImage::from_raw(width, height, drawn.data_as_u8_slice().to_vec()).unwrap();
        image::DynamicImage::ImageRgba8(rgba).to_rgb8()
    };
    pdf.pages().iter().map(picture).collect()
}

fn check(name: &str, document: &Document) {
    let (bytes, finished) = made(document, ReportWriter::pdf);
    assert!(finished.warnings.is_empty());
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let pages = pictures(bytes);
    assert_eq!(Some(pages.len() as u32), finished.pages);
    for (number, page) in (1..).zip(&pages) {
        let path = folder.join(format!("{name}-{number}.png"));
        #[expect(clippy::disallowed_methods, reason = "a wish of the developer, no configuration")]
        if std::env::var("PAGES").is_ok_and(|wish| wish == "write") {
            page.save(&path).unwrap();
            continue;
        }
        let reference = image::open(&path).unwrap().to_rgb8();
        assert_eq!(page.dimensions(), reference.dimensions(), "{name}, page {number}");
        let differences: Vec<u8> =
            page.iter().zip(reference.iter()).map(|(one, other)| one.abs_diff(*other)).collect();
        let count = differences.len() as f64;
        let mean = differences.iter().map(|difference| f64::from(*difference)).sum::<f64>() / count;
        let different =
            differences.iter().filter(|difference| **difference > PIXEL_MAX).count() as f64 / count * 1e3;
        assert!(
            mean <= MEAN_MAX && different <= DIFFERENT_MAX,
            "{name}, page {number}: {mean:.2}, {different:.2} of 1,000"
        );
    }
    assert!(!folder.join(format!("{name}-{}.png", pages.len() + 1)).exists(), "{name} has lost a page");
}

#[test]
fn pages_look_as_somebody_has_seen_them() {
    check("sample", &sample::document());
}

#[test]
fn an_empty_corrected_report_in_another_colour_and_language_looks_as_somebody_has_seen_it() {
    check("empty", &sample::empty());
}

#[test]
fn the_words_of_a_page_are_found_by_programs() {
    let pages = words::of(made(&sample::document(), ReportWriter::pdf).0);
    assert!(pages[0].contains("Sales summary") && pages[0].contains("Page 1 of"), "{}", pages[0]);
    assert!(
        pages[1].contains("€1,284,310.55") && pages[1].contains("+12.4%") && pages[1].contains("−0.6 pp")
    );
    assert!(pages[1].contains("no file says how much is in stock"));
    let all = pages.join(" ");
    for words in [
        "1,558,801.95",
        "20,220",
        "not sold in September",
        "Aromateque has sent no file",
        "Żółć gęślą jaźń, Őrült ŵ",
    ] {
        assert!(all.contains(words), "{words}");
    }
    for (number, page) in (1..).zip(&pages) {
        assert!(page.contains(&format!("Page {number} of {}", pages.len())), "{page}");
    }
}

#[test]
fn numbers_and_dates_are_those_of_the_locale() {
    let mut document = sample::document();
    document.head.locale = "de-DE".parse().unwrap();
    let all = words::of(made(&document, ReportWriter::pdf).0).join(" ");
    for words in ["1.558.801,95", "12,4 %", "01.11.2026", "1.284.310,55 €"] {
        assert!(all.contains(words), "{words}");
    }
}
