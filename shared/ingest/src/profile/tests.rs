use super::*;

const GOOD: &str = r#"
vendor = "demo"
name = "Demo"
version = 3
currency = "EUR"
vat_included = true

[[layouts]]
name = "flat"
document = "snapshot"
period = { from = "date" }

[[layouts.tables]]
cut = "main"
required = ["date", "amount"]
columns = { date = ["day"], amount = ["total"], quantity = ["pieces"] }
"#;

fn problem(text: &str) -> String {
    let error = Profiles::parse([("demo", text)]).unwrap_err();
    let source = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
    format!("{error}: {source}")
}

#[test]
fn shipped_profiles_fit_the_schema() {
    let profiles = Profiles::shipped().unwrap();
    assert_eq!(profiles.iter().count(), SHIPPED.len());
    assert!(SHIPPED.iter().all(|(name, _)| profiles.find(name).is_some()), "a file is named like its vendor");
    assert_eq!(profiles.find("liberty").unwrap().layout_id(), "liberty@1");
}

#[test]
fn a_vendor_is_added_by_a_profile_alone() {
    let profiles = Profiles::parse([("demo", GOOD)]).unwrap();
    assert_eq!(profiles.find("demo").unwrap().layout_id(), "demo@3");
}

#[test]
fn profiles_that_contradict_themselves_are_refused_with_the_reason() {
    for (from, to, reason) in [
        ("version = 3", "version = 3\ncolour = 1", "unknown field `colour`"),
        ("vendor = \"demo\"", "vendor = \"Demo\"", "not lower case"),
        ("cut = \"main\"", "cut = \"store\"", "has the cut \"main\""),
        ("from = \"date\"", "from = \"year_and_month\"", "the period needs the column Year"),
        ("[\"date\", \"amount\"]", "[\"date\"]", "requires a quantity or an amount"),
        ("[\"date\", \"amount\"]", "[\"date\", \"amount\", \"ean\"]", "Ean has no header words"),
        ("[\"pieces\"]", "[\"Total \"]", "stands for"),
        ("[\"pieces\"]", "[\"€\"]", "has no letters"),
        ("document = \"snapshot\"", "document = \"snapshot\"\ngeneric = true", "needs file_words"),
        ("currency = \"EUR\"", "currency = \"euro\"", "three letters"),
    ] {
        let text = GOOD.replace(from, to);
        assert!(problem(&text).contains(reason), "{reason}: {}", problem(&text));
    }
    let twice = Profiles::parse([("demo", GOOD), ("demo again", GOOD)]).unwrap_err();
    assert!(twice.to_string().contains("has a profile already"));
}
