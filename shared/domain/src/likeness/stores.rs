//! Spellings of stores that are alike.

use schemars::JsonSchema;
use serde::Serialize;

use super::spelling::{distance, pieces, plain, slips};

/// Words for the same: a vendor's web shop.
const ONLINE: [&str; 8] = ["online", "internet", "web", "www", "eshop", "webshop", "ecommerce", "ecom"];
/// Words that many stores share.
const NOISE: [&str; 8] = ["store", "shop", "boutique", "the", "sklep", "tienda", "salon", "perfumery"];

/// How alike two spellings are.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StoreLikeness {
    /// From 0 to 1.
    pub score: f64,
    pub reason: &'static str,
}

/// Whether two spellings may mean one store. Numbers are never a slip: they tell stores apart.
#[must_use]
pub fn like_stores(a: &str, b: &str) -> Option<StoreLikeness> {
    let (a, b) = (words(a), words(b));
    let digits = |words: &[String]| -> Vec<String> {
        words.iter().filter(|word| word.starts_with(|c: char| c.is_ascii_digit())).cloned().collect()
    };
    if a.is_empty() || b.is_empty() || digits(&a) != digits(&b) {
        return None;
    }
    let like = |score, reason| Some(StoreLikeness { score, reason });
    if a == b {
        return like(0.95, "the same but for case, accents and signs");
    }
    if is_online(&a) && is_online(&b) {
        return like(0.85, "both words mean the web shop");
    }
    if is_online(&a) != is_online(&b) {
        return None;
    }
    let (compact_a, compact_b) = (a.concat(), b.concat());
    if compact_a == compact_b {
        return like(0.93, "the same but for blanks");
    }
    let (few, many) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    if few.len() == many.len() && few.iter().zip(many).all(|(few, many)| is_short_for(few, many)) {
        return like(0.8, "one abbreviates the other");
    }
    if distance(&compact_a, &compact_b, slips(&compact_a)).is_some() {
        return like(0.75, "one or two letters apart");
    }
    if few.concat().chars().count() >= 4 && few.iter().all(|word| many.contains(word)) {
        return like(0.65, "all words of one stand in the other");
    }
    None
}

fn words(text: &str) -> Vec<String> {
    let all = pieces(&plain(text).replace("e-shop", "eshop").replace("e-com", "ecom"));
    let telling: Vec<String> = all.iter().filter(|word| !NOISE.contains(&word.as_str())).cloned().collect();
    if telling.is_empty() { all } else { telling }
}

fn is_online(words: &[String]) -> bool {
    words.iter().any(|word| ONLINE.contains(&word.as_str()))
}

fn is_short_for(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    short == long || short.chars().count() >= 3 && long.starts_with(short)
}
