//! TOTP secrets as they are stored: AES-256-GCM under a key that no database holds, bound to their user.

use anyhow::{Context as _, anyhow};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::UserId;

/// Seals and opens. The key is one of its own: the signing key is rotated, and secrets have to stay readable.
pub(crate) struct Seal(LessSafeKey);

impl Seal {
    /// `key` is 32 bytes in base64.
    pub(crate) fn new(key: &str) -> anyhow::Result<Self> {
        let bytes = STANDARD.decode(key).ok().filter(|bytes| bytes.len() == AES_256_GCM.key_len());
        let bytes = bytes.context("the token secret has no 32-byte mfa_key in base64")?;
        let key = UnboundKey::new(&AES_256_GCM, &bytes).map_err(|_| anyhow!("the mfa_key is no key"))?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// Nonce, ciphertext and tag. A random nonce is safe for as many secrets as there are people.
    pub(super) fn seal(&self, user: UserId, secret: &[u8]) -> anyhow::Result<Vec<u8>> {
        let nonce: [u8; NONCE_LEN] = rand::random();
        let mut text = secret.to_vec();
        let bound = Aad::from(user.0.as_bytes());
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), bound, &mut text)
            .map_err(|_| anyhow!("a secret cannot be sealed"))?;
        Ok([&nonce[..], &text].concat())
    }

    /// The secret, if it was sealed for this user with this key.
    pub(super) fn open(&self, user: UserId, sealed: &[u8]) -> anyhow::Result<Vec<u8>> {
        let (nonce, text) = sealed.split_at_checked(NONCE_LEN).context("a sealed secret is cut off")?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| anyhow!("a nonce is no nonce"))?;
        let mut text = text.to_vec();
        let opened = self.0.open_in_place(nonce, Aad::from(user.0.as_bytes()), &mut text);
        Ok(opened.map_err(|_| anyhow!("a sealed secret does not open with this mfa_key"))?.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_opens_for_its_user_with_its_key_and_not_otherwise() {
        let (seal, other) =
            (Seal::new(&STANDARD.encode([1; 32])).unwrap(), Seal::new(&STANDARD.encode([2; 32])).unwrap());
        let (user, secret) = (UserId::new(), [7; 20]);
        let sealed = seal.seal(user, &secret).unwrap();
        assert_eq!(seal.open(user, &sealed).unwrap(), secret);
        assert_ne!(seal.seal(user, &secret).unwrap(), sealed, "another nonce");
        assert!(!sealed.windows(20).any(|window| window == secret));
        assert!(seal.open(UserId::new(), &sealed).is_err());
        assert!(other.open(user, &sealed).is_err());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(seal.open(user, &changed).is_err(), "byte {at}");
        }
        assert!(seal.open(user, &sealed[..5]).is_err());
    }

    #[test]
    fn a_key_that_is_none_is_refused_without_being_printed() {
        for key in ["", "c2hvcnQ=", "not base64"] {
            let error = Seal::new(key).err().unwrap().to_string();
            assert!(key.is_empty() || !error.contains(key), "{error}");
        }
    }
}
