//! Reads one file with the shipped profiles and an empty catalogue, and prints what was understood:
//! `cargo run -p ingest --example read -- <file> [file name] [--vendor KEY] [--answer ID=VALUE]... [--profile FILE]...
//! [--save-profile FILE] [--rows FILE] [--times COUNT] [--json]`.
#![expect(clippy::print_stdout, reason = "this is what it is for")]

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    error::Error,
    fs::{self, File},
    io::{BufWriter, Write},
    path::Path,
    time::Instant,
};

use domain::{Reference, Report, SaleRow};
use ingest::{Input, Profile, Profiles, Refusal, parse};
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// Stores listed in the output.
const MAX_STORES: usize = 200;

#[derive(Default)]
struct Arguments {
    plain: Vec<String>,
    vendor: Option<String>,
    answers: Vec<(String, String)>,
    profiles: Vec<String>,
    save_profile: Option<String>,
    rows: Option<String>,
    /// How often the file is read: once is too short to be measured.
    times: u32,
    json: bool,
}

impl Arguments {
    fn read() -> Result<Self, Box<dyn Error>> {
        let mut read = Self::default();
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or("an option lacks its value");
            match word.as_str() {
                "--vendor" => read.vendor = Some(value()?),
                "--answer" => {
                    let answer = value()?;
                    let (id, value) = answer.split_once('=').ok_or("an answer is ID=VALUE")?;
                    read.answers.push((id.to_owned(), value.to_owned()));
                }
                "--profile" => read.profiles.push(value()?),
                "--save-profile" => read.save_profile = Some(value()?),
                "--rows" => read.rows = Some(value()?),
                "--times" => read.times = value()?.parse()?,
                "--json" => read.json = true,
                _ => read.plain.push(word),
            }
        }
        Ok(read)
    }
}

/// Rows, pieces and money of a cut, a currency and a VAT basis.
type Totals = BTreeMap<(String, String, Option<bool>), (u64, Decimal, Option<Decimal>)>;

/// What the accepted rows come to.
#[derive(Default)]
struct Sums {
    totals: Totals,
    dates: BTreeSet<chrono::NaiveDate>,
    classes: BTreeMap<&'static str, u64>,
    stores: HashSet<String>,
    eans: HashSet<String>,
    codes: HashSet<String>,
}

impl Sums {
    fn add(&mut self, row: &SaleRow) {
        let key = (row.cut.0.clone(), row.currency.to_string(), row.vat_included);
        let (records, quantity, amount) = self.totals.entry(key).or_default();
        *records += 1;
        *quantity += row.quantity.unwrap_or_default();
        if let Some(value) = row.amount_local {
            *amount = Some(amount.unwrap_or_default() + value);
        }
        if !row.cut.is_main() {
            return;
        }
        self.dates.insert(row.sale_date.unwrap_or(row.period.start()));
        self.dates.insert(row.sale_date.unwrap_or(row.period.end()));
        *self.classes.entry(row.line_class.as_str()).or_default() += 1;
        let seen = [
            (&mut self.stores, &row.store),
            (&mut self.eans, &row.product_ean),
            (&mut self.codes, &row.vendor_product_code),
        ];
        for (seen, word) in seen {
            if let Some(word) = word.as_ref().filter(|word| !seen.contains(*word)) {
                seen.insert(word.clone());
            }
        }
    }

    fn totals(&self) -> Vec<Value> {
        let all = self.totals.iter().map(|((cut, currency, vat), (records, quantity, amount))| {
            json!({"cut": cut, "currency": currency, "vat_included": vat, "records": records,
                "quantity": quantity.to_string(), "amount": amount.map(|amount| amount.to_string())})
        });
        all.collect()
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::read()?;
    let path = arguments.plain.first().ok_or("usage: read <file> [file name] [options]")?;
    let path = Path::new(path);
    let own_name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let name = arguments.plain.get(1).cloned().unwrap_or(own_name);
    let mut own: Vec<Profile> = Vec::new();
    for file in &arguments.profiles {
        own.push(Profile::from_json(&serde_json::from_str(&fs::read_to_string(file)?)?)?);
    }
    let profiles = Profiles::shipped()?.with(own)?;
    let input = Input {
        path,
        file_name: &name,
        vendor_hint: arguments.vendor.as_deref(),
        answers: &arguments.answers,
    };
    let mut listing = arguments.rows.as_ref().map(File::create).transpose()?.map(BufWriter::new);
    for _ in 1..arguments.times {
        // Only how long it takes matters.
        let _ = parse(&input, &profiles, &Reference::default(), &mut |_| {});
    }
    let start = Instant::now();
    let mut sums = Sums::default();
    let outcome = parse(&input, &profiles, &Reference::default(), &mut |row| {
        sums.add(row);
        if let Some(listing) = &mut listing {
            // A full disk shows in the length of the listing.
            let _ = writeln!(listing, "{}", line(row));
        }
    });
    let took = start.elapsed().as_millis();
    if let (Some(file), Ok(report)) = (&arguments.save_profile, &outcome)
        && let Some(proposal) = &report.proposal
    {
        fs::write(file, serde_json::to_string_pretty(&proposal.profile)?)?;
    }
    match arguments.json {
        true => println!("{}", document(&outcome, &sums, took)),
        false => println!("{:#}", document(&outcome, &sums, took)),
    }
    Ok(())
}

fn document(outcome: &Result<Report, Refusal>, sums: &Sums, took: u128) -> Value {
    let report = outcome.as_ref().ok();
    let status = match outcome {
        Ok(report) if report.holds() => "needs_review",
        Ok(_) => "booked",
        Err(_) => "rejected",
    };
    json!({
        "outcome": status,
        "refusal": outcome.as_ref().err().map(|refusal| json!({"code": refusal.code, "message": refusal.message})),
        "vendor": report.and_then(|report| report.vendor.clone()),
        "vendor_confidence": report.map(|report| report.vendor_confidence),
        "layout": report.and_then(|report| report.layout.clone()),
        "kind": report.map(|report| report.kind),
        "rows": report.map(|report| report.rows),
        "totals": sums.totals(),
        "periods": report.map(|report| report.periods.clone()),
        "date_min": sums.dates.first(),
        "date_max": sums.dates.last(),
        "line_classes": sums.classes,
        "stores": sums.stores.iter().collect::<BTreeSet<_>>().into_iter().take(MAX_STORES).collect::<Vec<_>>(),
        "eans": sums.eans.len(),
        "codes": sums.codes.len(),
        "controls": report.map(|report| report.controls.clone()),
        "rejects": report.map(|report| report.rejects.iter().take(5).cloned().collect::<Vec<_>>()),
        "warnings": report.map(|report| report.warnings.clone()),
        "questions": report.map(|report| report.questions.clone()),
        "proposal": report.and_then(|report| report.proposal.clone()),
        "ms": took,
        "peak_kib": peak(),
    })
}

fn line(row: &SaleRow) -> Value {
    json!({"cut": row.cut, "store": row.store, "store_kind": row.store_kind, "product_ean": row.product_ean,
        "vendor_product_code": row.vendor_product_code, "product_name": row.product_name,
        "period_start": row.period.start(), "period_end": row.period.end(), "sale_date": row.sale_date,
        "quantity": row.quantity.map(|q| q.to_string()), "amount_local": row.amount_local.map(|a| a.to_string()),
        "currency": row.currency, "vat_included": row.vat_included, "line_class": row.line_class,
        "order_id": row.order.as_ref().map(|order| order.order_id.clone()), "country": row.country, "city": row.city,
        "source": row.source})
}

fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.trim().parse().ok())
}
