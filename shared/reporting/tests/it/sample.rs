//! A report with everything in it: key figures, charts, a table, names of all kinds.

use chrono::{DateTime, Utc};
use domain::Currency;
use reporting::document::{
    Block, Branding, Card, Change, Chart, ChartKind, Colour, Column, Document, Figure, Head, Locale, Note,
    Rising, Section, Series, Table, TableHead, Total, Unit, Values,
};
use rust_decimal::Decimal;

/// Names that strangers give to their products.
pub(crate) const HOSTILE: [&str; 9] = [
    "עברית ספר טוב",
    "عطر الورد الدمشقي",
    "Rose 🌹 Élixir 💖 😀 🦄",
    "<script>alert(1)</script>",
    "Line\r\nbreak\tand tab",
    "=1+1",
    "Żółć gęślą jaźń, Őrült ŵ",
    "香水 eau de parfum 50 ml",
    "abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz-\
     abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz-\
     abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz-end",
];
const MONTHS: [&str; 12] = [
    "Nov 25", "Dec 25", "Jan 26", "Feb 26", "Mar 26", "Apr 26", "May 26", "Jun 26", "Jul 26", "Aug 26",
    "Sep 26", "Oct 26",
];
const VENDORS: [&str; 6] = ["Liberty", "Galilu", "Boxnox", "Skins NL", "Creme de la Creme", "Selfridges"];

pub(crate) fn made_at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_793_599_200, 0).unwrap_or_default()
}

pub(crate) fn head() -> Head {
    Head {
        subtitle: Some("All vendors, all channels".to_owned()),
        facts: vec![
            ("Compared with".to_owned(), "September 2026 and October 2025, like for like".to_owned()),
            ("Currency".to_owned(), "EUR, at the rates of the European Central Bank of each day".to_owned()),
            ("Coverage".to_owned(), "11 of 12 vendors; Aromateque has not sent October".to_owned()),
        ],
        branding: Branding { logo: Some(logo()), ..Branding::default() },
        ..Head::new("Sales summary", "1 to 31 October 2026", "Maison Exemple Parfums", made_at())
    }
}

/// Two shapes on a transparent ground.
pub(crate) fn logo() -> Vec<u8> {
    let mut picture = image::RgbaImage::new(240, 80);
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let (dx, dy) = (x as i32 - 40, y as i32 - 40);
        let in_ring = (18 * 18..36 * 36).contains(&(dx * dx + dy * dy));
        let in_bar = (90..230).contains(&x) && ((16..28).contains(&y) || (52..64).contains(&y) && x < 180);
        if in_ring || in_bar {
            *pixel = image::Rgba([24, 78, 119, 255]);
        }
    }
    let mut bytes = std::io::Cursor::new(Vec::new());
    // Writing to memory cannot fail.
    let _ = picture.write_to(&mut bytes, image::ImageFormat::Png);
    bytes.into_inner()
}

pub(crate) fn decimal(text: &str) -> Decimal {
    text.parse().unwrap_or_default()
}

pub(crate) fn document() -> Document {
    Document {
        head: head(),
        sections: vec![
            (
                Section::new(
                    "Executive summary",
                    Some(
                        "Revenue grew by 12.4 % against September, carried by two vendors; what follows says where from.",
                    ),
                ),
                vec![
                    Block::Cards(cards()),
                    Block::Chart(trend()),
                    Block::Chart(ranking()),
                    Block::Notes(notes()),
                ],
            ),
            (
                Section::new("Vendors", Some("Ordered by revenue.")),
                vec![Block::Table(vendors()), Block::Chart(mix()), Block::Chart(returns())],
            ),
            (Section::new("Products", None), vec![Block::Table(products())]),
        ],
    }
}

/// A report that has nothing to show and corrects another one.
pub(crate) fn empty() -> Document {
    let mut table = products();
    table.rows.clear();
    let head = Head {
        title: "Vendor scorecard of a vendor with a rather long name".to_owned(),
        empty: Some("No file of this vendor states sales between 1 and 31 October 2026.".to_owned()),
        corrected: Some("Replaces the report of 2 November 2026: the vendor withdrew its file.".to_owned()),
        locale: Locale::Polish,
        branding: Branding { colour: Some(Colour([255, 214, 10])), ..Branding::default() },
        ..head()
    };
    Document { head, sections: vec![(Section::new("Products", None), vec![Block::Table(table)])] }
}

fn cards() -> Vec<Card> {
    let card = |title: &str, value: &str, unit, change: &str, last: &str, base: &str, rising| Card {
        title: title.to_owned(),
        value: Figure::Known(decimal(value)),
        unit,
        changes: vec![
            Change {
                against: "vs September".to_owned(),
                percent: Figure::Known(decimal(change)),
                base: Some(decimal(base)),
                rising,
            },
            Change {
                against: "vs last year".to_owned(),
                percent: Figure::Known(decimal(last)),
                base: None,
                rising,
            },
        ],
        trend: (0..12).map(|month: i64| Some(Decimal::from(40 + (month * 37) % 23 + month * 2))).collect(),
    };
    let euro = Unit::Money(Currency::EUR);
    let mut cards = vec![
        card("Revenue", "1284310.55", euro, "12.4", "8.1", "1142620.10", Rising::Good),
        card("Units", "18422", Unit::Integer, "9.9", "-2.3", "16763", Rising::Good),
        card("Average price", "69.72", euro, "2.2", "10.6", "68.16", Rising::Neutral),
        card("Return rate", "4.1", Unit::Percent, "-0.6", "0", "4.12", Rising::Bad),
    ];
    cards.push(Card {
        title: "Sell-through".to_owned(),
        value: Figure::Missing("no file says how much is in stock".to_owned()),
        unit: Unit::Percent,
        changes: Vec::new(),
        trend: Vec::new(),
    });
    cards
}

