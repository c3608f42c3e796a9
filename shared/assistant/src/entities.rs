//! The organisation's own names, and where a question mentions them.

mod countries;
mod currencies;
#[cfg(test)]
pub(crate) mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{compact, metrics::Dimension, spelling};

use crate::{Calendar, tokens::Token};

/// A product of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownProduct {
    pub ean: String,
    pub sku: Option<String>,
    pub name: Option<String>,
    pub size: Option<String>,
    pub category: Option<String>,
}

/// Everything a question may mention, as far as its asker may see it.
#[derive(Debug, Clone)]
pub struct Knowledge {
    /// Names by key.
    pub vendors: BTreeMap<String, String>,
    pub products: BTreeMap<String, KnownProduct>,
    /// Values of the other dimensions.
    pub values: BTreeMap<Dimension, Vec<String>>,
    exact: HashMap<String, Vec<Candidate>>,
    /// Names by each of their words.
    words: HashMap<String, Vec<usize>>,
    names: Vec<(Vec<String>, Candidate)>,
}

/// What a mention may be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Candidate {
    pub(crate) dimension: Dimension,
    /// Rows with any of these.
    pub(crate) values: BTreeSet<String>,
    pub(crate) label: String,
}

/// How sure a mention is: the surest come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sureness {
    Exact,
    /// A part of a code or name.
    Part,
    /// With this many slips.
    Slips(usize),
}

/// Words of a question that are a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mention {
    pub(crate) len: usize,
    pub(crate) sureness: Sureness,
    pub(crate) candidates: Vec<Candidate>,
}

/// Longest name in words.
const NAME_WORDS_MAX: usize = 7;
/// Shortest part of a code that stands for it.
const CODE_PART_MIN: usize = 3;
/// Shortest part of an EAN that stands for it: fewer digits are a number.
const EAN_PART_MIN: usize = 6;

