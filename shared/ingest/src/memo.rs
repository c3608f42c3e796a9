//! What was found out about texts that come again and again.

use std::collections::HashMap;

/// What all entries together may hold; a file of ever new texts begins anew.
const MAX_BYTES: usize = 4 * 1024 * 1024;
/// What an entry costs besides its text.
const ENTRY_BYTES: usize = 256;

/// Values by text, up to some megabytes of them.
#[derive(Debug)]
pub(crate) struct Memo<V> {
    known: HashMap<String, V>,
    bytes: usize,
}

impl<V> Default for Memo<V> {
    fn default() -> Self {
        Self { known: HashMap::new(), bytes: 0 }
    }
}

impl<V: Clone> Memo<V> {
    pub(crate) fn get(&self, text: &str) -> Option<V> {
        self.known.get(text).cloned()
    }

    /// Keeps what follows from a text, and gives it back.
    pub(crate) fn keep(&mut self, text: &str, value: V) -> V {
        self.bytes += text.len() + ENTRY_BYTES;
        if self.bytes > MAX_BYTES {
            self.known.clear();
            self.bytes = text.len() + ENTRY_BYTES;
        }
        self.known.insert(text.to_owned(), value.clone());
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_ever_new_texts_costs_no_more_memory() {
        let mut memo = Memo::default();
        for number in 0..100_000 {
            assert_eq!(memo.keep(&number.to_string(), number), number);
        }
        assert!(memo.known.len() < MAX_BYTES / ENTRY_BYTES);
        assert_eq!((memo.get("99999"), memo.get("0")), (Some(99_999), None));
    }
}
