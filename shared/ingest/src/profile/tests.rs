use super::{shipped::SHIPPED, *};

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

fn demo() -> Profile {
    Profile::from_toml(GOOD).unwrap()
}

#[test]
fn a_profile_survives_json_and_toml() {
    for profile in Profiles::shipped().unwrap().iter() {
        assert_eq!(Profile::from_json(&profile.to_json()).unwrap(), *profile);
        assert_eq!(Profile::from_toml(&profile.to_toml()).unwrap(), *profile, "{}", profile.to_toml());
    }
}

#[test]
fn what_is_wrong_with_an_imported_profile_is_pointed_at() {
    for (from, to, pointer) in [
        ("vendor = \"demo\"", "vendor = \"De mo\"", "/vendor"),
        ("from = \"date\"", "from = \"moon\"", "/layouts/0/period/from"),
        ("[\"day\"]", "[1]", "/layouts/0/tables/0/columns"),
        ("cut = \"main\"", "cut = \"store\"", "/layouts/0"),
        ("[\"pieces\"]", "[\"Total \"]", "/layouts/0/tables/0"),
        ("version = 3", "version = = 3", ""),
    ] {
        let invalid = Profile::from_toml(&GOOD.replace(from, to)).unwrap_err();
        assert_eq!(invalid.pointer, pointer, "{invalid}");
    }
}

#[test]
fn a_lesson_stands_beside_other_layouts_and_in_the_place_of_one_for_the_same_file() {
    let known = demo();
    assert_eq!(known.taught(&demo()), None);
    let other = Profile::from_toml(&GOOD.replace("[\"day\"]", "[\"jour\"]")).unwrap();
    let taught = known.taught(&other).unwrap();
    assert_eq!(taught.layout_names().collect::<Vec<_>>(), ["flat", "flat 2"]);
    let corrected =
        Profile::from_toml(&GOOD.replace("quantity = [\"pieces\"]", "discount = [\"pieces\"]")).unwrap();
    let taught = taught.taught(&corrected).unwrap();
    assert_eq!(taught.layout_names().collect::<Vec<_>>(), ["flat 2", "flat"]);
    assert_eq!(taught.layouts[1], corrected.layouts[0]);
}

#[test]
fn layouts_of_other_terms_are_not_kept_beside_a_lesson() {
    let pounds = Profile::from_toml(&GOOD.replace("EUR", "GBP")).unwrap();
    assert_eq!(demo().taught(&pounds), Some(pounds));
}
