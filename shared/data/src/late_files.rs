//! Files that have not come in time, and the reminders drafted for them.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{EmailId, LateFileEnd, LateFileId, Period, ReminderStatus, ReportLocale};
use sqlx::{AssertSqlSafe, FromRow};
use uuid::Uuid;

use crate::{Error, Result, Tenant, Word};

/// A row of `late_files`, with what is known of its vendor now.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct LateFile {
    pub id: Uuid,
    pub vendor: String,
    pub vendor_name: String,
    pub contact_name: Option<String>,
    /// Where a reminder goes; `None`: nowhere until the vendor has an address.
    pub contact_email: Option<String>,
    #[sqlx(try_from = "String")]
    pub contact_language: Word<ReportLocale>,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    pub due_on: NaiveDate,
    pub noticed_at: DateTime<Utc>,
    pub settled_at: Option<DateTime<Utc>>,
    /// A `domain::LateFileEnd`.
    pub settled_as: Option<String>,
    #[sqlx(try_from = "String")]
    pub reminder: Word<ReminderStatus>,
    pub subject: String,
    pub body: String,
    /// Somebody has put own words in place of ours.
    pub edited: bool,
    pub email_id: Option<Uuid>,
    pub decided_by: Option<Uuid>,
    pub decided_at: Option<DateTime<Utc>>,
    pub version: i32,
}

impl LateFile {
    /// Whether it is late on one of these days.
    #[must_use]
    pub fn overlaps(&self, days: Period) -> bool {
        self.first_day <= days.end() && self.last_day >= days.start()
    }

    /// Its days.
    ///
    /// # Errors
    /// Never, as long as the table's constraint holds.
    pub fn days(&self) -> Result<Period> {
        Period::new(self.first_day, self.last_day).map_err(Error::stored("late_files.days"))
    }

    /// Whether its reminder can still be changed and approved.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.settled_at.is_none() && self.reminder.0 == ReminderStatus::Waiting
    }
}

/// The words of a reminder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words<'a> {
    pub subject: &'a str,
    pub body: &'a str,
}

/// Which late files to list; `None` is any.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter<'a> {
    pub vendor: Option<&'a str>,
    pub reminder: Option<ReminderStatus>,
    /// Whether it has come, or is not expected any more.
    pub settled: Option<bool>,
}

const COLUMNS: &str = "l.id, l.vendor, v.name AS vendor_name, v.contact_name, v.contact_email,
    coalesce(v.contact_language, 'en') AS contact_language, l.first_day, l.last_day, l.due_on, l.noticed_at, l.settled_at,
    l.settled_as, l.reminder, l.subject, l.body, l.edited, l.email_id, l.decided_by, l.decided_at, l.version";
const SOURCE: &str = "late_files l JOIN vendors v ON v.org_id = l.org_id AND v.key = l.vendor";

/// Keeps a late file with the draft of its reminder; `false` when somebody else has just done so.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    tenant: &mut Tenant,
    id: LateFileId,
    vendor: &str,
    days: Period,
    due_on: NaiveDate,
    words: Words<'_>,
) -> Result<bool> {
    let inserted = sqlx::query(
        "INSERT INTO late_files (id, org_id, vendor, first_day, last_day, due_on, subject, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (org_id, vendor, first_day) DO NOTHING",
    )
    .bind(id.0)
    .bind(tenant.org().0)
    .bind(vendor)
    .bind(days.start())
    .bind(days.end())
    .bind(due_on)
    .bind(words.subject)
    .bind(words.body)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("late_files.insert"))?;
    Ok(inserted.rows_affected() == 1)
}

/// Every late file of the organisation, the earliest days first.
///
/// # Errors
/// When the database fails.
pub async fn all(tenant: &mut Tenant) -> Result<Vec<LateFile>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM {SOURCE} ORDER BY l.vendor, l.first_day FOR UPDATE OF l"
    )))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("late_files.all"))
}

/// # Errors
/// When the database fails.
pub async fn find(tenant: &mut Tenant, id: LateFileId) -> Result<Option<LateFile>> {
    sqlx::query_as(AssertSqlSafe(format!("SELECT {COLUMNS} FROM {SOURCE} WHERE l.id = $1")))
        .bind(id.0)
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("late_files.find"))
}

