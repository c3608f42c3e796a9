//! As many mails a second as the account may send, whoever sends them.

use std::time::Duration;

use data::rate_windows::{self, Bucket};
use tokio::time::sleep;

use crate::Context;

/// One count for all: the quota is the account's, not an organisation's.
const BUCKET: Bucket = *b"mails that leave, counted by all";
const WINDOW_SECONDS: u32 = 1;

/// Whoever had no turn so often gives the mail back to the queue.
const PATIENCE: usize = 10;

/// Waits until one mail more may be sent.
///
/// # Errors
/// When the database fails, or too many others are in front.
pub(crate) async fn wait(ctx: &Context) -> anyhow::Result<()> {
    let rate = ctx.mailer.rate().await;
    for _ in 0..PATIENCE {
        let mut service = ctx.db.service().await?;
        let counted = rate_windows::count(&mut service, &[(BUCKET, WINDOW_SECONDS)]).await?;
        drop(service);
        match counted.first() {
            Some(window) if window.used > rate => {
                sleep(Duration::from_secs(window.resets_in_s.into())).await;
            }
            _ => return Ok(()),
        }
    }
    anyhow::bail!("more mails wait than may be sent a second")
}
