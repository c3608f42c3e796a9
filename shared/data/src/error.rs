//! The one error of this crate.

use sqlx::error::DatabaseError;

/// Result of every function of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Which operation failed; the cause is the source.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the database address cannot be read")]
    Address(#[source] sqlx::Error),
    #[error("the wall key is not 64 hex digits")]
    WallKey,
    #[error("migrating the database failed")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    #[error("{operation} failed")]
    Query {
        operation: &'static str,
        #[source]
        source: sqlx::Error,
    },
    /// A stored word or document that this build does not know.
    #[error("{operation} read a value that this version does not know")]
    Stored {
        operation: &'static str,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Error {
    /// For `map_err`: names the operation that failed.
    pub(crate) fn query(operation: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |source| Self::Query { operation, source }
    }

    /// For `map_err` on values read back from the database.
    pub(crate) fn stored<E>(operation: &'static str) -> impl FnOnce(E) -> Self
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        move |source| Self::Stored { operation, source: source.into() }
    }

    /// Name of the violated constraint, if that is what happened.
    #[must_use]
    pub fn constraint(&self) -> Option<&str> {
        match self {
            Self::Query { source: sqlx::Error::Database(error), .. } => error.constraint(),
            _ => None,
        }
    }

    /// Whether the database refused it for want of a right: a privilege, or a row policy that a new row violates.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        match self {
            Self::Query { source: sqlx::Error::Database(error), .. } => {
                error.code().as_deref() == Some("42501")
            }
            _ => false,
        }
    }

    /// Whether the same call may succeed later: no connection, a deadlock, a shutdown, too many clients.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        let Self::Query { source, .. } = self else { return false };
        match source {
            sqlx::Error::Io(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => true,
            sqlx::Error::Database(error) => is_transient_state(error.as_ref()),
            _ => false,
        }
    }
}

fn is_transient_state(error: &dyn DatabaseError) -> bool {
    // Classes: 08 connection, 40 rollback (deadlock, serialisation), 53 resources, 55 lock not available,
    // 57 operator intervention (shutdown, timeout), 58 system error.
    error
        .code()
        .is_some_and(|code| ["08", "40", "53", "55", "57", "58"].iter().any(|class| code.starts_with(class)))
}
