//! What the functions hold between requests, made once at cold start: each kind just what it needs.

use cloud::Queue;
use data::Database;
use edge::{Boxed, config::Config, secrets::Secrets};

use crate::{
    mfa::Seal,
    passwords::Passwords,
    providers::{self, Providers},
    tokens::{Signer, TokenSecret},
};

/// For the functions that open sessions or deal with second factors.
pub struct SessionContext {
    pub(crate) database: Database,
    pub(crate) signer: Signer,
    pub(crate) passwords: Passwords,
    pub(crate) seal: Seal,
}

/// For the functions that check or set a password and open no session.
pub struct PasswordContext {
    pub(crate) database: Database,
    pub(crate) passwords: Passwords,
}

/// For the functions that send mail.
pub struct MailContext {
    pub(crate) database: Database,
    pub(crate) emails: Queue,
}

/// For registration, which does all of it.
pub struct RegisterContext {
    pub(crate) sessions: SessionContext,
    pub(crate) emails: Queue,
}

/// For the functions that send somebody to an identity provider.
pub struct ProviderContext {
    pub(crate) database: Database,
    pub(crate) passwords: Passwords,
    pub(crate) providers: Providers,
}

/// For whoever comes back from there.
pub struct CallbackContext {
    pub(crate) sessions: SessionContext,
    pub(crate) providers: Providers,
}

impl SessionContext {
    /// # Errors
    /// When configuration is missing or a secret cannot be read.
    #[must_use]
    pub fn from_env() -> Boxed<'static, anyhow::Result<Self>> {
        Box::pin(async {
            let mut config = Config::from_env();
            let database = config.required("DATABASE_SECRET_ARN");
            let token = config.required("TOKEN_SECRET_ARN");
            config.finish()?;
            Self::from_secrets(&Secrets::connect().await?, &database, &token).await
        })
    }

    async fn from_secrets(secrets: &Secrets, database: &str, token: &str) -> anyhow::Result<Self> {
        let token: TokenSecret = secrets.json(token).await?;
        let (signer, seal) = (Signer::new(&token)?, Seal::new(&token.mfa_key)?);
        Ok(Self { database: secrets.database(database).await?, signer, passwords: Passwords::new(), seal })
    }
}

impl PasswordContext {
    /// # Errors
    /// When configuration is missing or the secret cannot be read.
    #[must_use]
    pub fn from_env() -> Boxed<'static, anyhow::Result<Self>> {
        Box::pin(async {
            let database = edge::DatabaseContext::from_env().await?.database;
            Ok(Self { database, passwords: Passwords::new() })
        })
    }
}

impl MailContext {
    /// # Errors
    /// When configuration is missing or the secret cannot be read.
    #[must_use]
    pub fn from_env() -> Boxed<'static, anyhow::Result<Self>> {
        Box::pin(async {
            let mut config = Config::from_env();
            let database = config.required("DATABASE_SECRET_ARN");
            let emails = config.required("EMAIL_QUEUE_URL");
            config.finish()?;
            let aws = edge::aws::config().await?;
            let database = Secrets::new(&aws).database(&database).await?;
            Ok(Self { database, emails: Queue::sqs(&aws, emails) })
        })
    }
}

impl RegisterContext {
    /// # Errors
    /// When configuration is missing or a secret cannot be read.
    #[must_use]
    pub fn from_env() -> Boxed<'static, anyhow::Result<Self>> {
        Box::pin(async {
            let mut config = Config::from_env();
            let database = config.required("DATABASE_SECRET_ARN");
            let token = config.required("TOKEN_SECRET_ARN");
            let emails = config.required("EMAIL_QUEUE_URL");
            config.finish()?;
            let aws = edge::aws::config().await?;
            let sessions = SessionContext::from_secrets(&Secrets::new(&aws), &database, &token).await?;
            Ok(Self { sessions, emails: Queue::sqs(&aws, emails) })
        })
    }
}

impl ProviderContext {
    /// # Errors
    /// When configuration is missing, or a secret cannot be read or used.
    #[must_use]
    pub fn from_env() -> Boxed<'static, anyhow::Result<Self>> {
        Box::pin(async {
            let mut config = Config::from_env();
            let database = config.required("DATABASE_SECRET_ARN");
            let source = providers::Source::of(&mut config);
            config.finish()?;
            let secrets = Secrets::connect().await?;
            let providers = source.read(&secrets).await?;
            Ok(Self { database: secrets.database(&database).await?, passwords: Passwords::new(), providers })
        })
    }
}

impl CallbackContext {
    /// # Errors
    /// When configuration is missing, or a secret cannot be read or used.
    #[must_use]
    pub fn from_env() -> Boxed<'static, anyhow::Result<Self>> {
        Box::pin(async {
            let mut config = Config::from_env();
            let database = config.required("DATABASE_SECRET_ARN");
            let token = config.required("TOKEN_SECRET_ARN");
            let source = providers::Source::of(&mut config);
            config.finish()?;
            let secrets = Secrets::connect().await?;
            let sessions = SessionContext::from_secrets(&secrets, &database, &token).await?;
            Ok(Self { sessions, providers: source.read(&secrets).await? })
        })
    }
}

/// Where limits are counted.
impl AsRef<Database> for ProviderContext {
    fn as_ref(&self) -> &Database {
        &self.database
    }
}

/// Where limits are counted.
impl AsRef<Database> for CallbackContext {
    fn as_ref(&self) -> &Database {
        &self.sessions.database
    }
}

/// Where limits are counted.
impl AsRef<Database> for SessionContext {
    fn as_ref(&self) -> &Database {
        &self.database
    }
}

/// Where limits are counted.
impl AsRef<Database> for PasswordContext {
    fn as_ref(&self) -> &Database {
        &self.database
    }
}

/// Where limits are counted.
impl AsRef<Database> for MailContext {
    fn as_ref(&self) -> &Database {
        &self.database
    }
}

/// Where limits are counted.
impl AsRef<Database> for RegisterContext {
    fn as_ref(&self) -> &Database {
        &self.sessions.database
    }
}