/// At most `limit` late files, newest first, beginning after `after`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    tenant: &mut Tenant,
    filter: &Filter<'_>,
    limit: u32,
    after: Option<Uuid>,
) -> Result<Vec<LateFile>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM {SOURCE}
         WHERE l.org_id = $1 AND ($2::text IS NULL OR l.vendor = $2) AND ($3::text IS NULL OR l.reminder = $3)
             AND ($4::boolean IS NULL OR (l.settled_at IS NOT NULL) = $4) AND ($5::uuid IS NULL OR l.id < $5)
         ORDER BY l.id DESC LIMIT $6"
    )))
    .bind(tenant.org().0)
    .bind(filter.vendor)
    .bind(filter.reminder.map(ReminderStatus::as_str))
    .bind(filter.settled)
    .bind(after)
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("late_files.list"))
}

/// Nothing of it is missing any more; a reminder that nobody has approved is withdrawn.
///
/// # Errors
/// When the database fails.
pub async fn settle(tenant: &mut Tenant, id: LateFileId, end: LateFileEnd) -> Result<()> {
    sqlx::query(
        "UPDATE late_files SET settled_at = now(), settled_as = $2, version = version + 1,
             reminder = CASE reminder WHEN 'waiting' THEN 'withdrawn' ELSE reminder END
         WHERE id = $1",
    )
    .bind(id.0)
    .bind(end.as_str())
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("late_files.settle"))?;
    Ok(())
}

/// It is missing again: somebody has undone the upload that brought it, or taken back that it would not come.
///
/// # Errors
/// When the database fails.
pub async fn reopen(tenant: &mut Tenant, id: LateFileId) -> Result<()> {
    sqlx::query(
        "UPDATE late_files SET settled_at = NULL, settled_as = NULL, version = version + 1,
             reminder = CASE reminder WHEN 'withdrawn' THEN 'waiting' ELSE reminder END
         WHERE id = $1",
    )
    .bind(id.0)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("late_files.reopen"))?;
    Ok(())
}

/// Says anew until when it lasts, and in which words its vendor is asked for it. Its first day stays: by it a late file is known.
///
/// # Errors
/// When the database fails.
pub async fn redraft(
    tenant: &mut Tenant,
    id: LateFileId,
    last_day: NaiveDate,
    words: Words<'_>,
) -> Result<()> {
    sqlx::query(
        "UPDATE late_files SET last_day = $2, subject = $3, body = $4, version = version + 1 WHERE id = $1",
    )
    .bind(id.0)
    .bind(last_day)
    .bind(words.subject)
    .bind(words.body)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("late_files.redraft"))?;
    Ok(())
}

/// Puts somebody's own words in place of ours; `false` when the reminder does not wait any more, or not in this version.
///
/// # Errors
/// When the database fails.
pub async fn edit(tenant: &mut Tenant, id: LateFileId, version: i32, words: Words<'_>) -> Result<bool> {
    let edited = sqlx::query(
        "UPDATE late_files SET subject = $3, body = $4, edited = true, version = version + 1
         WHERE id = $1 AND version = $2 AND reminder = 'waiting' AND settled_at IS NULL",
    )
    .bind(id.0)
    .bind(version)
    .bind(words.subject)
    .bind(words.body)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("late_files.edit"))?;
    Ok(edited.rows_affected() == 1)
}

/// Approves a reminder, with the mail that it becomes, or dismisses it; `false` when it does not wait any more, or not in this version.
///
/// # Errors
/// When the database fails.
pub async fn decide(
    tenant: &mut Tenant,
    id: LateFileId,
    version: i32,
    mail: Option<EmailId>,
    by: Uuid,
) -> Result<bool> {
    let decided = sqlx::query(
        "UPDATE late_files SET reminder = CASE WHEN $3::uuid IS NULL THEN 'dismissed' ELSE 'approved' END, email_id = $3,
             decided_by = $4, decided_at = now(), version = version + 1
         WHERE id = $1 AND version = $2 AND reminder = 'waiting' AND settled_at IS NULL",
    )
    .bind(id.0)
    .bind(version)
    .bind(mail.map(|mail| mail.0))
    .bind(by)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("late_files.decide"))?;
    Ok(decided.rows_affected() == 1)
}

/// Addresses of those who can do something about it: whoever may bring files in. Who sees some rows only may not, so nobody hears
/// of a vendor that they do not see. Ask it as the system.
///
/// # Errors
/// When the database fails.
pub async fn readers(tenant: &mut Tenant) -> Result<Vec<String>> {
    sqlx::query_scalar(
        "SELECT u.email FROM users u
         WHERE u.disabled_at IS NULL AND u.removed_at IS NULL AND u.joined_at IS NOT NULL AND EXISTS (
             SELECT FROM service.rights(u.org_id, u.id) AS r WHERE 'uploads:write' = ANY (r.permissions))
         ORDER BY u.email",
    )
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("late_files.readers"))
}
