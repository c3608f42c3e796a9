//! Password hashing with bounded memory, and the rule which passwords are taken.

mod strength;

use std::sync::Arc;

use anyhow::Context as _;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use tokio::sync::Semaphore;

pub(crate) use strength::check;

/// OWASP's minimum for argon2id: 19 MiB, two passes. The parameters stand in every hash, so they can be raised.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;

/// Hashes at once in one process: bounds memory whatever arrives.
const CONCURRENT_HASHES: usize = 2;

/// Longest password looked at, in bytes: a hash of megabytes is work for an attacker to order.
pub(crate) const LEN_MAX: usize = 1024;

/// A hash that no password has, with the parameters of a real one: what an unknown user is checked against, so
/// that the answer takes the same time.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c2hlbGZsaW5lLW5vYm9keQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

pub(crate) struct Passwords {
    slots: Arc<Semaphore>,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        Self { slots: Arc::new(Semaphore::new(CONCURRENT_HASHES)) }
    }

    /// The PHC text to store.
    pub(crate) async fn hash(&self, password: &str) -> anyhow::Result<String> {
        let password = password.to_owned();
        self.work(move || Ok(argon2()?.hash_password(password.as_bytes())?.to_string())).await
    }

    /// Whether the password belongs to the hash; without a hash the same work for the answer no.
    pub(crate) async fn verify(&self, password: &str, hash: Option<&str>) -> anyhow::Result<bool> {
        let usable = password.len() <= LEN_MAX;
        let password = if usable { password.to_owned() } else { String::new() };
        let stored = hash.unwrap_or(NOBODY).to_owned();
        let known = hash.is_some() && usable;
        self.work(move || {
            let stored = PasswordHash::new(&stored).context("a stored password hash cannot be read")?;
            Ok(argon2()?.verify_password(password.as_bytes(), &stored).is_ok() && known)
        })
        .await
    }

    /// A new hash for a password that was right, when the stored one was made with lower parameters than today's.
    pub(crate) async fn rehash(&self, password: &str, stored: &str) -> anyhow::Result<Option<String>> {
        let stored = PasswordHash::new(stored).context("a stored password hash cannot be read")?;
        let (own, today) = (Params::try_from(&stored)?, params()?);
        let lower = own.m_cost() < today.m_cost() || own.t_cost() < today.t_cost();
        let outdated = lower || stored.algorithm != Algorithm::Argon2id.ident();
        if outdated { self.hash(password).await.map(Some) } else { Ok(None) }
    }

    /// From here on nothing can be hashed.
    #[cfg(test)]
    pub(crate) fn close(&self) {
        self.slots.close();
    }

    async fn work<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
    ) -> anyhow::Result<T> {
        let slot = Arc::clone(&self.slots).acquire_owned().await?;
        tokio::task::spawn_blocking(move || {
            let result = job();
            drop(slot);
            result
        })
        .await?
    }
}

fn argon2() -> anyhow::Result<Argon2<'static>> {
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params()?))
}

fn params() -> anyhow::Result<Params> {
    Ok(Params::new(MEMORY_KIB, PASSES, 1, None)?)
}

/// A hash as an earlier version may have made it.
#[cfg(test)]
pub(crate) fn weak_hash(password: &str) -> String {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8_192, 1, 1, None).unwrap());
    argon2.hash_password(password.as_bytes()).unwrap().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_carries_its_parameters_and_knows_its_password_exactly() {
        let passwords = Passwords::new();
        let hash = passwords.hash(" leading blank & trailing ").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify(" leading blank & trailing ", Some(&hash)).await.unwrap());
        assert!(!passwords.verify("leading blank & trailing", Some(&hash)).await.unwrap());
        assert_ne!(hash, passwords.hash(" leading blank & trailing ").await.unwrap(), "salted");
    }

    #[test]
    fn the_hash_of_nobody_is_computed_in_full_with_the_parameters_of_a_real_one() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let real = argon2().unwrap().hash_password(b"x").unwrap();
        assert_eq!(
            (&nobody.algorithm, nobody.version, &nobody.params),
            (&real.algorithm, real.version, &real.params)
        );
        assert_eq!(nobody.hash.unwrap().len(), real.hash.unwrap().len());
        let wrong = argon2().unwrap().verify_password(b"x", &nobody);
        assert_eq!(wrong, Err(argon2::password_hash::Error::PasswordInvalid));
    }

    #[tokio::test]
    async fn nobody_has_no_password_and_overlong_ones_are_never_right() {
        let passwords = Passwords::new();
        assert!(!passwords.verify("", None).await.unwrap());
        let hash = passwords.hash("").await.unwrap();
        assert!(!passwords.verify(&"x".repeat(LEN_MAX + 1), Some(&hash)).await.unwrap());
    }
}
