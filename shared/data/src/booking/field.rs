//! Values in the binary form that Postgres receives, each with its length before it; NULL is the length -1.

use chrono::{Datelike as _, NaiveDate};
use rust_decimal::Decimal;

/// Days from 0001-01-01, which is day 1, to 2000-01-01, the first day of Postgres.
const FIRST_DAY: i32 = 730_120;
/// `text`.
const TEXT_OID: u32 = 25;
const NUMERIC_NEGATIVE: u16 = 0x4000;
/// Decimals in one digit of a `numeric`.
const DECIMALS: u32 = 4;

pub(super) fn null(out: &mut Vec<u8>) {
    out.extend((-1_i32).to_be_bytes());
}

pub(super) fn bytes(out: &mut Vec<u8>, value: &[u8]) {
    out.extend(length(value.len()));
    out.extend_from_slice(value);
}

pub(super) fn int(out: &mut Vec<u8>, value: i32) {
    bytes(out, &value.to_be_bytes());
}

pub(super) fn boolean(out: &mut Vec<u8>, value: Option<bool>) {
    match value {
        Some(value) => bytes(out, &[value.into()]),
        None => null(out),
    }
}

pub(super) fn date(out: &mut Vec<u8>, value: Option<NaiveDate>) {
    match value {
        Some(value) => int(out, value.num_days_from_ce() - FIRST_DAY),
        None => null(out),
    }
}

/// Postgres has no NUL in texts: it is left out.
pub(super) fn text(out: &mut Vec<u8>, value: Option<&str>) {
    let Some(value) = value else { return null(out) };
    if value.as_bytes().contains(&0) {
        return bytes(out, value.replace('\0', "").as_bytes());
    }
    bytes(out, value.as_bytes());
}

/// An array of one dimension, as `array_recv` takes it.
pub(super) fn texts(out: &mut Vec<u8>, values: Option<&[String]>) {
    let Some(values) = values else { return null(out) };
    let from = out.len();
    out.extend([0; 4]);
    // Dimensions, no NULLs, the type of the elements.
    out.extend(i32::from(!values.is_empty()).to_be_bytes());
    out.extend(0_i32.to_be_bytes());
    out.extend(TEXT_OID.to_be_bytes());
    if !values.is_empty() {
        // Elements, number of the first one.
        out.extend(length(values.len()));
        out.extend(1_i32.to_be_bytes());
        for value in values {
            text(out, Some(value));
        }
    }
    let size = length(out.len() - from - 4);
    out[from..from + 4].copy_from_slice(&size);
}

/// Digits to the base of 10,000, with the decimals of the value, as `numeric_recv` takes them.
pub(super) fn numeric(out: &mut Vec<u8>, value: Option<Decimal>) {
    let Some(value) = value else { return null(out) };
    let scale = value.scale();
    // The decimal point stands between two digits.
    let shift = (DECIMALS - scale % DECIMALS) % DECIMALS;
    // At most 2^96 x 1,000.
    let mut rest = value.mantissa().unsigned_abs() * 10_u128.pow(shift);
    let mut digits = [0_u16; 10];
    let mut first = digits.len();
    while rest > 0 {
        first -= 1;
        let (left, digit) = match u64::try_from(rest) {
            Ok(small) => (u128::from(small / 10_000), small % 10_000),
            Err(_) => (rest / 10_000, u64::try_from(rest % 10_000).unwrap_or_default()),
        };
        digits[first] = u16::try_from(digit).unwrap_or_default();
        rest = left;
    }
    let digits = &digits[first..];
    let count = u16::try_from(digits.len()).unwrap_or_default();
    let behind_the_point = u16::try_from((scale + shift) / DECIMALS).unwrap_or_default();
    let weight = count.cast_signed() - behind_the_point.cast_signed() - 1;
    let sign = if value.is_sign_negative() && count > 0 { NUMERIC_NEGATIVE } else { 0 };
    out.extend(length(8 + 2 * digits.len()));
    out.extend(count.to_be_bytes());
    out.extend(if count == 0 { 0 } else { weight }.to_be_bytes());
    out.extend(sign.to_be_bytes());
    out.extend(u16::try_from(scale).unwrap_or_default().to_be_bytes());
    for digit in digits {
        out.extend(digit.to_be_bytes());
    }
}

/// A field of 2 GiB cannot come from a file of 500 MB.
fn length(bytes: usize) -> [u8; 4] {
    i32::try_from(bytes).unwrap_or(i32::MAX).to_be_bytes()
}
