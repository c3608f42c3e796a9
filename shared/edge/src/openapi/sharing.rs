//! What many operations say in the same words stands in the document once.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// Fewer than that stay where they are: a reader finds them there.
const TIMES_MIN: usize = 3;

/// Moves parameters and refusals that stand in several operations into `components`.
pub(super) fn share(document: &mut Value) {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for part in parts(document) {
        *times.entry(part.to_string()).or_default() += 1;
    }
    let mut shared = Shared { times, names: BTreeMap::new(), taken: BTreeMap::new() };
    for part in parts(document) {
        shared.replace(part);
    }
    for (kind, named) in shared.taken {
        document["components"][kind] = named.into();
    }
}

struct Shared {
    times: BTreeMap<String, usize>,
    /// References by what they stand for.
    names: BTreeMap<String, String>,
    taken: BTreeMap<&'static str, Map<String, Value>>,
}

impl Shared {
    fn replace(&mut self, part: &mut Value) {
        let text = part.to_string();
        if self.times.get(&text).is_none_or(|times| *times < TIMES_MIN) {
            return;
        }
        let reference = match self.names.get(&text) {
            Some(reference) => reference.clone(),
            None => {
                let (kind, name) = named(part);
                let of_kind = self.taken.entry(kind).or_default();
                let name =
                    if of_kind.contains_key(&name) { format!("{name}-{}", of_kind.len()) } else { name };
                of_kind.insert(name.clone(), part.clone());
                let reference = format!("#/components/{kind}/{name}");
                self.names.insert(text, reference.clone());
                reference
            }
        };
        *part = json!({"$ref": reference});
    }
}

/// A parameter by its name, a refusal by its codes.
fn named(part: &Value) -> (&'static str, String) {
    if let (Some(place), Some(name)) = (part["in"].as_str(), part["name"].as_str()) {
        return ("parameters", format!("{place}-{name}"));
    }
    let codes = part["content"]["application/problem+json"]["examples"].as_object().into_iter().flatten();
    ("responses", codes.map(|(code, _)| code.as_str()).collect::<Vec<_>>().join("."))
}

/// All parameters and refusals of all operations.
fn parts(document: &mut Value) -> impl Iterator<Item = &mut Value> {
    let paths = document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut);
    let operations = paths.flat_map(|path| path.as_object_mut().into_iter().flat_map(Map::values_mut));
    operations.flat_map(|operation| {
        let members = operation.as_object_mut().into_iter().flatten();
        members.flat_map(|(name, member)| match (name.as_str(), member) {
            ("parameters", Value::Array(all)) => all.iter_mut().collect::<Vec<_>>(),
            ("responses", Value::Object(all)) => all
                .values_mut()
                .filter(|answer| answer["content"].get("application/problem+json").is_some())
                .collect(),
            _ => Vec::new(),
        })
    })
}
