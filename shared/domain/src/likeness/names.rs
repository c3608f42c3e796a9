//! Names that are alike: the same words, weighted by how much they tell.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    Hint, is_tester,
    spelling::{distance, pieces, plain, slips},
};
use crate::{Product, ProductKind, ReferenceData};

/// Words that tell nothing about which product it is.
const NOISE: [&str; 26] = [
    "eau",
    "de",
    "du",
    "des",
    "la",
    "le",
    "les",
    "the",
    "and",
    "of",
    "parfum",
    "parfums",
    "perfume",
    "fragrance",
    "spray",
    "vapo",
    "no",
    "colour",
    "color",
    "total",
    "szt",
    "pcs",
    "x",
    "scented",
    "zapachowa",
    "for",
];
const UNITS: [(&str, f64); 10] = [
    ("ml", 1.0),
    ("cl", 10.0),
    ("l", 1000.0),
    ("g", 1.0),
    ("gr", 1.0),
    ("gm", 1.0),
    ("kg", 1000.0),
    ("oz", 29.57),
    ("floz", 29.57),
    ("fl", 29.57),
];
/// Words of one meaning each, by which kinds of articles differ.
const KINDS: [(&str, &[&str]); 14] = [
    ("candle", &["candle", "candles", "kerze", "swieca", "bougie", "vela", "duftkerze"]),
    ("set", &["set", "coffret", "kit", "discovery", "zestaw"]),
    ("refill", &["refill", "recharge", "nachfullung", "refil"]),
    ("soap", &["soap", "seife", "savon", "mydlo"]),
    ("lotion", &["lotion", "cream", "creme", "balm"]),
    ("gel", &["gel", "wash", "shower"]),
    ("oil", &["oil", "huile"]),
    ("diffuser", &["diffuser", "diffuseur", "reed"]),
    ("hair", &["hair", "mist"]),
    ("advent", &["advent", "calendar"]),
    ("gift", &["gift", "gwp", "pouch", "bag"]),
    ("edp", &["edp"]),
    ("edt", &["edt", "toilette"]),
    ("extrait", &["extrait"]),
];
/// Kinds that a name often leaves out.
const STRENGTHS: [&str; 3] = ["edp", "edt", "extrait"];
const TESTER: [&str; 3] = ["tester", "testeur", "testers"];
const SAMPLE: [&str; 7] = ["sample", "samples", "vial", "probe", "probka", "echantillon", "muestra"];
/// A word that is this common generates no candidates: it would be half of the catalogue.
const COMMON: usize = 2_000;

/// What a name says.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Name {
    words: BTreeSet<String>,
    /// Sizes and other numbers in thousandths; sizes in ml or g.
    numbers: BTreeSet<u64>,
    kinds: BTreeSet<&'static str>,
    tester: bool,
    sample: bool,
}

impl Name {
    pub(super) fn read(text: &str) -> Self {
        let mut name = Self::default();
        let text = plain(text).replace("eau de parfum", "edp").replace("eau de toilette", "edt");
        let pieces = pieces(&text);
        for (place, piece) in pieces.iter().enumerate() {
            if let Ok(number) = piece.parse::<f64>() {
                let next = pieces.get(place + 1).map(String::as_str);
                name.number(number, UNITS.iter().find(|(unit, _)| Some(*unit) == next).copied());
            } else if TESTER.contains(&piece.as_str()) {
                name.tester = true;
            } else if SAMPLE.contains(&piece.as_str()) {
                name.sample = true;
            } else if let Some((kind, _)) = KINDS.iter().find(|(_, words)| words.contains(&piece.as_str())) {
                name.kinds.insert(kind);
                if !STRENGTHS.contains(kind) {
                    name.words.insert((*kind).to_owned());
                }
            } else if !NOISE.contains(&piece.as_str()) && !UNITS.iter().any(|(unit, _)| unit == piece) {
                name.words.insert(piece.clone());
            }
        }
        name
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "sizes are small and positive"
    )]
    fn number(&mut self, number: f64, unit: Option<(&str, f64)>) {
        let amount = number * unit.map_or(1.0, |(_, factor)| factor);
        // Ounces are printed beside millilitres, rounded to what they are called.
        let amount = match unit {
            Some(("oz" | "floz" | "fl", _)) if amount < 15.0 => amount.round(),
            Some(("oz" | "floz" | "fl", _)) => (amount / 5.0).round() * 5.0,
            _ => amount,
        };
        self.numbers.insert((amount * 1000.0).round() as u64);
    }

    /// Whether a product is another one than the printed, whatever else is alike.
    pub(super) fn contradicts(&self, product: &Self) -> bool {
        let both = !self.numbers.is_empty() && !product.numbers.is_empty();
        let sizes = both && self.numbers != product.numbers;
        let (strengths, forms): (Vec<&str>, Vec<&str>) =
            self.kinds.iter().partition(|kind| STRENGTHS.contains(kind));
        let form = forms.iter().any(|form| !product.kinds.contains(form));
        let strength = strengths.iter().any(|strength| {
            !product.kinds.contains(strength) && STRENGTHS.iter().any(|other| product.kinds.contains(other))
        });
        // A sample of something is not the thing, unless the sizes say that it is.
        let sample = self.sample != product.sample && (!both || sizes);
        sizes || form || strength || self.tester != product.tester || sample
    }
}

/// A name of a product: its own, or one that a vendor uses.
struct Known<'a> {
    ean: &'a str,
    words: Vec<usize>,
    /// Sum of the weights of its words.
    weight: f64,
    /// Whose name it is, when it is not ours.
    vendor: Option<&'a str>,
}

