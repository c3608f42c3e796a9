//! Text from outside on its way to a reader.

/// The text as one line without characters that a reader cannot see.
///
/// Dropped are controls (so no header can be broken), direction overrides (they make `exe.xslx` look like `xlsx.exe`),
/// line separators and zero-width marks. The joiner of emoji stays.
#[must_use]
pub fn visible_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && !is_invisible(*c)).collect()
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}
