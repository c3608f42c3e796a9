//! Text from outside: on its way to a reader, and compared with other text.

/// The text as one line without characters that a reader cannot see.
///
/// Dropped are controls (so no header can be broken), direction overrides (they make `exe.xslx` look like `xlsx.exe`),
/// line separators and zero-width marks. The joiner of emoji stays.
#[must_use]
pub fn visible_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && !is_invisible(*c)).collect()
}

/// Lower case, blanks of every kind collapsed to one space, trimmed.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split(separates).filter(|word| !word.is_empty()) {
        if !folded.is_empty() {
            folded.push(' ');
        }
        push_lower(&mut folded, word);
    }
    folded
}

/// Letters and digits only, lower case: for product names and header words whose punctuation drifts.
#[must_use]
pub fn compact(text: &str) -> String {
    if text.is_ascii() {
        let kept = text.bytes().filter(u8::is_ascii_alphanumeric);
        return kept.map(|byte| char::from(byte.to_ascii_lowercase())).collect();
    }
    // The dotted capital of Turkish leaves its dot behind.
    text.chars().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

/// Most words are ASCII: there is one letter for each, and no table to look it up in.
fn push_lower(folded: &mut String, word: &str) {
    let from = folded.len();
    if word.is_ascii() {
        folded.push_str(word);
        if let Some(added) = folded.get_mut(from..) {
            added.make_ascii_lowercase();
        }
    } else {
        folded.extend(word.chars().flat_map(char::to_lowercase));
    }
}

/// Blanks, and characters that no reader sees: byte order mark, zero-width space and joiners, soft hyphen.
fn separates(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{ad}')
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}
