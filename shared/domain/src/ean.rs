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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_is_the_gs1_one() {
        assert!(has_check_digit("4006381333931"));
        assert!(!has_check_digit("4006381333932"));
    }
}
