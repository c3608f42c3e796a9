//! Codes that are alike: the same but for separators, a slip in the letters, or a slip in an EAN.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Bound,
};

use super::{
    Hint, is_tester,
    spelling::{distance, pieces, plain},
};
use crate::{ReferenceData, compact, has_check_digit, normalise_ean};

/// Shorter ones are alike by chance.
const LEAST_CHARS: usize = 4;

/// A SKU, taken apart.
struct Sku<'a> {
    ean: &'a str,
    text: &'a str,
    letters: String,
    tester: bool,
}

/// The codes of the catalogue.
pub(super) struct Codes<'a> {
    eans: BTreeSet<&'a str>,
    /// By their letters and digits only.
    skus: HashMap<String, &'a str>,
    /// By their runs of digits: sizes are never a slip.
    by_digits: HashMap<Vec<String>, Vec<Sku<'a>>>,
    /// Vendor, then letters and digits only: alias, EAN.
    aliases: HashMap<&'a str, HashMap<String, (&'a str, &'a str)>>,
}

impl<'a> Codes<'a> {
    pub(super) fn new(data: &'a ReferenceData) -> Self {
        let mut codes = Self {
            eans: data.products.iter().map(|product| product.ean.as_str()).collect(),
            skus: HashMap::new(),
            by_digits: HashMap::new(),
            aliases: HashMap::new(),
        };
        for product in &data.products {
            let Some(sku) = product.sku.as_deref().filter(|sku| sku.chars().count() >= LEAST_CHARS) else {
                continue;
            };
            codes.skus.insert(compact(sku), &product.ean);
            let (letters, digits) = parts(sku);
            let sku = Sku { ean: &product.ean, text: sku, letters, tester: is_tester(product) };
            codes.by_digits.entry(digits).or_default().push(sku);
        }
        for alias in &data.aliases {
            if let Some(ean) = &alias.ean {
                let of_vendor = codes.aliases.entry(&alias.vendor).or_default();
                of_vendor.insert(compact(&alias.alias), (&alias.alias, ean));
            }
        }
        codes
    }

    /// Products with a code that is like the printed one. Without a name, nothing tells a tester from its product.
    pub(super) fn hints(
        &self,
        vendor: &str,
        code: &str,
        named: bool,
        hints: &mut BTreeMap<&'a str, Vec<Hint>>,
    ) {
        let mut add = |ean: &'a str, score: f64, reason: String| {
            hints.entry(ean).or_default().push(Hint { score, reason });
        };
        let bare = compact(code);
        if bare.chars().count() < LEAST_CHARS {
            return;
        }
        if let Some(ean) = self.skus.get(&bare) {
            add(ean, 0.95, format!("\"{code}\" without its separators is the SKU"));
        }
        if let Some((alias, ean)) = self.aliases.get(vendor).and_then(|aliases| aliases.get(&bare)) {
            add(ean, 0.93, format!("{vendor} also writes it \"{alias}\""));
        }
        for (ean, reason) in self.like_eans(code) {
            add(ean, 0.88, reason);
        }
        let (letters, digits) = parts(code);
        if letters.chars().count() < 3 || digits.is_empty() {
            return;
        }
        for sku in self.by_digits.get(&digits).into_iter().flatten() {
            let apart = distance(&letters, &sku.letters, 1) != Some(1);
            if apart || (!named && (sku.tester || is_tester_slip(&letters, &sku.letters))) {
                continue;
            }
            add(sku.ean, 0.7, format!("one letter apart from the SKU {}", sku.text));
        }
    }

    /// EANs of the catalogue that differ by a slip; a printed one that is right is another product's.
    fn like_eans(&self, code: &str) -> Vec<(&'a str, String)> {
        let digits: String = code.chars().filter(char::is_ascii_digit).collect();
        let mut like = Vec::new();
        if let Some(ean) = normalise_ean(&digits).and_then(|ean| self.eans.get(ean.as_str()).copied()) {
            like.push((ean, format!("\"{code}\" contains the EAN")));
            return like;
        }
        if digits.len() != code.trim().len() {
            return like;
        }
        if digits.len() == 12 || digits.len() == 13 && !has_check_digit(&digits) {
            let from = digits.get(..12).unwrap_or_default();
            let end = format!("{from}~");
            let stem = self.eans.range::<str, _>((Bound::Included(from), Bound::Excluded(end.as_str())));
            like.extend(stem.map(|ean| (*ean, "its check digit is missing or wrong".to_owned())));
        }
        if like.is_empty() && digits.len() == 13 && !has_check_digit(&digits) {
            let one_off = |ean: &&&'a str| distance(&digits, ean, 1) == Some(1);
            let near = self.eans.iter().filter(one_off);
            like.extend(
                near.map(|ean| {
                    (*ean, "one digit apart from the EAN, and its check digit is wrong".to_owned())
                }),
            );
        }
        like
    }
}

/// Letters, and runs of digits, of a code.
fn parts(code: &str) -> (String, Vec<String>) {
    let (digits, letters): (Vec<String>, Vec<String>) =
        pieces(&plain(code)).into_iter().partition(|piece| piece.starts_with(|c: char| c.is_ascii_digit()));
    (letters.concat(), digits)
}

/// A `T` more or less makes a tester of a SKU.
fn is_tester_slip(a: &str, b: &str) -> bool {
    let count = |text: &str| text.chars().filter(|c| *c == 't').count();
    count(a) != count(b)
}
