//! What strangers send: names, logos, lengths, nothing at all.

use calamine::Reader as _;
use domain::table::{Block as Rows, Kind};
use reporting::{
    Error, ReportWriter,
    document::{Block, Column, Document, Section, TableHead, Total, Values},
};

use crate::{made, sample, words};

#[test]
fn no_name_loses_its_row_or_its_neighbours() {
    let pages = words::of(made(&sample::document(), ReportWriter::pdf).0);
    let all = pages.join(" ");
    for number in 0..70 {
        assert!(all.contains(&format!("59012341{number:05}")), "row {number}");
    }
    for name in ["<script>alert(1)</script>", "=1+1", "Line break and tab", "Élixir"] {
        assert!(all.contains(name), "{name}");
    }
    // The letters of what is read from right to left, and the sign that a name goes on.
    assert!(all.contains('ע') && all.contains('\u{1f339}') && all.contains('…'));
}

#[test]
fn the_same_report_has_the_same_bytes() {
    let [one, other] = [(); 2].map(|()| made(&sample::document(), ReportWriter::pdf).0);
    assert!(one == other);
    let [one, other] = [(); 2].map(|()| made(&sample::document(), ReportWriter::xlsx).0);
    assert!(one == other);
}

#[test]
fn a_logo_that_is_none_or_too_large_is_left_out_and_that_is_said() {
    let wide = image::GrayImage::new(20_000, 2);
    let mut png = std::io::Cursor::new(Vec::new());
    wide.write_to(&mut png, image::ImageFormat::Png).unwrap();
    let cut = sample::logo().into_iter().take(100).collect();
    for (logo, code) in [
        (b"no picture".to_vec(), "logo_unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), "logo_unreadable"),
        (cut, "logo_unreadable"),
        (Vec::new(), "logo_unreadable"),
        (png.into_inner(), "logo_too_large"),
        (vec![0; 6 << 20], "logo_too_large"),
    ] {
        let mut document = sample::document();
        document.head.branding.logo = Some(logo);
        let (bytes, finished) = made(&document, ReportWriter::pdf);
        assert_eq!(finished.warnings.iter().map(|warning| warning.code).collect::<Vec<_>>(), [code]);
        assert!(words::of(bytes)[0].contains("Maison Exemple Parfums"));
    }
}

#[test]
fn a_report_without_anything_is_a_report() {
    let empty = Document { head: sample::head(), sections: Vec::new() };
    for writer in [ReportWriter::pdf, ReportWriter::xlsx, ReportWriter::csv] {
        assert!(!made(&empty, writer).0.is_empty());
    }
    let pages = words::of(made(&sample::empty(), ReportWriter::pdf).0);
    assert!(pages[0].contains("Nothing to report") && pages[0].contains("Corrected"), "{}", pages[0]);
    assert!(pages[1].contains("No rows."), "{}", pages[1]);
}

#[test]
fn rows_without_a_table_are_refused() {
    for writer in [ReportWriter::pdf, ReportWriter::xlsx, ReportWriter::csv] {
        let mut report = writer(sample::head()).unwrap();
        assert!(matches!(report.rows(&Rows::new(1)), Err(Error::NoTable)));
    }
}

#[test]
fn a_wide_table_lies_and_no_figure_loses_a_digit() {
    let columns: Vec<_> = (0..17)
        .map(|place| {
            let values = if place == 0 { Values::Text } else { Values::Money(domain::Currency::EUR) };
            Column::new(format!("Column {place}"), values).with_total(if place == 0 {
                Total::None
            } else {
                Total::Sum
            })
        })
        .collect();
    let mut report = ReportWriter::pdf(sample::head()).unwrap();
    report.section(&Section::new("Transactions", None)).unwrap();
    report.begin_table(TableHead { title: None, columns, notes: Vec::new() }).unwrap();
    let mut rows = Rows::new(17);
    for row in 0..1_000 {
        rows.push(Kind::Text, Some("Eau de Parfum"));
        for column in 1..17 {
            // Late rows have more digits than those that decide on the widths.
            let value = if row > 900 { 9_876_543_210_i64 } else { 1_000 } + row * 17 + column;
            rows.push(Kind::Money, Some(&format!("{value}.25")));
        }
    }
    report.rows(&rows).unwrap();
    let mut finished = report.finish().unwrap();
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut finished.file, &mut bytes).unwrap();
    let pages = words::of(bytes);
    assert!(pages[1].contains("Transactions") && pages[1].contains("Eau de Parfum"));
    let all = pages.join(" ");
    for row in [0_i64, 899, 901, 999] {
        let value = if row > 900 { 9_876_543_210_i64 } else { 1_000 } + row * 17 + 16;
        let shown =
            reporting::document::Locale::English.decimal(rust_decimal::Decimal::new(value * 100 + 25, 2), 2);
        assert!(all.contains(&shown), "{shown}");
    }
}

