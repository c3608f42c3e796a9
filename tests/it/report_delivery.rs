//! Reports that are due, made and mailed by real workers that are killed at random moments: one report and one mail for everybody
//! at every due time, whatever dies and however often messages come.

use std::{collections::BTreeMap, fs, time::Duration};

use chrono::{Datelike as _, Utc};
use mail_parser::MessageParser;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use crate::{
    delivery::shuffled,
    fleet::{Fleet, Outcome},
    setting::Setting,
};

const SCHEDULES: usize = 40;
/// Of each schedule: its owner, and somebody without a login.
const READERS: usize = 2;
const WORKERS: usize = 3;
const KILLS: usize = 12;
/// As in `data::reports`: deaths use them up.
const TRIES: i32 = 3;

/// Due since the beginning of this month, about the month before.
async fn schedule(setting: &Setting, number: usize, readers: &[String; READERS]) {
    let begin = Utc::now().with_day(1).unwrap().date_naive().and_hms_opt(0, 0, 0).unwrap().and_utc();
    let cadence = json!({ "every": "month", "day": 1, "time": "00:00", "time_zone": "UTC" });
    let [owner, buyer] = readers;
    let recipients = json!([
        { "address": owner },
        { "address": buyer, "filters": [{ "dimension": "vendor", "values": ["liberty"], "excluded": false }] },
    ]);
    let inserted = sqlx::query(
        "INSERT INTO report_schedules (id, org_id, owner, name, kind, format, locale, scope, cadence, period, recipients, catch_up,
             active, next_run_at)
         SELECT gen_random_uuid(), org_id, id, $1, 'sales_summary', 'pdf', 'en', '{}', $2, 'last_full_month', $3, 'run_once', true, $4
         FROM users WHERE email = $5",
    )
    .bind(format!("Monday {number}"))
    .bind(cadence)
    .bind(recipients)
    .bind(begin)
    .bind(owner)
    .execute(setting.database.admin())
    .await
    .unwrap();
    assert_eq!(inserted.rows_affected(), 1);
}

/// Subjects of the mails that somebody has got and that carry one file.
fn subjects_with_a_file(setting: &Setting, reader: &str) -> Vec<String> {
    let files = fs::read_dir(&setting.stack.mail_dir).unwrap();
    let mails = files.map(|file| fs::read(file.unwrap().path()).unwrap());
    let subject = |bytes: Vec<u8>| {
        let mail = MessageParser::default().parse(&bytes).unwrap();
        let to = mail.to().and_then(|to| to.first()).and_then(|to| to.address());
        (to == Some(reader) && mail.attachment_count() == 1).then(|| mail.subject().unwrap().to_owned())
    };
    mails.filter_map(subject).collect()
}

/// Kills after 5 to `most` ms, [`KILLS`] times.
fn killer(random: &mut StdRng, most: u64) -> impl FnMut() -> Option<(usize, Duration)> {
    let mut left = KILLS;
    move || {
        left = left.checked_sub(1)?;
        Some((random.random_range(0..WORKERS), Duration::from_millis(random.random_range(5..most))))
    }
}

/// Messages as the job before would send them, of what a query finds.
async fn messages(admin: &PgPool, name: &str, of: &'static str) -> Vec<String> {
    let rows: Vec<(Uuid, Uuid)> = sqlx::query_as(of).fetch_all(admin).await.unwrap();
    rows.into_iter().map(|(org, id)| json!({ "org_id": org, name: id }).to_string()).collect()
}

/// Everything that a query finds, done by workers that are killed; what nobody has woken again after that is woken as the sweeper would.
async fn work(setting: &Setting, bin: &str, name: &str, of: &'static str, random: &mut StdRng) -> Outcome {
    let admin = setting.database.admin();
    let fleet = Fleet::new(1, shuffled(messages(admin, name, of).await, random));
    let outcome = fleet.run(bin, &setting.environment, WORKERS, killer(random, 150)).await;
    let fleet = Fleet::new(1, messages(admin, name, of).await);
    fleet.run(bin, &setting.environment, WORKERS, || None).await;
    outcome
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_workers_make_and_send_every_report_once() {
    let seed = u64::from(Uuid::new_v4().as_fields().0);
    let mut random = StdRng::seed_from_u64(seed);
    // Whoever ran this before on the same stack has mails of its own.
    let setting = Setting::new(&format!("reports-{seed}")).await;
    let admin = setting.database.admin();
    let owner: String = sqlx::query_scalar("SELECT email FROM users").fetch_one(admin).await.unwrap();
    let readers = [owner, format!("buyer-{}@liberty.example", Uuid::new_v4().simple())];
    for number in 0..SCHEDULES {
        schedule(&setting, number, &readers).await;
    }

    let ticks = Fleet::new(1, (0..100).map(|_| "{}".to_owned()));
    let dispatched =
        ticks.run("report-dispatch", &setting.environment, WORKERS, killer(&mut random, 60)).await;
    assert_eq!(dispatched.dead, Vec::<String>::new(), "seed {seed}");
    assert!(dispatched.kills >= KILLS / 2, "seed {seed}: {} kills of dispatch", dispatched.kills);
    let count = async |of: &'static str| -> i64 { sqlx::query_scalar(of).fetch_one(admin).await.unwrap() };
    let all = i64::try_from(SCHEDULES * READERS).unwrap();
    assert_eq!(count("SELECT count(*) FROM report_runs").await, all / 2, "seed {seed}");
    assert_eq!(count("SELECT count(DISTINCT (run_id, recipients)) FROM reports").await, all, "seed {seed}");
    assert_eq!(count("SELECT count(*) FROM reports").await, all, "seed {seed}");

    let open = "SELECT org_id, id FROM reports WHERE status IN ('queued', 'running')";
    let made = work(&setting, "report-generate", "report_id", open, &mut random).await;
    assert!(made.kills >= KILLS / 2, "seed {seed}: {} kills of generate", made.kills);
    let ended: Vec<(String, i32)> =
        sqlx::query_as("SELECT status, attempts FROM reports").fetch_all(admin).await.unwrap();
    assert!(
        ended.iter().all(|(status, tries)| status == "ready" || status == "failed" && *tries > TRIES),
        "seed {seed}: {ended:?}"
    );
    let ready = ended.iter().filter(|(status, _)| status == "ready").count();
    assert!(ready * 10 >= ended.len() * 9, "seed {seed}: {ended:?}");

    let open = "SELECT org_id, id FROM email_logs WHERE status IN ('queued', 'sending')";
    let sent = work(&setting, "email-send", "email_id", open, &mut random).await;
    assert!(sent.kills >= KILLS / 2, "seed {seed}: {} kills of send", sent.kills);
    let mails: Vec<(String, String)> =
        sqlx::query_as("SELECT recipient, status FROM email_logs WHERE type = 'report_ready'")
            .fetch_all(admin)
            .await
            .unwrap();
    assert_eq!(mails.len(), ready, "seed {seed}");
    assert!(mails.iter().all(|(_, status)| status == "sent"), "seed {seed}: {mails:?}");

    // What readers have, and not what we believe to have sent: each due report once, with its file.
    for reader in &readers {
        let mut received: BTreeMap<String, usize> = BTreeMap::new();
        for subject in subjects_with_a_file(&setting, reader) {
            *received.entry(subject).or_default() += 1;
        }
        let expected = mails.iter().filter(|(recipient, _)| recipient == reader).count();
        assert_eq!(received.len(), expected, "seed {seed}: {received:?}");
        assert!(received.values().all(|times| *times == 1), "seed {seed}: {received:?}");
    }
}
