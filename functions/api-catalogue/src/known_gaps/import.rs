//! `POST /v1/known-gaps/import`: days that vendors will not report.

use chrono::NaiveDate;
use data::known_gaps::{self, NewKnownGap};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use crate::{
    Context, cells,
    import::import,
    outcome::Reject,
    table::{self, Columns, Row, Table},
};

const COLUMNS: Columns = Columns { required: &["vendor", "start", "end", "reason"], optional: |_| false };

/// A row; without an end it lasts until further notice.
struct Stated {
    vendor: String,
    start: NaiveDate,
    end: Option<NaiveDate>,
    reason: String,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    table::imported(
        Operation::new("known-gaps-import", "POST /v1/known-gaps/import", "States many gaps at once")
            .details("Columns: `vendor`, `start`, `end` (blank: until further notice), `reason`.")
            .needs(&[Permission::UploadsWrite]),
    )
}

/// Takes the gaps of a CSV file: they are shown as known and raise no alarm.
///
/// # Errors
/// See [`Table::read`] and [`import`]; rows at fault are part of the answer.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::UploadsWrite)?;
        let table = Table::read(request.body(), &COLUMNS)?;
        let (rows, rejects) =
            table.rows(read, "start", |stated| (stated.vendor.clone(), stated.start, stated.end));
        let gaps: Vec<NewKnownGap<'_>> = rows
            .iter()
            .map(|(_, stated)| NewKnownGap {
                vendor: &stated.vendor,
                first_day: stated.start,
                last_day: stated.end,
                reason: &stated.reason,
                created_by: principal.user_id,
            })
            .collect();

        import(ctx, &principal, &request, async |tenant| {
            Ok((known_gaps::import(tenant, &gaps).await?, rejects))
        })
        .await
    })
}

fn read(row: &Row) -> Result<Stated, Reject> {
    let stated = Stated {
        vendor: row.required("vendor", cells::vendor)?,
        start: row.required("start", cells::date)?,
        end: row.optional("end", cells::date)?,
        reason: row.required("reason", |text| cells::text(text, super::REASON_CHARS_MAX))?,
    };
    if stated.end.is_some_and(|end| end < stated.start) {
        return Err(row.reject("end", "date_invalid", "end lies before start."));
    }
    Ok(stated)
}
