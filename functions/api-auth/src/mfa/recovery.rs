//! Recovery codes: 80 random bits each, shown once, known by their hash.

use data::TokenHash;
use sha2::{Digest as _, Sha256};

use super::totp::base32;

const CODES: usize = 10;
const RANDOM_BYTES: usize = 10;
const GROUP_CHARS: usize = 4;

/// New ones, as people write them down: `ABCD-EFGH-IJKL-MNOP`.
pub(super) fn make() -> Vec<String> {
    let code = |_| {
        let random: [u8; RANDOM_BYTES] = rand::random();
        let letters: Vec<char> = base32(&random).chars().collect();
        let groups: Vec<String> = letters.chunks(GROUP_CHARS).map(|group| group.iter().collect()).collect();
        groups.join("-")
    };
    (0..CODES).map(code).collect()
}

/// Of the letters alone: how a code is grouped, and in which case it is typed, does not matter.
pub(super) fn hash(code: &str) -> TokenHash {
    let letters: String =
        code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    Sha256::digest(letters.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_differ_and_are_known_however_they_are_typed() {
        let codes = make();
        assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), CODES);
        let code = &codes[0];
        assert_eq!(code.len(), 19, "{code}");
        assert_eq!(hash(code), hash(&code.to_lowercase().replace('-', " ")));
        assert_ne!(hash(code), hash(&codes[1]));
    }
}
