//! How people may be called and addressed.

/// Longest name of an organisation or a person, in characters.
const NAME_CHARS_MAX: usize = 200;
/// Longest address, by RFC 5321.
const EMAIL_LEN_MAX: usize = 254;

/// 1 to 200 printable characters.
#[must_use]
pub fn is_name(name: &str) -> bool {
    (1..=NAME_CHARS_MAX).contains(&name.chars().count()) && !name.chars().any(char::is_control)
}

/// Plain ASCII addresses: one `@`, a dotted domain, no blanks. Whether it exists shows when mail is sent.
#[must_use]
pub fn is_email(email: &str) -> bool {
    let Some((local, domain)) = email.split_once('@') else { return false };
    email.len() <= EMAIL_LEN_MAX
        && email.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | ',' | ';' | '\\'))
        && !local.is_empty()
        && !domain.contains('@')
        && domain.contains('.')
        && domain.split('.').all(|label| !label.is_empty())
}
