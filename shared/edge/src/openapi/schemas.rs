//! The schemas of all types, each under one name.

use std::collections::BTreeMap;

use schemars::{Schema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

/// Makes the schema of a type: `SchemaGenerator::subschema_for::<T>`.
pub type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

const PLACE: &str = "#/components/schemas/";

/// What a type is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// A body that is read.
    Read,
    /// An answer; what is optional in it differs from what a reader may leave out.
    Written,
    /// Taken apart into parameters, so it has no name.
    Parameters,
}

/// Schemas by name.
#[derive(Debug, Default)]
pub(super) struct Schemas {
    named: BTreeMap<String, Value>,
    /// What a type calls itself, and what it stands for with all references followed: two types of one name are told apart by
    /// that, by the name they got.
    meanings: BTreeMap<String, (String, Value)>,
}

impl Schemas {
    /// The schema of a type of this operation; what it refers to is kept under `components`.
    pub(super) fn of(&mut self, operation: &str, schema: SchemaOf, used: Use) -> Value {
        let settings = SchemaSettings::draft2020_12().with(|settings| {
            settings.meta_schema = None;
            settings.definitions_path = "/components/schemas".into();
            settings.inline_subschemas = used == Use::Parameters;
        });
        let settings = match used {
            Use::Read | Use::Parameters => settings.for_deserialize(),
            Use::Written => settings.for_serialize(),
        };
        let mut generator = settings.into_generator();
        let mut root = Value::from(schema(&mut generator));
        let mut defined = generator.take_definitions(false);
        plain_numbers(&mut root);
        defined.values_mut().for_each(plain_numbers);
        let names = self.name(operation, &defined);
        for (name, mut schema) in defined {
            rename(&mut schema, &names);
            if let Some(name) = names.get(&name) {
                self.named.insert(name.clone(), schema);
            }
        }
        rename(&mut root, &names);
        root
    }

    /// What a reference stands for; anything else stands for itself.
    pub(super) fn follow<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let name = schema["$ref"].as_str().and_then(|place| place.strip_prefix(PLACE));
        name.and_then(|name| self.named.get(name)).unwrap_or(schema)
    }

    pub(super) fn into_components(self) -> Map<String, Value> {
        self.named.into_iter().collect()
    }

    /// A name for each definition: its own, unless it only means something beside its route, or another type has that name.
    fn name(&mut self, operation: &str, defined: &Map<String, Value>) -> BTreeMap<String, String> {
        let mut names = BTreeMap::new();
        for (name, schema) in defined {
            let meaning = expand(schema, defined, 0);
            let chosen = self.chosen(operation, name, &meaning);
            let own = name.strip_suffix("View").unwrap_or(name).to_owned();
            self.meanings.insert(chosen.clone(), (own, meaning));
            names.insert(name.clone(), chosen);
        }
        names
    }

    fn chosen(&self, operation: &str, name: &str, meaning: &Value) -> String {
        let name = name.strip_suffix("View").unwrap_or(name);
        let same = |(_, (own, known)): &(&String, &(String, Value))| own == name && known == meaning;
        if let Some((known, _)) = self.meanings.iter().find(same) {
            return known.clone();
        }
        if !is_local(name) && !self.meanings.contains_key(name) {
            return name.to_owned();
        }
        let local = local_name(operation, name);
        let numbered = (2..).map(|number| format!("{local}{number}"));
        let free = |name: &String| !self.meanings.contains_key(name);
        std::iter::once(local.clone()).chain(numbered).find(free).unwrap_or(local)
    }
}

/// Names that say something beside their route alone; what a type is called less `View` says.
const LOCAL: [&str; 24] = [
    "",
    "List",
    "Row",
    "Rows",
    "Body",
    "Query",
    "Item",
    "Answer",
    "Given",
    "Made",
    "Known",
    "Found",
    "Expected",
    "Confirmed",
    "Detailed",
    "Reason",
    "Source",
    "Subject",
    "Effect",
    "Key",
    "User",
    "Cell",
    "Line",
    "Total",
];

fn is_local(name: &str) -> bool {
    LOCAL.contains(&name.trim_end_matches(|c: char| c.is_ascii_digit()))
}

/// `uploads-list` and `Row` make `UploadsListRow`; its `View` is `UploadsList`.
fn local_name(operation: &str, name: &str) -> String {
    let mut words = String::new();
    for word in operation.split('-') {
        let (first, rest) = word.split_at(word.len().min(1));
        words.push_str(&first.to_ascii_uppercase());
        words.push_str(rest);
    }
    if words.ends_with(name) { words } else { format!("{words}{name}") }
}

/// A schema with its references followed, down to a depth that no sensible type has.
fn expand(schema: &Value, defined: &Map<String, Value>, depth: u8) -> Value {
    match schema {
        Value::Object(members) => {
            let target =
                members.get("$ref").and_then(Value::as_str).and_then(|place| place.strip_prefix(PLACE));
            let mut expanded: Map<String, Value> = members
                .iter()
                .filter(|(key, _)| *key != "$ref")
                .map(|(key, value)| (key.clone(), expand(value, defined, depth)))
                .collect();
            if let Some(target) = target.and_then(|name| defined.get(name))
                && depth < 8
            {
                expanded.insert("$ref".into(), expand(target, defined, depth + 1));
            }
            Value::Object(expanded)
        }
        Value::Array(items) => items.iter().map(|item| expand(item, defined, depth)).collect(),
        other => other.clone(),
    }
}

fn rename(schema: &mut Value, names: &BTreeMap<String, String>) {
    match schema {
        Value::Object(members) => {
            for (key, value) in members {
                match value {
                    Value::String(place) if key == "$ref" => {
                        let name = place.strip_prefix(PLACE).and_then(|name| names.get(name));
                        if let Some(name) = name {
                            *place = format!("{PLACE}{name}");
                        }
                    }
                    _ => rename(value, names),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, names)),
        _ => {}
    }
}

/// Decimals are read from texts alone here, and never written with an exponent; formats that only Rust knows are left out.
fn plain_numbers(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            let decimal = members
                .get("pattern")
                .and_then(Value::as_str)
                .is_some_and(|pattern| pattern.starts_with(r"^-?\d+(\.\d+)?"));
            if decimal {
                let kinds = members.get("type").and_then(Value::as_array);
                let nullable = kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind == "null"));
                let kind = if nullable { json!(["string", "null"]) } else { json!("string") };
                members.insert("type".into(), kind);
                members.insert("pattern".into(), r"^-?\d+(\.\d+)?$".into());
                members.insert("format".into(), "decimal".into());
            }
            if members.get("format").and_then(Value::as_str).is_some_and(|format| format.starts_with("uint"))
            {
                members.remove("format");
            }
            members.values_mut().for_each(plain_numbers);
        }
        Value::Array(items) => items.iter_mut().for_each(plain_numbers),
        _ => {}
    }
}
