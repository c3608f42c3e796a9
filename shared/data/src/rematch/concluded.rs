//! Rows whose product, class or value is concluded anew.

use chrono::NaiveDate;
use domain::{Consequence, Line, Period, Reference};
use rust_decimal::Decimal;
use sqlx::FromRow;
use uuid::Uuid;

use super::{Moved, on};
use crate::{Error, Result, Tenant};

/// Rows concluded at once: few round trips, little memory.
const CHUNK: i64 = 5_000;

/// A row as it is, and the product it is of now.
#[derive(FromRow)]
struct Row {
    id: Uuid,
    ean: Option<String>,
    r#match: Option<String>,
    product_ean: Option<String>,
    product_match: Option<String>,
    product_name: Option<String>,
    quantity: Option<Decimal>,
    amount_local: Option<Decimal>,
    amount_eur: Option<Decimal>,
    derived: Option<String>,
    currency: String,
    period_start: NaiveDate,
    period_end: NaiveDate,
    line_class: String,
}

impl Row {
    /// What follows from its product now; `None` when that is what it says already.
    fn conclude(&self, reference: &Reference) -> Result<Option<Consequence>> {
        const STORED: &str = "rematch.row";
        let derived = self.derived.as_deref().map(str::parse).transpose().map_err(Error::stored(STORED))?;
        let concluded = reference.conclude(&Line {
            ean: self.ean.as_deref(),
            kind: reference.kind(self.ean.as_deref(), self.product_name.as_deref()),
            quantity: self.quantity,
            amount: self.amount_local,
            derived,
            currency: self.currency.parse().map_err(Error::stored(STORED))?,
            period: Period::new(self.period_start, self.period_end).map_err(Error::stored(STORED))?,
        });
        let same = (&self.ean, &self.r#match) == (&self.product_ean, &self.product_match)
            && concluded.line_class.as_str() == self.line_class
            && (concluded.amount_local, concluded.amount_eur) == (self.amount_local, self.amount_eur);
        Ok((!same).then_some(concluded))
    }
}

/// Concludes the touched rows of a table.
pub(super) async fn conclude(
    tenant: &mut Tenant,
    table: &str,
    reference: &Reference,
    moved: &mut Moved,
) -> Result<()> {
    let mut after = Uuid::nil();
    loop {
        let rows: Vec<Row> = sqlx::query_as(on(table, include_str!("touched.sql")))
            .bind(after)
            .bind(CHUNK)
            .fetch_all(&mut **tenant)
            .await
            .map_err(Error::query("rematch.touched"))?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.id;
        let mut changed = Vec::new();
        for row in rows {
            if let Some(concluded) = row.conclude(reference)? {
                changed.push((row, concluded));
            }
        }
        update(tenant, table, &changed, moved).await?;
    }
}

async fn update(
    tenant: &mut Tenant,
    table: &str,
    changed: &[(Row, Consequence)],
    moved: &mut Moved,
) -> Result<()> {
    let rate = |of: &Consequence| of.rate.clone();
    let updated: Vec<(String, NaiveDate, NaiveDate, NaiveDate, bool)> =
        sqlx::query_as(on(table, include_str!("update.sql")))
            .bind(tenant.org().0)
            .bind(changed.iter().map(|(row, _)| row.id).collect::<Vec<_>>())
            .bind(changed.iter().map(|(row, _)| row.ean.as_deref()).collect::<Vec<_>>())
            .bind(changed.iter().map(|(row, _)| row.r#match.as_deref()).collect::<Vec<_>>())
            .bind(changed.iter().map(|(_, now)| now.line_class.as_str()).collect::<Vec<_>>())
            .bind(changed.iter().map(|(_, now)| now.amount_local).collect::<Vec<_>>())
            .bind(changed.iter().map(|(_, now)| now.amount_eur).collect::<Vec<_>>())
            .bind(changed.iter().map(|(_, now)| rate(now).map(|rate| rate.eur_per_unit)).collect::<Vec<_>>())
            .bind(changed.iter().map(|(_, now)| rate(now).map(|rate| rate.month)).collect::<Vec<_>>())
            .bind(changed.iter().map(|(_, now)| rate(now).map(|rate| rate.source)).collect::<Vec<_>>())
            .fetch_all(&mut **tenant)
            .await
            .map_err(Error::query("rematch.update"))?;
    for (vendor, day, start, end, derived) in updated {
        moved.rows += 1;
        if derived {
            moved.revalued.insert((vendor.clone(), start, end));
        }
        moved.days.entry(vendor).or_default().insert(day);
    }
    Ok(())
}
