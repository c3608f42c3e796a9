use super::*;

#[test]
fn eans_get_their_leading_zero_back_and_need_their_check_digit() {
    assert_eq!(ean("9529843000349").unwrap(), "9529843000349");
    assert_eq!(ean("298430001210").unwrap(), "0298430001210");
    for text in ["95298430003", "95298430003490", "9.529843E+12", "952984300034x", "٩٥٢٩٨٤٣٠٠٠٣٤٩"]
    {
        assert_eq!(ean(text).unwrap_err().code, "ean_invalid", "{text}");
    }
    assert_eq!(ean("9529843000348").unwrap_err().code, "ean_check_digit");
}

#[test]
fn prices_and_rates_are_plain_decimals() {
    assert_eq!(price("196.00").unwrap().to_string(), "196.00");
    assert!(price("0").unwrap().is_zero());
    for text in ["-1", "+1", "1,5", "1_000", "1e3", "1.", ".5", "1.23456", "1234567890", "1.2.3", "NaN", "€1"]
    {
        assert_eq!(price(text).unwrap_err().code, "price_invalid", "{text}");
    }
    assert_eq!(rate("0.006123456789").unwrap().to_string(), "0.006123456789");
    for text in ["0", "0.00", "-1.1", "1,1", "inf"] {
        assert_eq!(rate(text).unwrap_err().code, "rate_invalid", "{text}");
    }
}

#[test]
fn dates_and_months_have_one_spelling() {
    assert_eq!(date("2024-02-29").unwrap().to_string(), "2024-02-29");
    for text in ["2025-02-29", "2025-2-1", "01.02.2025", "2025-02-01T00:00", "1025-02-01", "+2025-2-1"] {
        assert_eq!(date(text).unwrap_err().code, "date_invalid", "{text}");
    }
    assert_eq!(month("2025-01").unwrap().to_string(), "2025-01-01");
    for text in ["2025-13", "2025-1", "2025-01-01", "01/2025", "0025-01"] {
        assert_eq!(month(text).unwrap_err().code, "month_invalid", "{text}");
    }
}

#[test]
fn rates_are_of_foreign_currencies() {
    assert_eq!(foreign_currency("gbp").unwrap().as_str(), "GBP");
    assert_eq!(foreign_currency("EUR").unwrap_err().code, "currency_is_euro");
    for text in ["GB", "GBPX", "£££", "G8P"] {
        assert_eq!(foreign_currency(text).unwrap_err().code, "currency_invalid", "{text}");
    }
}

#[test]
fn truth_is_one_of_two_words() {
    assert_eq!((truth("TRUE"), truth("false")), (Ok(true), Ok(false)));
    assert_eq!(truth("yes").unwrap_err().code, "truth_invalid");
}