impl Knowledge {
    /// Makes names findable.
    #[must_use]
    pub fn new(
        vendors: impl IntoIterator<Item = (String, String)>,
        products: impl IntoIterator<Item = KnownProduct>,
        values: BTreeMap<Dimension, Vec<String>>,
    ) -> Self {
        let products = products.into_iter().map(|product| (product.ean.clone(), product)).collect();
        let mut known = Self {
            vendors: vendors.into_iter().collect(),
            products,
            values,
            exact: HashMap::new(),
            words: HashMap::new(),
            names: Vec::new(),
        };
        for (key, name) in known.vendors.clone() {
            let candidate = Candidate::new(Dimension::Vendor, [key.clone()], &name);
            known.add(&key.replace('_', " "), &candidate);
            known.add(&name, &candidate);
        }
        known.add_products();
        for (dimension, values) in known.values.clone() {
            for value in values {
                let candidate = Candidate::new(dimension, [value.clone()], &value);
                match dimension {
                    Dimension::Country => {}
                    Dimension::Size if value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') => {
                        let label = format!("{value} ml");
                        known.add_exact(&label, &Candidate { label: label.clone(), ..candidate });
                    }
                    Dimension::Currency => {
                        known.add(&value, &candidate);
                        for word in currencies::words(&value) {
                            known.add_exact(word, &candidate);
                        }
                    }
                    _ => known.add(&value, &candidate),
                }
            }
        }
        let booked = known.values.get(&Dimension::Country).cloned().unwrap_or_default();
        for (name, label, values) in countries::names(&booked) {
            known.add_exact(&name, &Candidate::new(Dimension::Country, values, &label));
        }
        known
    }

    fn add_products(&mut self) {
        let mut families: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for product in self.products.clone().into_values() {
            let shown = product.sku.clone().or(product.name.clone()).unwrap_or_else(|| product.ean.clone());
            let candidate = Candidate::new(Dimension::Product, [product.ean.clone()], &shown);
            self.add_exact(&product.ean, &candidate);
            if let Some(sku) = &product.sku {
                self.add_exact(sku, &candidate);
            }
            let Some(name) = &product.name else { continue };
            let base = base_of(name, product.size.as_deref());
            self.add_exact(name, &candidate);
            if let Some(size) = &product.size {
                self.add_exact(&format!("{base} {size}"), &candidate);
                self.add_exact(&format!("{base} {size} ml"), &candidate);
            }
            families.entry(base).or_default().insert(product.ean);
        }
        for (base, eans) in families.into_iter().filter(|(base, _)| !base.is_empty()) {
            let candidate = Candidate { dimension: Dimension::Product, values: eans, label: titled(&base) };
            self.add(&base, &candidate);
        }
    }

    fn add_exact(&mut self, name: &str, candidate: &Candidate) {
        let key = compact(&spelling::plain(name));
        if key.is_empty() {
            return;
        }
        let known = self.exact.entry(key).or_default();
        match known.iter_mut().find(|other| other.dimension == candidate.dimension) {
            // The same name twice, for example of two products: all of them are meant.
            Some(other) => other.values.extend(candidate.values.iter().cloned()),
            None => known.push(candidate.clone()),
        }
    }

    fn add(&mut self, name: &str, candidate: &Candidate) {
        self.add_exact(name, candidate);
        let words: Vec<String> = spelling::plain(name)
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        let place = self.names.len();
        for word in &words {
            self.words.entry(word.clone()).or_default().push(place);
        }
        self.names.push((words, candidate.clone()));
    }

    /// The name that these words begin with.
    pub(crate) fn mention(&self, words: &[Token]) -> Option<Mention> {
        self.exactly(words).or_else(|| self.by_part(words)).or_else(|| self.with_slips(words))
    }

    pub(crate) fn exactly(&self, words: &[Token]) -> Option<Mention> {
        (1..=words.len().min(NAME_WORDS_MAX)).rev().find_map(|len| {
            let joined: String = words[..len].iter().map(|token| compact(&token.word)).collect();
            let candidates = self.exact.get(&joined).or_else(|| {
                // A plural of a category and the like.
                self.exact
                    .get(joined.strip_suffix('s')?)
                    .filter(|known| known.iter().all(|c| c.dimension == Dimension::Category))
            })?;
            let code =
                len == 1 && joined.len() <= 2 && candidates.iter().all(|c| c.dimension == Dimension::Country);
            // `it` and `in` are words, `IT` and `IN` are countries, and `uk` is no word.
            let shouted = words[0].text.chars().all(|c| !c.is_lowercase());
            let no_word = matches!(joined.as_str(), "uk" | "eu");
            (!code || shouted || no_word).then(|| Mention {
                len,
                sureness: Sureness::Exact,
                candidates: candidates.clone(),
            })
        })
    }

    fn by_part(&self, words: &[Token]) -> Option<Mention> {
        let code = compact(&words.first()?.word);
        let mixed = code.bytes().any(|byte| byte.is_ascii_digit())
            && code.bytes().any(|byte| byte.is_ascii_alphabetic());
        let shouted = code.len() >= CODE_PART_MIN && words[0].text.chars().all(|c| !c.is_lowercase());
        if code.len() >= CODE_PART_MIN && (mixed || shouted) {
            let has = |product: &&KnownProduct| {
                product.sku.as_deref().is_some_and(|sku| compact(sku).contains(&code))
            };
            let found: Vec<&KnownProduct> = self.products.values().filter(has).collect();
            if !found.is_empty() {
                let eans = found.iter().map(|product| product.ean.clone());
                let skus: Vec<&str> = found.iter().filter_map(|product| product.sku.as_deref()).collect();
                let label = match skus[..] {
                    [sku] => sku.to_owned(),
                    _ => format!("*{}* ({})", words[0].text, skus.join(", ")),
                };
                let candidates = vec![Candidate::new(Dimension::Product, eans, &label)];
                return Some(Mention { len: 1, sureness: Sureness::Part, candidates });
            }
        }
        if let Some(mention) = self.by_part_of_ean(&code) {
            return Some(mention);
        }
        let first = self.words.get(&words[0].word)?;
        (1..=words.len().min(NAME_WORDS_MAX)).rev().find_map(|len| {
            let said: Vec<&str> = words[..len].iter().map(|token| token.word.as_str()).collect();
            let candidates = self.named(first, |name| {
                name.windows(len).any(|part| part.iter().map(String::as_str).eq(said.iter().copied()))
            });
            let long = said.iter().map(|word| word.len()).sum::<usize>() >= CODE_PART_MIN;
            (long && !candidates.is_empty()).then_some(Mention { len, sureness: Sureness::Part, candidates })
        })
    }

    pub(crate) fn has_ean_with(&self, digits: &str) -> bool {
        self.by_part_of_ean(digits).is_some()
    }

    /// Digits that one or several EANs begin or end with.
    fn by_part_of_ean(&self, digits: &str) -> Option<Mention> {
        if digits.len() < EAN_PART_MIN || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let part = |product: &&KnownProduct| product.ean.starts_with(digits) || product.ean.ends_with(digits);
        let found: Vec<&KnownProduct> = self.products.values().filter(part).collect();
        let shown = |product: &&KnownProduct| product.sku.clone().unwrap_or_else(|| product.ean.clone());
        let label = found.iter().map(shown).collect::<Vec<_>>().join(", ");
        let eans = found.iter().map(|product| product.ean.clone());
        let candidates = vec![Candidate::new(Dimension::Product, eans, &label)];
        (!found.is_empty()).then_some(Mention { len: 1, sureness: Sureness::Part, candidates })
    }

    fn named(&self, among: &[usize], matches: impl Fn(&[String]) -> bool) -> Vec<Candidate> {
        let mut found: Vec<Candidate> = Vec::new();
        for (name, candidate) in among.iter().filter_map(|place| self.names.get(*place)) {
            let known = found
                .iter()
                .any(|other| other.dimension == candidate.dimension && other.values == candidate.values);
            if matches(name) && !known {
                found.push(candidate.clone());
            }
        }
        found
    }

    fn with_slips(&self, words: &[Token]) -> Option<Mention> {
        if words.first()?.word.bytes().any(|byte| byte.is_ascii_digit()) {
            return self.code_with_slips(words);
        }
        // `ex Liberty`: a short word before a name is a word of its own.
        let apart = words[0].word.len() < 4 && words.len() > 1 && self.exactly(&words[1..]).is_some();
        let longest = if apart { 1 } else { words.len().min(4) };
        let whole = (1..=longest).rev().find_map(|len| {
            let joined: String = words[..len].iter().map(|token| compact(&token.word)).collect();
            let distance = |known: &str| {
                spelling::distance(&joined, known, spelling::slips(&joined)).filter(|slips| *slips > 0)
            };
            let near: Vec<(usize, &Vec<Candidate>)> = self
                .exact
                .iter()
                .filter(|(name, _)| name.len() > 3)
                .filter_map(|(name, candidates)| Some((distance(name)?, candidates)))
                .collect();
            nearest(len, near.into_iter().map(|(slips, candidates)| (slips, candidates.clone())))
        });
        whole.or_else(|| {
            let said = words[0].word.as_str();
            let near = self.words.iter().filter(|(word, _)| word.len() > 4).filter_map(|(word, among)| {
                let slips = spelling::distance(said, word, spelling::slips(said))?;
                Some((slips, self.named(among, |_| true)))
            });
            nearest(1, near)
        })
    }

    /// Slips within a code are worth asking about, never worth taking.
    fn code_with_slips(&self, words: &[Token]) -> Option<Mention> {
        let code = compact(&words[0].word);
        let near = self.products.values().filter_map(|product| {
            let sku = compact(product.sku.as_deref()?);
            let slips = spelling::distance(&code, &sku, 1)?;
            let shown = product.sku.clone().unwrap_or_default();
            Some((slips + 1, vec![Candidate::new(Dimension::Product, [product.ean.clone()], &shown)]))
        });
        nearest(1, near).filter(|_| code.len() >= 4)
    }

    /// What people call a value.
    #[must_use]
    pub fn label(&self, dimension: Dimension, value: &str) -> String {
        match dimension {
            Dimension::Vendor => self.vendors.get(value).cloned(),
            Dimension::Product => self.products.get(value).and_then(|p| p.sku.clone().or(p.name.clone())),
            Dimension::Country => countries::name_of(value).map(str::to_owned),
            _ => None,
        }
        .unwrap_or_else(|| value.to_owned())
    }
}

