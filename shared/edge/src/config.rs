//! The environment, read once at cold start.

use crate::Error;

/// Collects names as they are asked for, so that one start reports everything that is missing.
///
/// ```ignore
/// let mut config = Config::from_env();
/// let bucket = config.required("INBOX_BUCKET");
/// let region = config.optional("AWS_REGION");
/// config.finish()?;
/// ```
#[derive(Debug)]
pub struct Config {
    lookup: fn(&str) -> Option<String>,
    missing: Vec<String>,
}

impl Config {
    /// Reads the process environment.
    #[must_use]
    pub fn from_env() -> Self {
        Self { lookup: environment, missing: Vec::new() }
    }

    /// The value, or an empty text that `finish` turns into an error. An empty value counts as missing.
    pub fn required(&mut self, name: &str) -> String {
        self.optional(name).unwrap_or_else(|| {
            self.missing.push(name.to_owned());
            String::new()
        })
    }

    /// The value, if it is set and not empty.
    #[must_use]
    pub fn optional(&self, name: &str) -> Option<String> {
        (self.lookup)(name).filter(|value| !value.is_empty())
    }

    /// # Errors
    /// Names every required value that was missing.
    pub fn finish(self) -> Result<(), Error> {
        if self.missing.is_empty() { Ok(()) } else { Err(Error::MissingConfig { names: self.missing }) }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(name: &str) -> Option<String> {
        match name {
            "SET" => Some("value".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        }
    }

    #[test]
    fn all_missing_names_are_reported_together() {
        let mut config = Config { lookup: given, missing: Vec::new() };
        assert_eq!(config.required("SET"), "value");
        config.required("FIRST");
        config.required("EMPTY");
        config.required("LAST");
        assert_eq!(config.finish().unwrap_err().to_string(), "missing configuration: FIRST, EMPTY, LAST");
    }

    #[test]
    fn an_optional_value_may_be_absent_or_empty() {
        let config = Config { lookup: given, missing: Vec::new() };
        assert_eq!(config.optional("SET").as_deref(), Some("value"));
        assert_eq!(config.optional("EMPTY"), None);
        assert_eq!(config.optional("ABSENT"), None);
        assert!(config.finish().is_ok());
    }
}
