use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::*;
use crate::{Permission, page::Page};

mod other {
    use super::*;

    /// Another type of the same name.
    #[derive(Serialize, JsonSchema)]
    pub(super) struct Price {
        pub(super) cents: u32,
    }
}

#[derive(Serialize, JsonSchema)]
struct Price {
    /// In euro.
    amount: Decimal,
}

#[derive(Serialize, JsonSchema)]
struct Row {
    name: String,
    price: Price,
}

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only its schema is used")]
struct Query {
    vendor: Option<String>,
    limit: u32,
}

fn operations() -> Vec<Operation> {
    vec![
        Operation::new("prices-list", "GET /v1/prices", "Lists prices")
            .needs(&[Permission::SalesRead])
            .query::<Query>()
            .revalidated()
            .ok::<Page<Row>>(),
        Operation::new("prices-get", "GET /v1/prices/{id}", "Reads a price").ok::<Row>(),
        Operation::new("prices-change", "PATCH /v1/prices/{id}", "Changes a price")
            .for_people()
            .body::<other::Price>()
            .if_match()
            .no_content(),
        Operation::new("health-get", "GET /v1/health", "Says whether all is well")
            .for_anybody()
            .ok::<other::Price>(),
    ]
}

fn written() -> Value {
    document(Info { title: "Shelfline", version: "1", description: "What it is." }, &operations())
}

#[test]
fn a_document_says_what_the_routes_say() {
    let document = written();
    let list = &document["paths"]["/v1/prices"]["get"];
    insta::assert_json_snapshot!(
        "operation",
        json!({
            "parameters": list["parameters"],
            "answer": list["responses"]["200"],
            "refusal": list["responses"]["403"],
        "parameters of all": document["components"]["parameters"],
            "permissions": list["x-permissions"],
            "schemas": document["components"]["schemas"],
        })
    );
}

#[test]
fn the_order_of_routes_changes_nothing() {
    let mut turned = operations();
    turned.reverse();
    let info = Info { title: "Shelfline", version: "1", description: "What it is." };
    assert_eq!(document(info, &turned).to_string(), written().to_string());
}

#[test]
fn every_reference_leads_somewhere() {
    fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str));
                members.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let document = written();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 10, "{found:?}");
    for place in found {
        assert!(document.pointer(place.trim_start_matches('#')).is_some(), "{place}");
    }
}

#[test]
fn types_of_one_name_stay_apart() {
    let document = written();
    let schemas = &document["components"]["schemas"];
    let kept: Vec<&String> =
        schemas.as_object().unwrap().keys().filter(|name| name.contains("Price")).collect();
    assert_eq!(kept, ["Price", "PricesListPrice", "PricesListRow"]);
    let row =
        document["paths"]["/v1/prices"]["get"]["responses"]["200"]["content"]["application/json"]["example"]
            .clone();
    assert_eq!(row["data"][0]["price"]["amount"], "1234.56");
}