impl Candidate {
    fn new(dimension: Dimension, values: impl IntoIterator<Item = String>, label: &str) -> Self {
        Self { dimension, values: values.into_iter().collect(), label: label.to_owned() }
    }
}

/// The candidates with the fewest slips.
fn nearest(len: usize, near: impl Iterator<Item = (usize, Vec<Candidate>)>) -> Option<Mention> {
    let mut best: Option<(usize, BTreeSet<Candidate>)> = None;
    for (slips, candidates) in near {
        match &mut best {
            Some((least, _)) if *least < slips => {}
            Some((least, found)) if *least == slips => found.extend(candidates),
            _ => best = Some((slips, candidates.into_iter().collect())),
        }
    }
    let (slips, candidates) = best?;
    Some(Mention { len, sureness: Sureness::Slips(slips), candidates: candidates.into_iter().collect() })
}

/// A product's name without its size.
fn base_of(name: &str, size: Option<&str>) -> String {
    let size = size.map(compact).unwrap_or_default();
    let pieces = spelling::pieces(&spelling::plain(name));
    let measure = |piece: &str| matches!(piece, "ml" | "g" | "gr" | "kg" | "oz" | "l");
    let mut kept: Vec<&str> = Vec::new();
    let mut after_number = false;
    for piece in &pieces {
        let number = piece.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if !(after_number && measure(piece)
            || number && (size == compact(piece) || size.starts_with(piece.as_str())))
        {
            kept.push(piece);
        }
        after_number = number;
    }
    kept.join(" ")
}

fn titled(name: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    };
    name.split(' ').map(capital).collect::<Vec<_>>().join(" ")
}

/// What a question is read with.
#[derive(Debug, Clone, Copy)]
pub struct World<'a> {
    pub knowledge: &'a Knowledge,
    pub calendar: Calendar,
}
