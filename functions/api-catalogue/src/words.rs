//! Words of people about vendors, products and stores.

use edge::FieldError;

pub(crate) const VENDOR_CHARS_MAX: usize = 64;
pub(crate) const NAME_CHARS_MAX: usize = 500;

/// The word without the blanks around it; what is wrong with it is noted.
pub(crate) fn check<'a>(
    pointer: &str,
    word: &'a str,
    chars_max: usize,
    fields: &mut Vec<FieldError>,
) -> &'a str {
    let word = word.trim();
    if word.is_empty() {
        fields.push(FieldError::new(pointer, "required", "This must not be empty."));
    } else if word.chars().count() > chars_max {
        fields.push(FieldError::new(
            pointer,
            "too_long",
            format!("This has at most {chars_max} characters."),
        ));
    } else if word.contains('\0') {
        fields.push(FieldError::new(pointer, "invalid", "This holds a NUL character."));
    }
    word
}
