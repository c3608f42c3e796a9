//! SQS: mail event queue.

use data::{
    emails::{self, Report},
    suppressions,
};
use edge::{
    Boxed,
    sqs::{JobError, Message},
};
use mail::reports;
use serde_json::Value;

use crate::Context;

/// Takes down one report.
///
/// # Errors
/// `Transient` when the database fails. Whatever is no report about a mail of ours is acknowledged without effect.
pub fn handle(ctx: &Context, message: Message<Value>) -> Boxed<'_, Result<(), JobError>> {
    Box::pin(async move {
        let notice = match reports::read(&message.body.to_string(), &ctx.topic) {
            Ok(notice) => notice,
            Err(ignored) => {
                tracing::warn!(why = %ignored, "report about a mail ignored");
                return Ok(());
            }
        };
        let mut tenant = ctx.db.system(notice.org).await?;
        let Some(found) = emails::find(&mut tenant, notice.email).await? else {
            tracing::warn!(email.id = %notice.email, "report about a mail that does not exist");
            return Ok(());
        };
        let reader = &found.log.recipient;
        let is_reader = |address: &String| address.eq_ignore_ascii_case(reader);
        if !notice.recipients.is_empty() && !notice.recipients.iter().any(is_reader) {
            tracing::warn!(email.id = %notice.email, "report about somebody who did not get the mail");
            return Ok(());
        }
        let detail = notice.detail.as_deref();
        let report = Report { event: notice.event, at: notice.at, detail, message_id: &notice.message_id };
        let is_new = emails::note(&mut tenant, notice.email, &report).await?;
        if let Some(reason) = notice.suppress.filter(|_| is_new) {
            suppressions::add(&mut tenant, reader, reason, detail).await?;
        }
        tenant.commit().await?;
        tracing::info!(email.id = %notice.email, email.event = notice.event.as_str(), is_new, "report taken down");
        Ok(())
    })
}

#[cfg(test)]
mod tests;
