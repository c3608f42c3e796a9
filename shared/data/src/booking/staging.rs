//! Takes rows while they are parsed.

use std::collections::HashMap;

use chrono::{NaiveDate, Utc};
use domain::{Cut, Period, Report, SaleRow};
use sqlx::{AssertSqlSafe, Executor as _};
use tokio::sync::mpsc::Receiver;
use uuid::Uuid;

use super::line::{self, Content, Writer};
use crate::{Error, Result, Tenant};

/// Sent at once: large enough that a message costs little, small beside the memory of the function.
const CHUNK_BYTES: usize = 256 * 1024;

/// `staged`: the rows, each with the number of its statement. `statements`: what each of them says in all, as the hash
/// over the multiset of its rows; its version in the books and the one it differs from (0: the period is new) come when
/// it is booked. `staged_rows`: both together.
const TABLES: &str = "
    SET LOCAL work_mem = '64MB';
    DROP TABLE IF EXISTS pg_temp.staged, pg_temp.statements CASCADE;
    CREATE TEMP TABLE staged ({columns}) ON COMMIT DROP;
    CREATE TEMP TABLE statements (statement integer PRIMARY KEY, cut text NOT NULL, period_start date NOT NULL,
        period_end date NOT NULL, statement_hash bytea NOT NULL, version integer, base integer) ON COMMIT DROP;
    CREATE TEMP VIEW staged_rows AS
        SELECT statements.cut, statements.period_start, statements.period_end, staged.*
        FROM pg_temp.staged JOIN pg_temp.statements USING (statement)";

/// Encodes rows on the thread that parses them.
pub struct Rows {
    ids: Ids,
    writer: Writer,
    statements: Statements,
}

impl Rows {
    #[must_use]
    pub fn new() -> Self {
        let mut writer = Writer::default();
        writer.out.reserve(CHUNK_BYTES + CHUNK_BYTES / 4);
        writer.out.extend_from_slice(line::HEADER);
        Self { ids: Ids::new(), writer, statements: Statements::default() }
    }

    /// Adds a row; a chunk to send on when one is full.
    pub fn push(&mut self, row: &SaleRow) -> Option<Vec<u8>> {
        let statement = self.statements.number(&row.cut, row.period);
        let content = self.writer.write(self.ids.next(), statement, row);
        self.statements.add(&content);
        let full = self.writer.out.len() >= CHUNK_BYTES;
        full.then(|| {
            let next = Vec::with_capacity(CHUNK_BYTES + CHUNK_BYTES / 4);
            std::mem::replace(&mut self.writer.out, next)
        })
    }

    /// The last chunk, and what all rows together state.
    #[must_use]
    pub fn finish(mut self) -> (Vec<u8>, Statements) {
        self.writer.out.extend_from_slice(line::TRAILER);
        (self.writer.out, self.statements)
    }
}

impl Default for Rows {
    fn default() -> Self {
        Self::new()
    }
}

/// Copies chunks of [`Rows`] into the transaction's temporary tables until the channel closes. The tables are gone when
/// the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn stage(tenant: &mut Tenant, mut chunks: Receiver<Vec<u8>>) -> Result<()> {
    // Dropped first: an upload that is read twice in one transaction starts anew.
    tenant
        .execute(sqlx::raw_sql(AssertSqlSafe(TABLES.replace("{columns}", line::COLUMNS))))
        .await
        .map_err(Error::query("booking.create_staging"))?;
    let mut copy = tenant
        .copy_in_raw("COPY pg_temp.staged FROM STDIN (FORMAT binary)")
        .await
        .map_err(Error::query("booking.copy"))?;
    while let Some(chunk) = chunks.recv().await {
        copy.send(chunk).await.map_err(Error::query("booking.copy"))?;
    }
    copy.finish().await.map_err(Error::query("booking.copy"))?;
    Ok(())
}

/// Notes what the staged rows state, once all are there.
///
/// # Errors
/// When the database fails.
pub async fn state(tenant: &mut Tenant, statements: &Statements) -> Result<()> {
    statements.write(tenant).await?;
    tenant
        .execute(sqlx::raw_sql("ANALYZE pg_temp.staged; ANALYZE pg_temp.statements"))
        .await
        .map_err(Error::query("booking.analyze_staging"))?;
    Ok(())
}

