//! Names of files as people gave them: shown, stored and offered for download, never part of a path or key.

use std::fmt::{self, Write as _};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::visible_line;

/// A name that is safe to show: one line, no path, no control or direction-changing characters, 1..=300 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(into = "String", try_from = "String")]
pub struct FileName(String);

/// Why a text is not taken as a file name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidFileName {
    #[error("a file name has at least one printable character")]
    Empty,
    #[error("a file name has at most 300 characters")]
    TooLong,
}

impl FileName {
    /// Longest name taken, in characters: longer than any file system allows, short enough for a subject line.
    pub const MAX_CHARS: usize = 300;

    /// Takes the last component of a path and drops what could mislead a reader or break a header.
    ///
    /// # Errors
    /// When the text is longer than [`Self::MAX_CHARS`], or nothing printable is left.
    pub fn new(text: &str) -> Result<Self, InvalidFileName> {
        if text.chars().count() > Self::MAX_CHARS {
            return Err(InvalidFileName::TooLong);
        }
        let name = display_name(text);
        if name.is_empty() { Err(InvalidFileName::Empty) } else { Ok(Self(name)) }
    }

    /// A name for a file that is already there, whatever it is called: cut to length, `file` when nothing is left.
    #[must_use]
    pub fn lossy(text: &str) -> Self {
        let name: String = display_name(text).chars().take(Self::MAX_CHARS).collect();
        if name.is_empty() { Self("file".to_owned()) } else { Self(name) }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Value of a `Content-Disposition` header that downloads under this name (RFC 6266): ASCII only, with the
    /// full name in the extended parameter.
    #[must_use]
    pub fn content_disposition(&self) -> String {
        let plain: String = self
            .0
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || " ._-()+".contains(c) { c } else { '_' })
            .collect();
        let mut header = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''");
        for byte in self.0.bytes() {
            if byte.is_ascii_alphanumeric() || b"._-".contains(&byte) {
                header.push(char::from(byte));
            } else {
                // Writing to a String cannot fail.
                let _ = write!(header, "%{byte:02X}");
            }
        }
        header
    }
}

/// The last path component without characters that a reader cannot see.
fn display_name(text: &str) -> String {
    let last = text.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or_default();
    let visible = visible_line(last);
    let name = visible.trim();
    if name.chars().all(|c| c == '.') { String::new() } else { name.to_owned() }
}

impl TryFrom<String> for FileName {
    type Error = InvalidFileName;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(&text)
    }
}

impl From<FileName> for String {
    fn from(name: FileName) -> Self {
        name.0
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(text: &str) -> String {
        FileName::new(text).unwrap().to_string()
    }

    #[test]
    fn only_the_last_component_of_a_path_is_kept() {
        assert_eq!(name("../../etc/passwd"), "passwd");
        assert_eq!(name(r"C:\fakepath\March 2026.xlsx"), "March 2026.xlsx");
        assert_eq!(name("folder/"), "folder");
    }

    #[test]
    fn control_and_direction_characters_are_dropped() {
        assert_eq!(name("sales\r\nBcc: x@y\0.csv"), "salesBcc: x@y.csv");
        assert_eq!(name("evil\u{202E}xslx.exe"), "evilxslx.exe");
        assert_eq!(name("Übersicht 👩‍🔬.xlsx"), "Übersicht 👩‍🔬.xlsx");
    }

    #[test]
    fn a_name_of_nothing_or_of_more_than_300_characters_is_refused() {
        assert_eq!(FileName::new("\u{7}"), Err(InvalidFileName::Empty));
        assert_eq!(FileName::new(".."), Err(InvalidFileName::Empty));
        assert_eq!(FileName::new(&"é".repeat(301)), Err(InvalidFileName::TooLong));
        assert!(FileName::new(&"é".repeat(300)).is_ok());
        assert_eq!(FileName::lossy("/").as_str(), "file");
    }

    #[test]
    fn a_download_keeps_the_whole_name_beside_an_ascii_one() {
        assert_eq!(
            FileName::lossy("Ré\"sumé;1.csv").content_disposition(),
            "attachment; filename=\"R__sum__1.csv\"; filename*=UTF-8''R%C3%A9%22sum%C3%A9%3B1.csv"
        );
    }

    proptest! {
        #[test]
        fn whatever_comes_in_the_name_is_one_line_and_the_header_is_ascii(text in "\\PC{0,20}[\\x00-\\x7f]{0,20}.{0,20}") {
            let name = FileName::lossy(&text);
            prop_assert!(!name.as_str().chars().any(|c| c.is_control() || c == '/' || c == '\\'));
            prop_assert!(name.content_disposition().bytes().all(|b| (b' '..=b'~').contains(&b)));
            prop_assert_eq!(FileName::new(name.as_str()), Ok(name.clone()));
        }
    }
}
