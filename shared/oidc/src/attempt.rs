//! What binds a sign-in that comes back to the one that was begun.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

/// One sign-in on its way. Never logged: it has no `Debug`.
pub struct Attempt {
    /// Comes back with the code.
    pub state: String,
    /// Comes back in the ID token.
    pub nonce: String,
    /// Is sent with the code and never before (RFC 7636).
    pub verifier: String,
}

impl Attempt {
    #[must_use]
    #[expect(clippy::new_without_default, reason = "a random default would surprise")]
    pub fn new() -> Self {
        Self { state: random(), nonce: random(), verifier: random() }
    }

    /// What the provider is told of the verifier: S256.
    pub(crate) fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier.as_bytes()))
    }
}

/// 256 bits, in 43 characters that every address can carry.
fn random() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_the_rfc() {
        // RFC 7636, appendix B.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned();
        let attempt = Attempt { state: String::new(), nonce: String::new(), verifier };
        assert_eq!(attempt.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn nothing_of_two_attempts_is_alike() {
        let (one, other) = (Attempt::new(), Attempt::new());
        let mut all =
            vec![&one.state, &one.nonce, &one.verifier, &other.state, &other.nonce, &other.verifier];
        assert!(all.iter().all(|text| text.len() == 43));
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 6);
    }
}
