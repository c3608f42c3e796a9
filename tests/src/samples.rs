//! The synthetic vendor files and what must come out of them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use chrono::NaiveDate;
use serde_json::Value;

/// One sample file with its truth.
pub struct Sample {
    pub file_name: String,
    pub bytes: Vec<u8>,
    pub truth: Value,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/ingest/test_data/vendors")
}

fn read_json(name: &str) -> Result<Value> {
    let path = folder().join(name);
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(serde_json::from_str(&text)?)
}

/// Catalogue, prices and rates in the form the import routes take.
///
/// # Errors
/// When a fixture is missing.
pub fn reference_csv() -> Result<Vec<(&'static str, String)>> {
    let read = |name: &str| fs::read_to_string(folder().join(name)).with_context(|| name.to_owned());
    Ok(vec![
        ("products", read("catalogue.csv")?),
        ("prices", read("prices.csv")?),
        ("fx-rates", read("fx.csv")?),
    ])
}

/// The files of a scenario in the order they are uploaded.
///
/// # Errors
/// When a fixture is missing.
pub fn samples_of(scenario: &str) -> Result<Vec<Sample>> {
    let manifest = read_json("manifest.json")?;
    let files = manifest["files"].as_array().context("no files")?;
    let mine = files.iter().filter(|file| file["scenario"] == scenario);
    mine.map(|file| {
        let path = file["file"].as_str().context("no path")?;
        let file_name = path.rsplit('/').next().unwrap_or(path).to_owned();
        let bytes = fs::read(folder().join(path)).with_context(|| path.to_owned())?;
        let truth = read_json(file["truth"].as_str().context("no truth")?)?;
        Ok(Sample { file_name, bytes, truth })
    })
    .collect()
}

/// What the books must hold after all files of the scenario.
///
/// # Errors
/// When the fixture is missing.
pub fn scenario(name: &str) -> Result<Value> {
    Ok(read_json("ledger.json")?[name].clone())
}

/// Dates of the files of a vendor that never came.
///
/// # Errors
/// When the fixture is missing.
pub fn known_gaps(vendor: &str) -> Result<Vec<NaiveDate>> {
    let manifest = read_json("manifest.json")?;
    let gaps = manifest["known_gaps"].as_array().context("no known gaps")?;
    let dates = gaps.iter().filter(|gap| gap["vendor"] == vendor);
    let dates = dates.flat_map(|gap| gap["missing_file_dates"].as_array().into_iter().flatten());
    dates.map(|date| Ok(date.as_str().context("no date")?.parse()?)).collect()
}
