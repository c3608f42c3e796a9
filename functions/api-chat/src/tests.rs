//! Questions to a known organisation.

mod asking;
mod golden;
mod models;
mod remembering;
mod searching;
mod streaming;

use assistant::Calendar;
use data::{DatabaseSettings, Reader};
use domain::ConversationId;
use edge::{ApiError, Principal, http::Progress};
use sqlx::AssertSqlSafe;
use testkit::{Seeded, TestDatabase};

use crate::{
    Context,
    ask::{self, View},
};

/// The day on which all questions are asked.
pub(crate) const TODAY: &str = "2025-11-21";

/// An organisation with three years of sales.
pub(crate) struct Books {
    pub(crate) database: TestDatabase,
    pub(crate) seeded: Seeded,
    pub(crate) context: Context,
    /// For independent SQL.
    pub(crate) reader: Reader,
}

impl Books {
    pub(crate) async fn new() -> Self {
        let database = TestDatabase::new().await;
        let seeded = database.seed("aveline").await;
        let sql = include_str!("tests/books.sql").replace("{org}", &seeded.org.to_string());
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(database.admin()).await.unwrap();
        database.sum_up(seeded.org).await;
        let context = Context::new(database.app().clone());
        let settings = DatabaseSettings { url: database.reader_url(), ..database.settings() };
        let reader = Reader::connect(&settings).unwrap();
        Self { database, seeded, context, reader }
    }

    /// Asks as this caller on the known day.
    pub(crate) async fn ask_as(
        &self,
        principal: &Principal,
        question: &str,
        conversation: Option<ConversationId>,
    ) -> View {
        self.try_asking(principal, question, conversation, &Progress::silent()).await.unwrap()
    }

    /// The same, telling what is done, and perhaps refused.
    pub(crate) async fn try_asking(
        &self,
        principal: &Principal,
        question: &str,
        conversation: Option<ConversationId>,
        progress: &Progress,
    ) -> Result<View, ApiError> {
        let tenant = self.database.app().tenant(principal).await?;
        let calendar = Calendar { today: TODAY.parse().unwrap(), fiscal_year_begins: 1 };
        let asked = (question, conversation);
        let (view, tenant) = ask::ask(&self.context, tenant, principal, asked, calendar, progress).await?;
        tenant.commit().await?;
        Ok(view)
    }

    pub(crate) async fn ask(&self, question: &str, conversation: Option<ConversationId>) -> View {
        self.ask_as(&self.seeded.principal(), question, conversation).await
    }
}