/// Adds the periods that the document states without a row.
pub(super) async fn add_stated(tenant: &mut Tenant, report: &Report) -> Result<()> {
    let mut statements = Statements::default();
    for stated in &report.periods {
        statements.number(&stated.cut, stated.period);
    }
    statements.write(tenant).await
}

/// What the rows of a document state, in the order in which the first row of each statement comes.
#[derive(Default)]
pub struct Statements {
    numbers: HashMap<(Cut, Period), i32>,
    stated: Vec<((Cut, Period), Multiset)>,
    /// Rows of one statement mostly follow each other.
    last: usize,
}

impl Statements {
    fn number(&mut self, cut: &Cut, period: Period) -> i32 {
        let is = |stated: &&((Cut, Period), Multiset)| stated.0.1 == period && stated.0.0 == *cut;
        if self.stated.get(self.last).filter(is).is_none() {
            let key = (cut.clone(), period);
            let next = i32::try_from(self.stated.len()).unwrap_or(i32::MAX);
            let number = *self.numbers.entry(key.clone()).or_insert(next);
            if number == next {
                self.stated.push((key, Multiset::default()));
            }
            self.last = usize::try_from(number).unwrap_or_default();
        }
        i32::try_from(self.last).unwrap_or(i32::MAX)
    }

    /// Adds a row to the statement that was asked for last.
    fn add(&mut self, content: &Content) {
        if let Some((_, rows)) = self.stated.get_mut(self.last) {
            rows.add(content);
        }
    }

    /// Those that are not there yet are added behind the others.
    async fn write(&self, tenant: &mut Tenant) -> Result<()> {
        let stated = || self.stated.iter();
        sqlx::query(
            "INSERT INTO pg_temp.statements (statement, cut, period_start, period_end, statement_hash)
             SELECT coalesce((SELECT max(statement) + 1 FROM pg_temp.statements), 0) + n - 1, cut, period_start, period_end,
                 statement_hash
             FROM unnest($1::text[], $2::date[], $3::date[], $4::bytea[]) WITH ORDINALITY
                 AS t (cut, period_start, period_end, statement_hash, n)
             WHERE (cut, period_start, period_end) NOT IN (SELECT cut, period_start, period_end FROM pg_temp.statements)",
        )
        .bind(stated().map(|((cut, _), _)| cut.0.as_str()).collect::<Vec<_>>())
        .bind(stated().map(|((_, period), _)| period.start()).collect::<Vec<NaiveDate>>())
        .bind(stated().map(|((_, period), _)| period.end()).collect::<Vec<NaiveDate>>())
        .bind(stated().map(|(_, rows)| rows.hash()).collect::<Vec<_>>())
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("booking.write_statements"))?;
        Ok(())
    }
}

/// A hash over rows in whatever order, each as often as it comes: their hashes added up modulo 2^256 (`MSet-Add-Hash`
/// of Clarke et al., "Incremental Multiset Hash Functions", 2003).
#[derive(Default)]
struct Multiset([u64; 4]);

impl Multiset {
    fn add(&mut self, content: &Content) {
        let mut carry = false;
        for (limb, bytes) in self.0.iter_mut().zip(content.as_chunks::<8>().0) {
            let (sum, first) = limb.overflowing_add(u64::from_le_bytes(*bytes));
            let (sum, second) = sum.overflowing_add(carry.into());
            (*limb, carry) = (sum, first || second);
        }
    }

    fn hash(&self) -> Vec<u8> {
        self.0.iter().flat_map(|limb| limb.to_le_bytes()).collect()
    }
}

/// Ids of rows, in their order: UUIDs of version 7 (RFC 9562) of one moment, a counter before what is random.
struct Ids {
    millis: u64,
    random: u64,
    count: u64,
}

impl Ids {
    fn new() -> Self {
        let millis = u64::try_from(Utc::now().timestamp_millis()).unwrap_or_default();
        let (random, _) = Uuid::new_v4().as_u64_pair();
        Self { millis, random, count: 0 }
    }

    fn next(&mut self) -> Uuid {
        // Version and variant take the upper bits of the first and of the third byte: 34 are left for the counter.
        let counter = (self.count >> 22 << 24) | (self.count & 0x3f_ffff);
        let mut bytes = [0; 10];
        bytes[..5].copy_from_slice(&counter.to_be_bytes()[3..]);
        bytes[5..].copy_from_slice(&self.random.to_be_bytes()[..5]);
        self.count += 1;
        uuid::Builder::from_unix_timestamp_millis(self.millis, &bytes).into_uuid()
    }
}
