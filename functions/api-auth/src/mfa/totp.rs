//! Time-based one-time passwords: RFC 6238 with what every authenticator app does (SHA-1, six digits, 30 seconds).

use aws_lc_rs::{constant_time, hmac};
use chrono::{DateTime, Utc};

/// As long as the hash, as RFC 4226 recommends.
pub(super) const SECRET_BYTES: usize = 20;

const STEP_S: i64 = 30;
const DIGITS: usize = 6;
const MODULUS: u32 = 1_000_000;
/// Steps before and after the present one whose codes are taken: clocks differ, and people type.
const DRIFT: i64 = 1;

/// The time step that a moment lies in.
pub(super) fn step_at(now: DateTime<Utc>) -> i64 {
    now.timestamp().div_euclid(STEP_S)
}

/// The code of a step, RFC 4226 5.3.
pub(super) fn code(secret: &[u8], step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let offset = usize::from(tag.last().copied().unwrap_or_default() & 0x0f);
    let four = tag.get(offset..offset + 4).and_then(|four| four.try_into().ok()).unwrap_or_default();
    let number = (u32::from_be_bytes(four) & 0x7fff_ffff) % MODULUS;
    format!("{number:0DIGITS$}")
}

/// The step whose code this is, among those around `present` and after `used`: a code is good once.
pub(super) fn find_step(secret: &[u8], given: &str, present: i64, used: i64) -> Option<i64> {
    let mut found = None;
    // All are compared, each in the same time whatever is given.
    for step in present - DRIFT..=present + DRIFT {
        let equal =
            constant_time::verify_slices_are_equal(code(secret, step).as_bytes(), given.as_bytes()).is_ok();
        if equal && step > used {
            found = Some(step);
        }
    }
    found
}

/// RFC 4648 base32 without padding: how apps take a secret that is typed.
pub(super) fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    for chunk in bytes.chunks(5) {
        let mut block = [0; 8];
        block[3..3 + chunk.len()].copy_from_slice(chunk);
        let block = u64::from_be_bytes(block);
        for letter in 0..(chunk.len() * 8).div_ceil(5) {
            let index = (block >> (35 - 5 * letter)) & 31;
            text.push(char::from(ALPHABET[usize::try_from(index).unwrap_or_default()]));
        }
    }
    text
}

/// What an app reads from a QR code.
pub(super) fn otpauth_uri(secret: &[u8], email: &str) -> String {
    let account: String = form_urlencoded::byte_serialize(email.as_bytes()).collect();
    format!(
        "otpauth://totp/Shelfline:{account}?secret={}&issuer=Shelfline&algorithm=SHA1&digits={DIGITS}&period={STEP_S}",
        base32(secret)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, SHA-1; there with eight digits, of which ours are the last six.
    #[test]
    fn the_codes_of_the_rfc_come_out() {
        let secret = b"12345678901234567890";
        for (second, eight) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            let step = step_at(DateTime::from_timestamp(second, 0).unwrap());
            assert_eq!(code(secret, step), eight[2..], "{second}");
        }
    }

    #[test]
    fn a_code_is_taken_one_step_early_or_late_and_once() {
        let secret = [7; SECRET_BYTES];
        for (step, taken) in [(98, false), (99, true), (100, true), (101, true), (102, false)] {
            let found = find_step(&secret, &code(&secret, step), 100, 0);
            assert_eq!(found, taken.then_some(step), "{step}");
            assert_eq!(find_step(&secret, &code(&secret, step), 100, step), None, "{step} was used");
        }
        assert_eq!(find_step(&secret, &code(&secret, 99), 100, 100), None, "before one that was used");
        for odd in ["", "12345", "1234567", " 123456", "\u{661}\u{662}\u{663}"] {
            assert_eq!(find_step(&secret, odd, 100, 0), None, "{odd}");
        }
    }

    /// RFC 4648, section 10, without the padding.
    #[test]
    fn the_base32_of_the_rfc_comes_out() {
        for (bytes, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn an_address_cannot_break_out_of_the_uri() {
        let uri = otpauth_uri(&[0; SECRET_BYTES], "a+b&secret=x#@c.example");
        assert_eq!(
            uri,
            "otpauth://totp/Shelfline:a%2Bb%26secret%3Dx%23%40c.example?secret=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
             &issuer=Shelfline&algorithm=SHA1&digits=6&period=30"
        );
    }
}