fn values(seed: i64, scale: i64) -> Vec<Option<Decimal>> {
    (0..12).map(|month: i64| Some(Decimal::from((60 + (month * seed) % 41 + month * 3) * scale))).collect()
}

fn trend() -> Chart {
    let mut this_year = values(17, 11_300);
    this_year[4] = None;
    Chart {
        title: "Revenue by month".to_owned(),
        kind: ChartKind::Line,
        categories: MONTHS.map(str::to_owned).to_vec(),
        series: vec![
            Series::new("This year", this_year),
            Series::new("Last year", values(11, 10_100)).background(),
        ],
        unit: Unit::Money(Currency::EUR),
        note: Some("March 2026: the file of one vendor is missing, so there is no total.".to_owned()),
    }
}

fn ranking() -> Chart {
    Chart {
        title: "Revenue by vendor".to_owned(),
        kind: ChartKind::HorizontalBar,
        categories: VENDORS.map(str::to_owned).to_vec(),
        series: vec![Series::new(
            "Revenue",
            [412_300, 301_200, 220_110, 160_400, 98_000, -12_400]
                .map(|value| Some(Decimal::from(value)))
                .to_vec(),
        )],
        unit: Unit::Money(Currency::EUR),
        note: None,
    }
}

fn mix() -> Chart {
    Chart {
        title: "Channel mix by month".to_owned(),
        kind: ChartKind::StackedBar,
        categories: MONTHS.map(str::to_owned).to_vec(),
        series: vec![
            Series::new("Retail", values(17, 6_300)),
            Series::new("Department stores", values(7, 3_300)),
            Series::new("Web shop", values(29, 2_100)),
        ],
        unit: Unit::Money(Currency::EUR),
        note: None,
    }
}

fn returns() -> Chart {
    Chart {
        title: "Return rate".to_owned(),
        kind: ChartKind::Bar,
        categories: VENDORS.map(str::to_owned).to_vec(),
        series: vec![Series::new(
            "Rate",
            ["3.1", "4.4", "2.9", "5.6", "4.0", "6.2"].map(|rate| Some(decimal(rate))).to_vec(),
        )],
        unit: Unit::Percent,
        note: None,
    }
}

fn notes() -> Vec<Note> {
    vec![
        Note::new(
            "Currency",
            "Amounts in other currencies are converted at the rates of the European Central Bank of the day of sale; where there is no rate, the amount is left out and listed.",
        ),
        Note::new("VAT", "Revenue is net of VAT wherever the vendor's file says what VAT is."),
        Note::new("Coverage", "Aromateque has sent no file for October 2026; its September was €14,210.00."),
    ]
}

pub(crate) fn vendors() -> Table {
    let mut table = Table::new(TableHead {
        title: Some("Vendor scorecard".to_owned()),
        columns: vec![
            Column::new("Vendor", Values::Text).with_total(Total::Words("Total".to_owned())),
            Column::new("Revenue", Values::Money(Currency::EUR)).with_total(Total::Sum),
            Column::new("Units", Values::Integer).with_total(Total::Sum),
            Column::new("Share", Values::Percent).with_total(Total::Given(decimal("100"))),
            Column::new("Change vs September", Values::Percent).with_total(Total::Given(decimal("12.4"))),
            Column::new("Last file", Values::Date),
        ],
        notes: vec!["Like for like: only stores that sold in both periods.".to_owned()],
    });
    for (place, name) in VENDORS.iter().enumerate() {
        let revenue = format!("{}.{:02}", 412_300 - place * 61_000, place * 13);
        let change = ["12.4", "-3.25", "not sold in September", "0", "55", "-8.1"][place];
        table.push([
            Some(*name),
            Some(&revenue),
            Some(&format!("{}", 5_120 - place * 700)),
            Some("16.7"),
            Some(change),
            (place != 3).then_some("2026-11-01"),
        ]);
    }
    table
}

pub(crate) fn products() -> Table {
    let mut table = Table::new(TableHead {
        title: Some("Product performance".to_owned()),
        columns: vec![
            Column::new("Product", Values::Text).with_total(Total::Words("Total".to_owned())),
            Column::new("EAN", Values::Text),
            Column::new("Revenue", Values::Money(Currency::EUR)).with_total(Total::Sum),
            Column::new("Units", Values::Integer).with_total(Total::Sum),
            Column::new("Average price", Values::Money(Currency::EUR)),
        ],
        notes: Vec::new(),
    });
    for number in 0..70_usize {
        let plain = format!("Eau de Parfum No. {number}, 50 ml");
        let name = HOSTILE.get(number).copied().unwrap_or(&plain);
        let units = (number * 7919) % 997 + 1;
        table.push([
            Some(name),
            Some(&format!("59012341{number:05}")),
            Some(&format!("{}.{:02}", units * 69, number)),
            Some(&units.to_string()),
            Some("69.50"),
        ]);
    }
    table
}
