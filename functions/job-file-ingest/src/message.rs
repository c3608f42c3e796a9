//! What arrives in the queue: notifications of S3, and our own wish to have an upload read or a profile tested.

use chrono::{DateTime, Utc};
use domain::{IngestRequested, OrgId, ProfileTestRequested, UploadId};
use serde::Deserialize;

/// The body of a queue message.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Message {
    Requested(IngestRequested),
    ProfileTest(ProfileTestRequested),
    Notification {
        #[serde(rename = "Records")]
        records: Vec<Record>,
    },
    /// Sent once by S3 when notifications are set up.
    Test {
        #[serde(rename = "Event")]
        event: TestEvent,
    },
}

/// The one event that stands alone.
#[derive(Debug, Clone, Deserialize)]
pub enum TestEvent {
    #[serde(rename = "s3:TestEvent")]
    Test,
}

/// One event of a notification, as far as it matters here.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    pub event_name: String,
    pub event_time: DateTime<Utc>,
    s3: Entity,
}

#[derive(Debug, Clone, Deserialize)]
struct Entity {
    object: Object,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Object {
    /// Encoded as in an HTML form: `+` is a space.
    key: String,
    #[serde(default)]
    size: u64,
    #[serde(default)]
    e_tag: String,
    #[serde(default)]
    sequencer: String,
}

/// What an object is to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// The bytes of an upload that was announced.
    Announced { org: OrgId, upload: UploadId },
    /// A file that a partner dropped.
    Drop { slug: String, key: String, file_name: String },
    /// Not for us.
    Other,
}

impl Record {
    /// Whether an object was written; other events say nothing about files to read.
    pub(crate) fn is_created(&self) -> bool {
        self.event_name.trim_start_matches("s3:").starts_with("ObjectCreated:")
    }

    pub(crate) fn size_bytes(&self) -> u64 {
        self.s3.object.size
    }

    /// Which write of the object this is about: the same for every delivery of the event, another one when a file
    /// of the same name is dropped again.
    pub(crate) fn identity(&self) -> String {
        let Object { size, e_tag, sequencer, .. } = &self.s3.object;
        if sequencer.is_empty() {
            format!("{e_tag}/{size}/{}", self.event_time.timestamp_micros())
        } else {
            format!("{e_tag}/{size}/{sequencer}")
        }
    }

    pub(crate) fn target(&self) -> Target {
        let Some(key) = decoded(&self.s3.object.key) else { return Target::Other };
        let mut parts = key.splitn(3, '/');
        match (parts.next(), parts.next(), parts.next()) {
            (Some("uploads"), Some(org), Some(upload)) => match (org.parse(), upload.parse()) {
                (Ok(org), Ok(upload)) => Target::Announced { org, upload },
                _ => Target::Other,
            },
            // A key that ends with a slash is a folder somebody made by hand.
            (Some("drops"), Some(slug), Some(name)) if !name.is_empty() && !name.ends_with('/') => {
                Target::Drop { slug: slug.to_owned(), file_name: name.to_owned(), key: key.clone() }
            }
            _ => Target::Other,
        }
    }
}

/// Decodes `%XX` and `+`; `None` when the result is not UTF-8.
fn decoded(key: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(key.len());
    let mut rest = key.as_bytes();
    while let [first, tail @ ..] = rest {
        let escape = tail.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match (first, escape.and_then(|digits| u8::from_str_radix(digits, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            (b'+', _) => {
                bytes.push(b' ');
                rest = tail;
            }
            (byte, _) => {
                bytes.push(*byte);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(key: &str) -> Target {
        let object = Object { key: key.to_owned(), size: 1, e_tag: String::new(), sequencer: String::new() };
        let event_time = DateTime::UNIX_EPOCH;
        Record { event_name: "ObjectCreated:Put".to_owned(), event_time, s3: Entity { object } }.target()
    }

    #[test]
    fn a_key_is_decoded_like_a_form_before_it_is_taken_apart() {
        let drop = |name: &str| Target::Drop {
            slug: "aveline".to_owned(),
            key: format!("drops/aveline/{name}"),
            file_name: name.to_owned(),
        };
        assert_eq!(target("drops/aveline/March+2026+%281%29.xlsx"), drop("March 2026 (1).xlsx"));
        assert_eq!(target("drops/aveline/caf%C3%A9+%2B+bar.csv"), drop("café + bar.csv"));
        assert_eq!(target("drops/aveline/100%.csv"), drop("100%.csv"));
        assert_eq!(target("drops/aveline/2026/03/a.csv"), drop("2026/03/a.csv"));
    }

    #[test]
    fn keys_that_are_neither_an_upload_nor_a_drop_are_not_for_us() {
        for key in [
            "",
            "readme.txt",
            "drops/aveline/",
            "drops/aveline/folder/",
            "drops/x",
            "uploads/1/2",
            "drops/a/%FF",
        ] {
            assert_eq!(target(key), Target::Other, "{key}");
        }
    }
}
