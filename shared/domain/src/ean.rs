//! Article numbers.

/// Whether the last digit of an EAN is the GS1 check digit of the others.
#[must_use]
pub fn has_check_digit(ean: &str) -> bool {
    let sum: u32 = ean
        .bytes()
        .rev()
        .zip([1u32, 3].into_iter().cycle())
        .map(|(b, weight)| u32::from(b & 0x0f) * weight)
        .sum();
    sum.is_multiple_of(10)
}

/// 13 digits out of what stands in a cell: zero-filled (numeric cells and UPC-12 lose leading zeros), without
/// `.0`, out of scientific notation where no digit is lost. `None` for everything else.
#[must_use]
pub fn normalise_ean(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != '\'').collect();
    let plain = match text.to_ascii_lowercase().split_once('e') {
        Some((mantissa, exponent)) => expand(mantissa, exponent)?,
        None => text.strip_suffix(".0").or_else(|| text.strip_suffix(",0")).unwrap_or(&text).to_owned(),
    };
    let digits = match plain.len() {
        14 => plain.strip_prefix('0')?,
        8..=13 => &plain,
        _ => return None,
    };
    (digits.bytes().all(|b| b.is_ascii_digit())).then(|| format!("{digits:0>13}"))
}

/// `9.529843000349E+12` -> `9529843000349`; `None` when the mantissa lost digits.
fn expand(mantissa: &str, exponent: &str) -> Option<String> {
    let exponent: usize = exponent.trim_start_matches('+').parse().ok().filter(|e| *e <= 13)?;
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    (fraction.len() == exponent && whole.len() == 1).then(|| format!("{whole}{fraction}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_is_the_gs1_one() {
        assert!(has_check_digit("4006381333931"));
        assert!(!has_check_digit("4006381333932"));
    }

    #[test]
    fn printed_codes_become_thirteen_digits() {
        for (text, ean) in [
            ("9529843000349", Some("9529843000349")),
            ("298430001210", Some("0298430001210")),
            ("7350154320657.0", Some("7350154320657")),
            ("9.529843000349E+12", Some("9529843000349")),
            (" 9529 8430 00349 ", Some("9529843000349")),
            ("09529843000349", Some("9529843000349")),
            ("9.52984E+12", None),
            ("AVMM100", None),
            ("123", None),
            ("", None),
        ] {
            assert_eq!(normalise_ean(text).as_deref(), ean, "{text:?}");
        }
    }
}