/// All names of the catalogue by their words.
pub(super) struct Names<'a> {
    known: Vec<Known<'a>>,
    vocabulary: HashMap<String, usize>,
    words: Vec<String>,
    /// Names a word occurs in.
    postings: Vec<Vec<usize>>,
    /// Words by their length in letters.
    lengths: BTreeMap<usize, Vec<usize>>,
}

impl<'a> Names<'a> {
    pub(super) fn new(data: &'a ReferenceData) -> Self {
        let mut names = Self {
            known: Vec::new(),
            vocabulary: HashMap::new(),
            words: Vec::new(),
            postings: Vec::new(),
            lengths: BTreeMap::new(),
        };
        for product in &data.products {
            if let Some(name) = &product.name {
                names.add(&product.ean, name, None);
            }
        }
        for alias in &data.aliases {
            if let Some(ean) = &alias.ean {
                names.add(ean, &alias.alias, Some(&alias.vendor));
            }
        }
        let weights: Vec<f64> = (0..names.words.len()).map(|word| names.weight(word)).collect();
        for known in &mut names.known {
            known.weight = known.words.iter().map(|word| weights[*word]).sum();
        }
        for (word, text) in names.words.iter().enumerate() {
            names.lengths.entry(text.chars().count()).or_default().push(word);
        }
        names
    }

    fn add(&mut self, ean: &'a str, text: &str, vendor: Option<&'a str>) {
        let read = Name::read(text);
        // Numbers alone are a code.
        if read.words.is_empty() {
            return;
        }
        let place = self.known.len();
        let mut words = Vec::with_capacity(read.words.len());
        for text in read.words {
            let next = self.words.len();
            let word = *self.vocabulary.entry(text.clone()).or_insert(next);
            if word == next {
                self.words.push(text);
                self.postings.push(Vec::new());
            }
            self.postings[word].push(place);
            words.push(word);
        }
        self.known.push(Known { ean, words, weight: 0.0, vendor });
    }

    /// Rare words tell more.
    #[expect(clippy::cast_precision_loss, reason = "counts of words")]
    fn weight(&self, word: usize) -> f64 {
        (1.0 + self.known.len() as f64 / self.postings[word].len().max(1) as f64).ln()
    }

    /// What the catalogue says about a product in the words of a name.
    pub(super) fn of(&self, product: &Product) -> Name {
        let size = product.size.as_deref().unwrap_or_default();
        let mut name = Name::read(product.name.as_deref().unwrap_or_default());
        let sizes = Name::read(size).numbers;
        if name.numbers.is_empty() || !sizes.is_empty() && sizes.is_subset(&name.numbers) {
            name.numbers.extend(sizes);
        }
        name.kinds.extend(Name::read(product.category.as_deref().unwrap_or_default()).kinds);
        name.tester |= is_tester(product);
        name.sample |= product.kind == ProductKind::Sample;
        name
    }

    /// Products with a name that is like the printed one.
    pub(super) fn hints(&self, printed: &Name, hints: &mut BTreeMap<&'a str, Vec<Hint>>) {
        let alike: Vec<Vec<(usize, f64)>> = printed.words.iter().map(|word| self.alike(word)).collect();
        // Of the printed words, what the best of the like ones is worth.
        let strange = 0.5 * (1.0 + COMMON as f64).ln();
        let printed_weight: f64 =
            alike.iter().map(|words| words.first().map_or(strange, |(word, _)| self.weight(*word))).sum();
        let mut found: BTreeMap<usize, (f64, usize)> = BTreeMap::new();
        for words in &alike {
            let mut counted: BTreeSet<usize> = BTreeSet::new();
            for (word, likeness) in words {
                if self.postings[*word].len() > COMMON && alike.len() > 1 {
                    continue;
                }
                for place in &self.postings[*word] {
                    if counted.insert(*place) {
                        let (weight, count) = found.entry(*place).or_default();
                        *weight += self.weight(*word) * likeness;
                        *count += 1;
                    }
                }
            }
        }
        let mut best: BTreeMap<&'a str, (f64, usize, usize)> = BTreeMap::new();
        for (place, (weight, count)) in found {
            let known = &self.known[place];
            let score = 0.65 * (weight / known.weight) + 0.35 * (weight / printed_weight).min(1.0);
            let entry = best.entry(known.ean).or_insert((0.0, count, place));
            if score > entry.0 {
                *entry = (score, count, place);
            }
        }
        for (ean, (score, count, place)) in best {
            let known = &self.known[place];
            let whose = known
                .vendor
                .map_or_else(|| "the name".to_owned(), |vendor| format!("{vendor}'s name for it"));
            let reason = format!("{count} of the {} words of {whose}", known.words.len());
            // A name says less than a code: the size may be missing.
            hints.entry(ean).or_default().push(Hint { score: 0.95 * score.min(1.0), reason });
        }
    }

    /// Words of the catalogue that are this one, but for a slip; the likeliest first.
    fn alike(&self, word: &str) -> Vec<(usize, f64)> {
        if let Some(known) = self.vocabulary.get(word) {
            return vec![(*known, 1.0)];
        }
        let most = slips(word);
        let length = word.chars().count();
        let mut alike: Vec<(usize, usize)> = self
            .lengths
            .range(length.saturating_sub(most)..=length + most)
            .flat_map(|(_, words)| words)
            .filter_map(|known| Some((distance(word, &self.words[*known], most)?, *known)))
            .filter(|_| most > 0)
            .collect();
        alike.sort_unstable();
        let nearest = alike.first().map(|(slips, _)| *slips);
        alike.retain(|(slips, _)| Some(*slips) == nearest);
        alike.into_iter().map(|(slips, known)| (known, if slips == 1 { 0.85 } else { 0.75 })).collect()
    }
}
