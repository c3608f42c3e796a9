//! Lists of permissions in bodies.

use edge::{FieldError, Permission, Principal};

/// Permissions as given, sorted, each once; what is wrong with them is added to `fields`.
pub(crate) fn checked(
    given: &[String],
    caller: &Principal,
    pointer: &str,
    fields: &mut Vec<FieldError>,
) -> Vec<String> {
    for (index, word) in given.iter().enumerate() {
        let pointer = format!("{pointer}/{index}");
        match word.parse::<Permission>() {
            Err(_) => fields.push(FieldError::new(pointer, "unknown", "There is no such permission.")),
            Ok(permission) if !caller.may(permission) => {
                let message = "Nobody gives a permission that they do not have.";
                fields.push(FieldError::new(pointer, "not_yours", message));
            }
            Ok(_) => {}
        }
    }
    let mut words = given.to_vec();
    words.sort_unstable();
    words.dedup();
    words
}