/// A report in which every text is one that nobody expects.
fn overgrown() -> Document {
    let mut document = sample::document();
    let long = |place: usize| format!("{} {}", sample::HOSTILE[place % 9], "Wörter und Wörter ".repeat(17));
    let head = &mut document.head;
    for (place, text) in [&mut head.title, &mut head.period, &mut head.organization].into_iter().enumerate() {
        *text = long(place);
    }
    head.facts = (0..9).map(|place| (long(place), long(place + 1))).collect();
    head.corrected = Some(long(3));
    for (number, (section, blocks)) in document.sections.iter_mut().enumerate() {
        (section.title, section.intro) = (long(number), Some(long(number + 1)));
        for block in blocks {
            match block {
                Block::Cards(cards) => {
                    for (place, card) in cards.iter_mut().enumerate() {
                        card.title = long(place);
                        card.changes.iter_mut().for_each(|change| change.against = long(place + 2));
                    }
                }
                Block::Chart(chart) => {
                    chart.title = long(number);
                    chart.categories.iter_mut().enumerate().for_each(|(place, name)| *name = long(place));
                    chart.series.iter_mut().enumerate().for_each(|(place, series)| series.name = long(place));
                }
                Block::Table(table) => {
                    table.head.title = Some(long(number));
                    table.head.notes = vec![long(number)];
                    table
                        .head
                        .columns
                        .iter_mut()
                        .enumerate()
                        .for_each(|(place, column)| column.title = long(place));
                }
                Block::Notes(notes) => {
                    notes.iter_mut().for_each(|note| (note.about, note.text) = (long(4), long(number)));
                }
                Block::Paragraph(words) => *words = long(number),
            }
        }
    }
    document
}

#[test]
fn texts_of_any_length_in_any_place_stay_in_theirs() {
    let document = overgrown();
    let mut book = calamine::Xlsx::new(std::io::Cursor::new(made(&document, ReportWriter::xlsx).0)).unwrap();
    assert_eq!(book.worksheets().len(), 4);
    assert!(!made(&document, ReportWriter::csv).0.is_empty());
    let pages = words::of(made(&document, ReportWriter::pdf).0);
    assert!(pages.len() < 12, "{}", pages.len());
    let all = pages.join(" ");
    for number in 0..70 {
        assert!(all.contains(&format!("59012341{number:05}")), "row {number}");
    }
    check_edges(&document);
}

/// Nothing is drawn beyond the margins of a page.
fn check_edges(document: &Document) {
    for (number, page) in (1..).zip(crate::pages::pictures(made(document, ReportWriter::pdf).0)).skip(1) {
        let (width, height) = page.dimensions();
        let margin = (40.0 * crate::pages::SCALE) as u32;
        let white = image::Rgb([255, 255, 255]);
        let outside =
            |x: u32, y: u32| x < margin || x >= width - margin || y < margin / 2 || y >= height - margin / 2;
        for (x, y, pixel) in page.enumerate_pixels() {
            assert!(!outside(x, y) || *pixel == white, "page {number}: {x}, {y}");
        }
    }
}
