//! Single answers: the rows behind them, and what the asker says of them.

pub mod feedback;
pub mod rows;

use assistant::Plan;
use data::conversations::Message;
use edge::ApiError;

/// The plan of a message that computed something.
///
/// # Errors
/// 409 for a question that was asked back or refused.
fn plan(message: &Message) -> Result<Plan, ApiError> {
    let plan = message.plan.clone().and_then(|plan| serde_json::from_value(plan).ok());
    plan.ok_or_else(|| ApiError::conflict("nothing_computed", "For this message nothing was computed."))
}
