//! What people call currencies.

/// Words for a currency, by its code. Where two currencies share a word, both are meant that are booked.
pub(super) fn words(code: &str) -> &'static [&'static str] {
    match code {
        "GBP" => &["pound", "pounds", "sterling", "pound sterling", "pounds sterling", "british pounds"],
        "PLN" => &["zloty", "zlotys", "zloties", "zlotych", "polish zloty", "polish zlotys"],
        "USD" => &["dollar", "dollars", "us dollar", "us dollars", "american dollars"],
        "CAD" => &["canadian dollar", "canadian dollars"],
        "AUD" => &["australian dollar", "australian dollars"],
        "CHF" => &["franc", "francs", "swiss franc", "swiss francs"],
        "SEK" => &["krona", "kronor", "swedish krona", "swedish kronor"],
        "NOK" => &["krone", "kroner", "norwegian krone", "norwegian kroner"],
        "DKK" => &["krone", "kroner", "danish krone", "danish kroner"],
        "CZK" => &["koruna", "korunas", "crowns", "czech koruna", "czech crowns"],
        "HUF" => &["forint", "forints"],
        "RON" => &["leu", "lei"],
        "UAH" => &["hryvnia", "hryvnias"],
        "TRY" => &["lira", "liras", "turkish lira"],
        "JPY" => &["yen", "japanese yen"],
        "CNY" => &["yuan", "renminbi"],
        "SAR" => &["riyal", "riyals", "saudi riyal", "saudi riyals"],
        "AED" => &["dirham", "dirhams"],
        "ZAR" => &["rand", "south african rand"],
        _ => &[],
    }
}
