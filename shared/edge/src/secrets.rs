//! JSON secrets from Secrets Manager, read once at cold start.

use aws_config::SdkConfig;
use aws_sdk_secretsmanager::Client;
use serde::de::DeserializeOwned;

use crate::{Boxed, Error, aws};

/// A client for Secrets Manager. It honours `AWS_ENDPOINT_URL`.
#[derive(Debug)]
pub struct Secrets(Client);

impl Secrets {
    /// For functions that use nothing else of AWS.
    ///
    /// # Errors
    /// When AWS cannot be reached from this environment.
    #[must_use]
    pub fn connect() -> Boxed<'static, anyhow::Result<Self>> {
        Box::pin(async { Ok(Self::new(&aws::config().await?)) })
    }

    #[must_use]
    pub fn new(aws: &SdkConfig) -> Self {
        Self(Client::new(aws))
    }

    /// The secret with this ARN, read as JSON of the wanted shape.
    ///
    /// # Errors
    /// When it cannot be fetched, is not text, or has another shape.
    pub async fn json<T: DeserializeOwned>(&self, arn: &str) -> Result<T, Error> {
        parse(arn, &self.text(arn).await?)
    }

    fn text<'a>(&'a self, arn: &'a str) -> Boxed<'a, Result<String, Error>> {
        Box::pin(async move {
            let secret = self.0.get_secret_value().secret_id(arn).send().await;
            let secret = secret.map_err(|source| Error::SecretUnreadable {
                arn: arn.to_owned(),
                source: Box::new(source),
            })?;
            Ok(secret.secret_string().unwrap_or_default().to_owned())
        })
    }
}

fn parse<T: DeserializeOwned>(arn: &str, text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|_| Error::SecretShape { arn: arn.to_owned() })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Database {
        url: String,
    }

    #[test]
    fn a_secret_is_json_and_may_hold_more_than_is_asked_for() {
        let database: Database = parse("arn", r#"{"url": "postgres://x", "other": 1}"#).unwrap();
        assert_eq!(database.url, "postgres://x");
    }

    #[test]
    fn a_secret_of_another_shape_is_an_error_that_does_not_quote_it() {
        let error = parse::<Database>("arn:db", r#"{"url": ["hunter2"]}"#).unwrap_err();
        assert_eq!(error.to_string(), "secret arn:db does not have the expected JSON shape");
        assert!(!format!("{error:?}").contains("hunter2"));
    }
}
