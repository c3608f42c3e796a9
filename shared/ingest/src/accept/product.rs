//! A product as rows print it, and what is known of it.

use domain::{Matched, PrintedProduct, ProductKind, Reference, normalise_ean};

use crate::text;

/// What a row prints about its product.
#[derive(Debug, Clone, Default)]
pub(crate) struct Printed {
    pub(crate) ean: Option<String>,
    pub(crate) code: Option<String>,
    /// Whole cell with number and name, which some catalogues hold as alias.
    pub(crate) article: Option<String>,
    pub(crate) reference: Option<String>,
    pub(crate) sku: Option<String>,
    pub(crate) name: Option<String>,
}

/// The same for all rows that print the same: found out once.
#[derive(Debug)]
pub(crate) struct Product {
    pub(crate) printed: Printed,
    /// The most specific first, a SKU last.
    pub(super) codes: Vec<String>,
    pub(super) matched: Option<Matched>,
    pub(super) kind: ProductKind,
    /// What it is told by from one export to the next: what is printed, not what was matched.
    pub(super) identity: String,
}

impl Printed {
    pub(crate) fn is_empty(&self) -> bool {
        [&self.ean, &self.code, &self.article, &self.reference, &self.sku, &self.name]
            .iter()
            .all(|part| part.is_none())
    }

    fn codes(&self) -> Vec<String> {
        let mut codes: Vec<String> = Vec::new();
        for code in [&self.code, &self.article, &self.reference, &self.sku].into_iter().flatten() {
            if !codes.contains(code) {
                codes.push(code.clone());
            }
        }
        codes
    }

    fn identity(&self) -> String {
        let Self { ean, sku, name, .. } = self;
        let ean = ean.as_deref().map(|text| normalise_ean(text).unwrap_or_else(|| text::fold(text)));
        ean.or_else(|| sku.as_deref().or(name.as_deref()).map(text::fold)).unwrap_or_default()
    }
}

impl Product {
    pub(super) fn new(printed: Printed, vendor: &str, reference: &Reference) -> Self {
        let codes = printed.codes();
        let (ean, name) = (printed.ean.as_deref(), printed.name.as_deref());
        let matched = reference.match_product(vendor, &PrintedProduct { ean, codes: &codes, name });
        let own = matched.as_ref().and_then(|matched| matched.ean.as_deref());
        let kind = reference.kind(own, name);
        let identity = printed.identity();
        Self { printed, codes, matched, kind, identity }
    }

    /// 13 digits, where it was found.
    pub(super) fn ean(&self) -> Option<&str> {
        self.matched.as_ref()?.ean.as_deref()
    }
}
