//! Answers that are given again: for as long as nothing has changed, an equal question of the same caller is not computed anew.

use std::{
    collections::HashMap,
    sync::Mutex,
    time::{Duration, Instant},
};

use chrono::{NaiveDate, Utc};
use data::{Database, data_versions, kept_answers};
use edge::{
    ApiError, Boxed, DatabaseContext, Permission, Principal,
    http::{Reply, Request},
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// Answers that an instance keeps at most; then it forgets all of them and begins anew.
const ANSWERS_MAX: usize = 500;

/// What takes longer is kept in the database as well, for other instances: writing it there takes a while, too.
const COSTLY: Duration = Duration::from_millis(20);

/// What the routes of this crate share.
pub struct Context {
    pub(crate) database: Database,
    costly: Duration,
    kept: Mutex<HashMap<Question, Reply>>,
}

/// Who asks what, of which state of the books. Rights are part of that state, and so of its version; what is due depends on the
/// day.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Question {
    subject: Uuid,
    version: i64,
    day: NaiveDate,
    asked: String,
}

impl Context {
    /// Made once at cold start.
    ///
    /// # Errors
    /// When configuration is missing or the secret cannot be read.
    #[must_use]
    pub fn from_env() -> Boxed<'static, anyhow::Result<Self>> {
        Box::pin(async { Ok(Self::new(DatabaseContext::from_env().await?.database)) })
    }

    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database, costly: COSTLY, kept: Mutex::default() }
    }

    /// Answers a question, from memory if it can: the permission is asked for every time, and so is the database, which
    /// tells whether anything has changed.
    pub(crate) async fn answer(
        &self,
        request: Request,
        permission: Permission,
        compute: impl AsyncFnOnce(&Self, &Request, &Principal) -> Result<Reply, ApiError>,
    ) -> Result<Reply, ApiError> {
        let principal = request.require(permission)?;
        let version = match request.data_version() {
            Some(version) => version,
            None => data_versions::of(&self.database, principal.org_id).await?,
        };
        let question = Question {
            subject: principal.key_id.map_or(principal.user_id.0, |key| key.0),
            version,
            day: Utc::now().date_naive(),
            asked: format!("{}?{:?}", request.route(), request.pairs()),
        };
        let tag = question.tag();
        if request.has(&tag) {
            return Ok(Reply::not_modified().with_header("etag", tag));
        }
        let known = self.kept.lock().ok().and_then(|kept| kept.get(&question).cloned());
        if let Some(reply) = known {
            return Ok(reply);
        }
        let reply = match self.answered(&principal, &question).await? {
            Some(body) => Reply::text("application/json", body),
            None => {
                let started = Instant::now();
                let reply = compute(self, &request, &principal).await?;
                if started.elapsed() >= self.costly {
                    self.keep(&principal, &question, &reply).await?;
                }
                reply
            }
        };
        // Its owner may keep it, and asks before showing it again.
        let reply = reply.with_header("cache-control", "private, no-cache").with_header("etag", tag);
        if let Ok(mut kept) = self.kept.lock() {
            if kept.len() >= ANSWERS_MAX {
                kept.clear();
            }
            kept.insert(question, reply.clone());
        }
        Ok(reply)
    }

    /// What another instance has answered.
    async fn answered(&self, principal: &Principal, question: &Question) -> Result<Option<String>, ApiError> {
        let mut tenant = self.database.tenant(principal).await?;
        Ok(kept_answers::find(&mut tenant, &question.hash(), question.version).await?)
    }

    async fn keep(&self, principal: &Principal, question: &Question, reply: &Reply) -> Result<(), ApiError> {
        let Some(body) = reply.ok_text().filter(|body| body.len() <= kept_answers::BODY_BYTES_MAX) else {
            return Ok(());
        };
        let mut tenant = self.database.tenant(principal).await?;
        kept_answers::keep(&mut tenant, &question.hash(), question.version, body).await?;
        Ok(tenant.commit().await?)
    }
}

/// Where limits are counted.
impl AsRef<Database> for Context {
    fn as_ref(&self) -> &Database {
        &self.database
    }
}

impl Question {
    /// Without the subject and the version, which the database knows by themselves.
    fn hash(&self) -> kept_answers::Question {
        Sha256::digest(format!("{} {}", self.day, self.asked)).into()
    }

    /// Says nothing about who asked what.
    fn tag(&self) -> String {
        let text = format!("{} {} {} {}", self.subject, self.version, self.day, self.asked);
        format!("\"{}\"", domain::to_hex(&Sha256::digest(text)[..12]))
    }
}

#[cfg(test)]
mod tests;
