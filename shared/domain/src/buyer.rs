//! Who bought, told apart without being known.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac as _};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::{Builder, Uuid};

use crate::{OrgId, text::fold};

type Keyed = Hmac<Sha256>;

/// A buyer of one organisation: half of a keyed hash over what the shop's file calls the buyer.
///
/// As a UUID of version 8 (RFC 9562). The same buyer is the same value in every file of the organisation, and another one in any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Buyer(pub Uuid);

/// Makes [`Buyer`]s of one organisation.
#[derive(Clone)]
pub struct BuyerKey([u8; 32]);

impl BuyerKey {
    /// Derived from a secret of the installation and a salt of the organisation: who has only one of them can try no
    /// addresses.
    #[must_use]
    pub fn derive(secret: &[u8], org: OrgId, salt: Uuid) -> Self {
        Self(keyed(secret, &[b"buyers of an organisation", org.0.as_bytes(), salt.as_bytes()]))
    }

    /// The buyer of this address or number; case and blanks do not matter. `None` for a blank one.
    #[must_use]
    pub fn buyer(&self, printed: &str) -> Option<Buyer> {
        let known_as = fold(printed);
        if known_as.is_empty() {
            return None;
        }
        let hash = keyed(&self.0, &[known_as.as_bytes()]);
        let half = std::array::from_fn(|index| hash[index]);
        Some(Buyer(Builder::from_custom_bytes(half).into_uuid()))
    }
}

impl fmt::Debug for BuyerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BuyerKey(…)")
    }
}

fn keyed(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // A key of any length is taken.
    let Ok(mut hash) = <Keyed as KeyInit>::new_from_slice(key) else { return [0; 32] };
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(secret: &[u8], org: u128, salt: u128) -> BuyerKey {
        BuyerKey::derive(secret, OrgId(Uuid::from_u128(org)), Uuid::from_u128(salt))
    }

    #[test]
    fn a_buyer_is_the_same_however_the_address_is_written() {
        let key = key(b"a secret of the installation", 1, 2);
        let ann = key.buyer("ann@shop.example").unwrap();
        assert_eq!(key.buyer("  Ann@Shop.Example "), Some(ann));
        assert_ne!(key.buyer("bob@shop.example"), Some(ann));
        assert_eq!((key.buyer(""), key.buyer("  ")), (None, None));
    }

    #[test]
    fn secret_organisation_and_salt_each_make_another_buyer() {
        let buyer = |secret: &[u8], org, salt| key(secret, org, salt).buyer("ann@shop.example").unwrap();
        let all = [buyer(b"one", 1, 2), buyer(b"two", 1, 2), buyer(b"one", 3, 2), buyer(b"one", 1, 3)];
        for (index, one) in all.iter().enumerate() {
            assert!(all.iter().skip(index + 1).all(|other| other != one), "{all:?}");
        }
    }

    #[test]
    fn a_key_shows_nothing_of_itself() {
        assert_eq!(format!("{:?}", key(b"secret", 1, 2)), "BuyerKey(…)");
    }
}
