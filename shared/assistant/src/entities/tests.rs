use super::*;
use crate::tokens::tokens;

fn product(ean: &str, sku: &str, name: &str, size: &str) -> KnownProduct {
    KnownProduct {
        ean: ean.into(),
        sku: Some(sku.into()),
        name: Some(name.into()),
        size: Some(size.into()),
        category: None,
    }
}

pub(crate) fn knowledge() -> Knowledge {
    Knowledge::new(
        [("liberty", "Liberty"), ("skins_nl", "Skins NL"), ("skins_sa", "Skins SA"), ("galilu", "Galilu")]
            .map(|(k, n)| (k.into(), n.into())),
        [
            product("9529843000349", "AVMM100", "MARBLE MARKET 100 ML", "100"),
            product("0298430001210", "AVMM30", "MARBLE MARKET 30 ML", "30"),
            product("9529843000387", "AVVP100", "VELVET PIANO 100 ML", "100"),
            product("9529843000394", "AVVPA100", "VELVET PARADE 100", "100"),
        ],
        BTreeMap::from([
            (Dimension::Country, vec!["GB".into(), "PL".into()]),
            (Dimension::City, vec!["London".into()]),
            (Dimension::Store, vec!["Flagship".into(), "London".into()]),
            (Dimension::Category, vec!["Candle".into()]),
            (Dimension::Size, vec!["100".into(), "30".into()]),
        ]),
    )
}

/// Length, sureness, and of each candidate the dimension and how many values it has.
type Found = (usize, Sureness, Vec<(Dimension, usize)>);

fn mention(text: &str) -> Option<Found> {
    let mention = knowledge().mention(&tokens(text))?;
    let candidates = mention.candidates.iter().map(|c| (c.dimension, c.values.len())).collect();
    Some((mention.len, mention.sureness, candidates))
}

#[test]
fn names_are_found_whole_in_part_and_misspelt() {
    use Dimension::{Category, City, Country, Product, Size, Store, Vendor};
    for (text, len, sureness, candidates) in [
        ("Liberty's", 1, Sureness::Exact, vec![(Vendor, 1)]),
        ("libetry", 1, Sureness::Slips(1), vec![(Vendor, 1)]),
        ("Skins", 1, Sureness::Part, vec![(Vendor, 1), (Vendor, 1)]),
        ("AVMM100", 1, Sureness::Exact, vec![(Product, 1)]),
        ("MM100", 1, Sureness::Part, vec![(Product, 1)]),
        ("9529843000349", 1, Sureness::Exact, vec![(Product, 1)]),
        ("Marble Market", 2, Sureness::Exact, vec![(Product, 2)]),
        ("marble market 100ml", 3, Sureness::Exact, vec![(Product, 1)]),
        ("velvet parade 100 ml", 4, Sureness::Exact, vec![(Product, 1)]),
        ("marbel market", 2, Sureness::Slips(1), vec![(Product, 2)]),
        ("velvet", 1, Sureness::Part, vec![(Product, 1), (Product, 1)]),
        ("100 ml", 2, Sureness::Exact, vec![(Size, 1)]),
        ("candles", 1, Sureness::Exact, vec![(Category, 1)]),
        ("London", 1, Sureness::Exact, vec![(City, 1), (Store, 1)]),
        ("polish", 1, Sureness::Exact, vec![(Country, 1)]),
        ("UK", 1, Sureness::Exact, vec![(Country, 1)]),
    ] {
        let mut found = mention(text).unwrap_or_else(|| panic!("{text}"));
        let mut candidates = candidates;
        found.2.sort();
        candidates.sort();
        assert_eq!(found, (len, sureness, candidates), "{text}");
    }
}

#[test]
fn other_words_are_no_names() {
    for text in ["it", "in", "churn", "weather", "9999999999999", "z"] {
        assert_eq!(mention(text), None, "{text}");
    }
}
