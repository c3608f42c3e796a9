//! Lists: `limit`, an opaque `cursor`, and the `{data, next_cursor}` envelope.

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{ApiError, FieldError};

/// How many items a page holds: 1..=100, 50 without a wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u32")]
pub struct Limit(u32);

const LIMIT_MAX: u32 = 100;
const LIMIT_DEFAULT: u32 = 50;

impl Limit {
    #[must_use]
    pub fn get(self) -> usize {
        self.0 as usize
    }

    /// One more than the page holds: how many rows to ask for, to see whether another page follows.
    #[must_use]
    pub fn probe(self) -> u32 {
        self.0 + 1
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(LIMIT_DEFAULT)
    }
}

impl JsonSchema for Limit {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Limit".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT_DEFAULT})
    }
}

impl TryFrom<u32> for Limit {
    type Error = &'static str;

    fn try_from(limit: u32) -> Result<Self, Self::Error> {
        if (1..=LIMIT_MAX).contains(&limit) { Ok(Self(limit)) } else { Err("limit is 1 to 100") }
    }
}

/// The query of a list that has no filters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    #[serde(default)]
    pub limit: Limit,
    pub cursor: Option<String>,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Page<T> {
    pub data: Vec<T>,
    /// `null` on the last page.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// Makes a page of rows fetched with `limit.probe()`; `key` names the place after a row.
    pub fn new<K: Serialize>(mut rows: Vec<T>, limit: Limit, key: impl FnOnce(&T) -> K) -> Self {
        let more = rows.len() > limit.get();
        rows.truncate(limit.get());
        let next_cursor = rows.last().filter(|_| more).map(|last| encode(&key(last)));
        Self { data: rows, next_cursor }
    }

    /// The same page with other items, for example the API's view of database rows.
    pub fn map<U>(self, view: impl FnMut(T) -> U) -> Page<U> {
        Page { data: self.data.into_iter().map(view).collect(), next_cursor: self.next_cursor }
    }
}

/// Reads a cursor that `Page::new` wrote.
///
/// # Errors
/// 400 `invalid_cursor` for any other text.
pub fn decode<K: DeserializeOwned>(cursor: Option<&str>) -> Result<Option<K>, ApiError> {
    let Some(cursor) = cursor else { return Ok(None) };
    let key = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    key.map(Some).ok_or_else(|| {
        let message = "A cursor is the next_cursor of an earlier answer, unchanged.";
        ApiError::bad_request("invalid_cursor", message).with_fields(vec![FieldError::new(
            "cursor",
            "invalid_cursor",
            message,
        )])
    })
}

fn encode<K: Serialize>(key: &K) -> String {
    // A key is a tuple of plain values: it always serialises.
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn limits_lie_between_1_and_100_and_default_to_50() {
        assert_eq!(Limit::default().get(), 50);
        assert_eq!(Limit::try_from(100).unwrap().probe(), 101);
        assert!(Limit::try_from(0).is_err());
        assert!(Limit::try_from(101).is_err());
    }

    #[test]
    fn the_last_page_has_no_cursor() {
        let limit = Limit::try_from(3).unwrap();
        assert_eq!(Page::new(vec![1, 2, 3], limit, |n| *n).next_cursor, None);
        assert_eq!(Page::new(Vec::<i32>::new(), limit, |n| *n).next_cursor, None);
        let page = Page::new(vec![1, 2, 3, 4], limit, |n| *n);
        assert_eq!(page.data, [1, 2, 3]);
        assert_eq!(decode::<i32>(page.next_cursor.as_deref()).unwrap(), Some(3));
    }

    #[test]
    fn a_foreign_cursor_is_a_bad_request_that_names_the_parameter() {
        for cursor in ["", "x", "eyJhIjoxfQ", "../../etc/passwd", "W10"] {
            let error = decode::<(i64, String)>(Some(cursor)).unwrap_err();
            assert_eq!((error.status().as_u16(), error.fields()[0].pointer.as_str()), (400, "cursor"));
        }
    }

    proptest! {
        #[test]
        fn cursors_read_back(number: i64, text: String) {
            let cursor = encode(&(number, &text));
            prop_assert_eq!(decode::<(i64, String)>(Some(&cursor)).unwrap(), Some((number, text)));
        }
    }
}
