//! At least once, survived: real workers, killed at random moments, fed every message several times and out of order.
//! Afterwards the history must be exactly what the files say.

use std::{collections::BTreeMap, time::Duration};

use rand::{RngExt, SeedableRng, rngs::StdRng, seq::SliceRandom};
use rust_decimal::Decimal;
use serde_json::json;
use sqlx::{PgPool, Row};

use crate::{
    fleet::{Fleet, Outcome},
    setting::{Setting, s3_event},
};

/// Months that are reported, and how often each is restated: 40 x 8 = 320 files.
const MONTHS: u32 = 40;
const VERSIONS: u32 = 8;
const WORKERS: usize = 3;
const KILLS: usize = 60;
/// Messages a worker holds when it is killed.
const BATCH_SIZE: usize = 4;

/// One small file that states one month.
struct Drop {
    name: String,
    month: (i32, u32),
    version: u32,
    csv: String,
    units: i64,
    amount: Decimal,
}

fn drops(random: &mut StdRng) -> Vec<Drop> {
    let mut drops = Vec::new();
    for index in 0..MONTHS {
        for version in 0..VERSIONS {
            let month = (2022 + i32::try_from(index / 12).unwrap(), index % 12 + 1);
            drops.push(drop(month, version, random));
        }
    }
    drops
}

fn drop((year, month): (i32, u32), version: u32, random: &mut StdRng) -> Drop {
    let mut csv = "YEAR,MONTH,CHANNEL,POS,EAN,QTY,AMOUNT,DESCRIPTION,SKU\n".to_owned();
    let (mut units, mut amount) = (0, Decimal::ZERO);
    for line in 0..random.random_range(1..12) {
        let quantity = random.random_range(1..9);
        let value = Decimal::new(random.random_range(100..90_000), 2);
        csv += &format!(
            "{year},{month},Retail,Casa Nardo {line},9529843000752,{quantity},{value},EDP AUGUSTA NOON,AVAN10\n"
        );
        units += quantity;
        amount += value;
    }
    let name = format!("Boxnox sell out {year}-{month:02} v{version}.csv");
    Drop { name, month: (year, month), version, csv, units, amount }
}

/// Every message one to three times, in no order.
pub(crate) fn shuffled(messages: Vec<String>, random: &mut StdRng) -> Vec<String> {
    let mut all = Vec::new();
    for message in messages {
        for _ in 0..random.random_range(1..=3) {
            all.push(message.clone());
        }
    }
    all.shuffle(random);
    all
}

/// A pause of 5 to 150 ms before each of the first [`KILLS`] kills, then none.
fn killer(random: &mut StdRng) -> impl FnMut() -> Option<(usize, Duration)> {
    let mut left = KILLS;
    move || {
        left = left.checked_sub(1)?;
        Some((random.random_range(0..WORKERS), Duration::from_millis(random.random_range(5..150))))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_workers_lose_no_row_double_no_row_and_send_no_second_mail() {
    let seed = u64::from(uuid::Uuid::new_v4().as_fields().0);
    let mut random = StdRng::seed_from_u64(seed);
    let setting = Setting::new("kill").await;
    let drops = drops(&mut random);
    let mut messages = Vec::new();
    for drop in &drops {
        let key = format!("drops/{}/{}", setting.slug, drop.name);
        setting.stack.put_object(&setting.bucket, &key, drop.csv.clone().into_bytes()).await.unwrap();
        messages.push(s3_event(&setting.bucket, &key, drop.csv.len(), drop.version));
    }

    let poison = "not an event".to_owned();
    messages.push(poison.clone());
    let fleet = Fleet::new(BATCH_SIZE, shuffled(messages, &mut random));
    let outcome = fleet.run("file-ingest", &setting.environment, WORKERS, killer(&mut random)).await;
    assert!(outcome.kills >= KILLS / 2, "seed {seed}: only {} kills, the run was too short", outcome.kills);
    assert!(
        outcome.dead.iter().all(|body| *body == poison) && !outcome.dead.is_empty(),
        "seed {seed}: {:?}",
        outcome.dead
    );

    let admin = setting.database.admin();
    assert_history_is(admin, &drops, seed).await;
    let outcome = send_mails(&setting, admin, &mut random).await;
    assert_eq!(outcome.dead, Vec::<String>::new(), "seed {seed}");
    assert_mails_are(admin, &setting, drops.len(), seed).await;
}

/// The latest version of every month counts, whatever came last; every file ended well, once.
async fn assert_history_is(admin: &PgPool, drops: &[Drop], seed: u64) {
    let statuses = sqlx::query("SELECT status, count(*) AS files FROM uploads GROUP BY status");
    let statuses: BTreeMap<String, i64> = statuses
        .fetch_all(admin)
        .await
        .unwrap()
        .iter()
        .map(|row| (row.get("status"), row.get("files")))
        .collect();
    let files = i64::try_from(drops.len()).unwrap();
    assert_eq!(statuses, BTreeMap::from([("completed".to_owned(), files)]), "seed {seed}");

    for table in ["sales", "sales_daily"] {
        let sql = match table {
            "sales" => {
                "SELECT period_end AS day, sum(quantity) AS units, sum(amount_local) AS amount FROM sales GROUP BY 1"
            }
            _ => {
                "SELECT counts_on AS day, sum(quantity) AS units, sum(amount_local) AS amount FROM sales_daily GROUP BY 1"
            }
        };
        let rows = sqlx::query(sql).fetch_all(admin).await.unwrap();
        let counted: BTreeMap<String, (Decimal, Decimal)> = rows
            .iter()
            .map(|row| {
                (
                    row.get::<chrono::NaiveDate, _>("day").format("%Y-%m").to_string(),
                    (row.get("units"), row.get("amount")),
                )
            })
            .collect();
        assert_eq!(counted.len(), usize::try_from(MONTHS).unwrap(), "seed {seed}: months in {table}");
        for drop in drops.iter().filter(|drop| drop.version == VERSIONS - 1) {
            let month = format!("{}-{:02}", drop.month.0, drop.month.1);
            assert_eq!(counted[&month], (drop.units.into(), drop.amount), "seed {seed}: {table} {month}");
        }
    }
}

async fn send_mails(setting: &Setting, admin: &PgPool, random: &mut StdRng) -> Outcome {
    let rows = sqlx::query("SELECT org_id, id FROM email_logs").fetch_all(admin).await.unwrap();
    let messages = rows.iter().map(|row| {
        json!({ "org_id": row.get::<uuid::Uuid, _>("org_id"), "email_id": row.get::<uuid::Uuid, _>("id") }).to_string()
    });
    let fleet = Fleet::new(BATCH_SIZE, shuffled(messages.collect(), random));
    fleet.run("email-send", &setting.environment, WORKERS, killer(random)).await
}

async fn assert_mails_are(admin: &PgPool, setting: &Setting, files: usize, seed: u64) {
    let row = sqlx::query(
        "SELECT count(*) AS mails, count(*) FILTER (WHERE status = 'sent') AS sent, min(recipient) AS recipient FROM email_logs",
    );
    let row = row.fetch_one(admin).await.unwrap();
    let files_i64 = i64::try_from(files).unwrap();
    assert_eq!(
        (row.get::<i64, _>("mails"), row.get::<i64, _>("sent")),
        (files_i64, files_i64),
        "seed {seed}"
    );
    assert_eq!(
        crate::flows::mails_to(&setting.stack, row.get("recipient")),
        files,
        "seed {seed}: mails on the disk"
    );
}
