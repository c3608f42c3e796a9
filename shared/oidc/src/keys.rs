//! The keys that a provider signs with.

use std::time::{Duration, Instant};

use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse},
};
use reqwest::Url;
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;

use crate::{Error, transport::Transport};

/// A key that the provider has withdrawn is taken for so long at most.
const KEPT_FOR: Duration = Duration::from_secs(3600);
/// Whoever sends tokens with key ids of their own makes us ask no more often.
const ASKED_EVERY: Duration = Duration::from_secs(30);
/// No provider has nearly as many.
const KEYS_MAX: usize = 100;

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Value>,
}

/// One public key.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    jwk: Jwk,
    /// Microsoft's: for whom it signs.
    pub(crate) issuer: Option<String>,
}

impl Key {
    fn read(value: &Value) -> Option<Self> {
        let issuer = value["issuer"].as_str().map(str::to_owned);
        // Kinds that we do not know are none of ours.
        Some(Self { jwk: serde_json::from_value(value.clone()).ok()?, issuer })
    }

    /// Whether it may have signed with this algorithm: its kind, its curve, its use, and what it says itself.
    fn fits(&self, algorithm: Algorithm) -> bool {
        let (kind, named) = match (algorithm, &self.jwk.algorithm) {
            (Algorithm::RS256, AlgorithmParameters::RSA(_)) => (true, KeyAlgorithm::RS256),
            (Algorithm::ES256, AlgorithmParameters::EllipticCurve(key)) => {
                (key.curve == EllipticCurve::P256, KeyAlgorithm::ES256)
            }
            (Algorithm::EdDSA, AlgorithmParameters::OctetKeyPair(key)) => {
                (key.curve == EllipticCurve::Ed25519, KeyAlgorithm::EdDSA)
            }
            _ => return false,
        };
        let common = &self.jwk.common;
        kind && common.public_key_use.as_ref().is_none_or(|used| *used == PublicKeyUse::Signature)
            && common.key_algorithm.is_none_or(|algorithm| algorithm == named)
    }

    pub(crate) fn decoding(&self) -> Result<DecodingKey, Error> {
        DecodingKey::from_jwk(&self.jwk).map_err(|_| Error::Untrusted("its key cannot be read"))
    }
}

#[derive(Default)]
struct Kept {
    keys: Vec<Key>,
    asked_at: Option<Instant>,
}

/// The keys of one provider, kept between requests.
#[derive(Default)]
pub(crate) struct Keys(Mutex<Kept>);

impl Keys {
    /// The key that a token names; the only one that fits when it names none.
    pub(crate) async fn find(
        &self,
        transport: &Transport,
        url: &Url,
        key_id: Option<&str>,
        algorithm: Algorithm,
    ) -> Result<Key, Error> {
        let mut kept = self.0.lock().await;
        let age = kept.asked_at.map(|at| at.elapsed());
        if age.is_some_and(|age| age < KEPT_FOR)
            && let Some(key) = kept.one(key_id, algorithm)
        {
            return Ok(key);
        }
        if age.is_none_or(|age| age >= ASKED_EVERY) {
            kept.asked_at = Some(Instant::now());
            // Keys of before are worth nothing when there are no new ones.
            kept.keys.clear();
            let set: KeySet = transport.get(url.clone()).await?;
            kept.keys = set.keys.iter().take(KEYS_MAX).filter_map(Key::read).collect();
        }
        kept.one(key_id, algorithm).ok_or(Error::Untrusted("no key of the provider fits it"))
    }
}

impl Kept {
    fn one(&self, key_id: Option<&str>, algorithm: Algorithm) -> Option<Key> {
        let named = |key: &&Key| key_id.is_none() || key.jwk.common.key_id.as_deref() == key_id;
        let mut fitting = self.keys.iter().filter(|key| key.fits(algorithm)).filter(named);
        match (fitting.next(), fitting.next()) {
            (Some(key), None) => Some(key.clone()),
            _ => None,
        }
    }
}
