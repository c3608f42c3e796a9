//! Files, reference data and one call that reads a file to the end.

use std::path::{Path, PathBuf};

use domain::{
    Currency, ListPrice, Product, ProductAlias, ProductKind, Rate, Reference, ReferenceData, Report, SaleRow,
};
use ingest::{Input, Profiles, Refusal, parse};

/// What a file gave.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) rows: Vec<SaleRow>,
    pub(crate) report: Result<Report, Refusal>,
}

impl Outcome {
    pub(crate) fn report(&self) -> &Report {
        self.report.as_ref().unwrap()
    }

    pub(crate) fn refusal(&self) -> &'static str {
        self.report.as_ref().unwrap_err().code
    }

    pub(crate) fn main_rows(&self) -> impl Iterator<Item = &SaleRow> {
        self.rows.iter().filter(|row| row.cut.is_main())
    }
}

pub(crate) fn test_data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("test_data/vendors")
}

pub(crate) fn read(path: &Path, file_name: &str) -> Outcome {
    read_with(path, file_name, &[])
}

pub(crate) fn read_with(path: &Path, file_name: &str, answers: &[(&str, &str)]) -> Outcome {
    let answers: Vec<(String, String)> =
        answers.iter().map(|(id, value)| ((*id).into(), (*value).into())).collect();
    let input = Input { path, file_name, vendor_hint: None, answers: &answers };
    let profiles = Profiles::shipped().unwrap();
    let reference = Reference::new(&reference_data());
    let mut rows = Vec::new();
    let report = parse(&input, &profiles, &reference, &mut |row| rows.push(row.clone()));
    Outcome { rows, report }
}

/// Catalogue, prices and rates of the test data.
pub(crate) fn reference_data() -> ReferenceData {
    let mut data = ReferenceData::default();
    for row in csv_rows("catalogue.csv") {
        let field = |name: &str| Some(row(name)).filter(|text| !text.is_empty());
        let Some(ean) = field("ean") else { continue };
        let aliases = [
            ("liberty", "liberty_name"),
            ("liberty", "liberty_supplier_ref"),
            ("skins_nl", "skins_nl_article"),
            ("galilu", "galilu_name"),
            ("skins_sa", "skins_sa_name"),
            ("selfridges", "selfridges_name"),
        ];
        for (vendor, column) in aliases {
            data.aliases.extend(field(column).map(|alias| ProductAlias {
                vendor: vendor.into(),
                alias,
                ean: Some(ean.clone()),
            }));
        }
        data.products.push(Product {
            ean,
            sku: field("sku"),
            name: field("name"),
            category: field("kind"),
            kind: match row("kind").as_str() {
                "tester" => ProductKind::Tester,
                "sample" => ProductKind::Sample,
                "advent" => ProductKind::Advent,
                "gwp" => ProductKind::Gift,
                _ => ProductKind::Regular,
            },
            size: field("size"),
            active: true,
        });
    }
    data.prices = csv_rows("prices.csv")
        .map(|row| ListPrice {
            ean: row("ean"),
            price_eur: row("price_eur").parse().unwrap(),
            valid_from: row("valid_from").parse().unwrap(),
            valid_to: row("valid_to").parse().ok(),
        })
        .collect();
    data.rates = csv_rows("fx.csv")
        .map(|row| Rate {
            month: format!("{}-01", row("month")).parse().unwrap(),
            currency: row("currency").parse::<Currency>().unwrap(),
            eur_per_unit: row("eur_per_unit").parse().unwrap(),
            source: row("source"),
        })
        .collect();
    data
}

fn csv_rows(name: &str) -> impl Iterator<Item = impl Fn(&str) -> String> {
    let mut reader = csv::Reader::from_path(test_data().join(name)).unwrap();
    let headers = reader.headers().unwrap().clone();
    reader.into_records().map(Result::unwrap).map(move |record| {
        let headers = headers.clone();
        move |column: &str| {
            record[headers.iter().position(|header| header == column).unwrap()].trim().to_owned()
        }
    })
}
