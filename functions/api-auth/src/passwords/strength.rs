//! Which passwords are taken: long, and none that everybody tries first.

use edge::ApiError;

use super::LEN_MAX;

/// Shortest password, in characters.
const CHARS_MIN: usize = 12;

/// Passwords of at least [`CHARS_MIN`] characters that lead the lists of leaked ones, in lower case, one a line.
const COMMON: &str = include_str!("common.txt");

/// Why a password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weakness {
    TooShort,
    TooLong,
    Common,
}

impl Weakness {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::Common => "too_common",
        }
    }

    /// The refusal of the password in this field of a body.
    pub(crate) fn refuse(self, pointer: &str) -> ApiError {
        ApiError::field(pointer, self.code(), self.message())
    }

    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::TooShort => "A password has at least 12 characters.",
            Self::TooLong => "A password has at most 1024 bytes.",
            Self::Common => "This password is among the first that anybody tries: choose another one.",
        }
    }
}

/// Checks a password as given, never trimmed. `email` is what an attacker knows.
pub(crate) fn check(password: &str, email: &str) -> Result<(), Weakness> {
    if password.len() > LEN_MAX {
        return Err(Weakness::TooLong);
    }
    if password.chars().count() < CHARS_MIN {
        return Err(Weakness::TooShort);
    }
    let lower = password.to_lowercase();
    let one_character = lower.chars().all(|c| lower.starts_with(c));
    if one_character || lower == email.to_lowercase() || COMMON.lines().any(|common| common == lower) {
        return Err(Weakness::Common);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_is_counted_in_characters_and_bounded_in_bytes() {
        assert_eq!(check("k\u{fc}rzer-als12", "a@b.example"), Ok(()));
        assert_eq!(check("eleven-char", "a@b.example"), Err(Weakness::TooShort));
        assert_eq!(check(&"aB3$xYz9".repeat(129), "a@b.example"), Err(Weakness::TooLong));
    }

    #[test]
    fn what_everybody_tries_first_is_refused() {
        let common = [
            "Password1234",
            "P@ssw0rd12345",
            "123456789012",
            "            ",
            "1qaz2wsx3edc",
            "Marta@b.example",
        ];
        for password in common {
            assert_eq!(check(password, "marta@b.example"), Err(Weakness::Common), "{password}");
        }
    }

    #[test]
    fn the_list_holds_only_passwords_that_would_pass_otherwise() {
        for common in COMMON.lines() {
            assert!(common.chars().count() >= CHARS_MIN && common == common.to_lowercase(), "{common}");
        }
    }

    #[test]
    fn phrases_and_random_texts_are_taken() {
        for password in [
            "violet harbour ledger 42",
            "J7-vekl_29xQpd",
            "zmrzlina v \u{fa}ter\u{fd}",
            "Summer-of-paper-boats",
        ] {
            assert_eq!(check(password, "a@b.example"), Ok(()), "{password}");
        }
    }
}
