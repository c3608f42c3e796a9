//! A retailer that nobody knows: asked once, then its files load by themselves, for this organisation alone.

use e2e::{Account, Stack};
use reqwest::Method;
use serde_json::{Value, json};

const MARCH: &str = "Data vendita;Codice EAN;Articolo;Pezzi;Venduto EUR\n\
    02/03/2026;4006381333931;Radio Child 100ml;2;190,00\n\
    14/03/2026;4006381333931;Radio Child 100ml;1;95,00\n\
    31/03/2026;5901234123457;Dark Purple 50ml;3;255,00\n";
const APRIL: &str = "Data vendita;Codice EAN;Articolo;Pezzi;Venduto EUR\n\
    03/04/2026;4006381333931;Radio Child 100ml;4;380,00\n\
    28/04/2026;5901234123457;Dark Purple 50ml;1;85,00\n";
const MAY: &str = "Data vendita;Codice EAN;Articolo;Pezzi;Venduto EUR\n\
    04/05/2026;4006381333931;Radio Child 100ml;1;95,00\n\
    30/05/2026;5901234123457;Dark Purple 50ml;2;170,00\n";

/// Every open question of an upload with its first offer; the vendor as a person would write it.
fn answers(upload: &Value) -> Value {
    let questions = upload["questions"].as_array().unwrap();
    let answer = |question: &Value| {
        let value = if question["id"] == "vendor" {
            json!("Acme Italia")
        } else {
            question["options"][0]["value"].clone()
        };
        json!({ "id": question["id"], "value": value })
    };
    questions.iter().map(answer).collect()
}

async fn sums(account: &Account) -> (usize, Vec<String>) {
    let rows = account.all("/v1/sales?vendor=acme_italia").await.unwrap();
    let mut amounts: Vec<String> =
        rows.iter().map(|row| row["amount_local"].as_str().unwrap().to_owned()).collect();
    amounts.sort();
    (rows.len(), amounts)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_layout_is_asked_about_once_and_then_loads_by_itself() {
    let stack = Stack::from_env().unwrap();
    let account = Account::register(&stack, "Learner").await.unwrap();

    let march = account.take("vendite marzo.csv", MARCH.as_bytes()).await.unwrap();
    assert_eq!(march["status"], "needs_review", "{march:#}");
    assert!(!march["proposal"]["findings"].as_array().unwrap().is_empty(), "{march:#}");
    let id = march["id"].as_str().unwrap();
    let body = json!({ "answers": answers(&march), "remember": true });
    let answered = account.post(&format!("/v1/uploads/{id}/answers"), &body).await.unwrap();
    assert_eq!(answered.status, 202, "{answered:?}");
    let march = account.finished(id).await.unwrap();
    assert_eq!(
        (&march["status"], &march["vendor"]),
        (&json!("completed"), &json!("acme_italia")),
        "{march:#}"
    );
    assert_eq!(sums(&account).await, (3, ["190.00", "255.00", "95.00"].map(str::to_owned).to_vec()));

    let april = account.take("vendite aprile.csv", APRIL.as_bytes()).await.unwrap();
    assert_eq!(
        (&april["status"], &april["layout"]),
        (&json!("completed"), &json!("acme_italia@1")),
        "{april:#}"
    );
    assert_eq!(sums(&account).await.0, 5);
    let undone = account.delete(&format!("/v1/uploads/{}", april["id"].as_str().unwrap())).await.unwrap();
    assert_eq!((undone.status, &undone.body["removed"]), (200, &json!(2)), "{undone:?}");
    assert_eq!(sums(&account).await.0, 3);

    let profiles = account.all("/v1/vendor-profiles?vendor=acme_italia").await.unwrap();
    assert_eq!(profiles.len(), 1, "{profiles:#?}");
    assert_eq!((&profiles[0]["origin"], &profiles[0]["active"]), (&json!("learned"), &json!(true)));
    assert_eq!(profiles[0]["back_test"]["same"], json!(1), "{profiles:#?}");

    let other = Account::register(&stack, "Bystander").await.unwrap();
    let foreign = other.take("vendite aprile.csv", APRIL.as_bytes()).await.unwrap();
    assert_eq!(foreign["status"], "needs_review", "{foreign:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_that_is_switched_off_lets_files_ask_again_and_held_ones_load_when_it_is_back() {
    let stack = Stack::from_env().unwrap();
    let account = Account::register(&stack, "Switcher").await.unwrap();
    let march = account.take("vendite marzo.csv", MARCH.as_bytes()).await.unwrap();
    let id = march["id"].as_str().unwrap();
    let body = json!({ "answers": answers(&march), "remember": true });
    account.post(&format!("/v1/uploads/{id}/answers"), &body).await.unwrap();
    assert_eq!(account.finished(id).await.unwrap()["status"], "completed");
    let profile = account.all("/v1/vendor-profiles?vendor=acme_italia").await.unwrap().remove(0);
    let path = format!("/v1/vendor-profiles/{}", profile["id"].as_str().unwrap());
    let patch = |body: Value| account.send(Method::PATCH, &path, "application/json", body.to_string());

    let off =
        patch(json!({ "version": 1, "active": false, "reason": "a new report is announced" })).await.unwrap();
    assert_eq!((off.status, &off.body["active"]), (200, &json!(false)), "{off:?}");
    let may = account.take("vendite maggio.csv", MAY.as_bytes()).await.unwrap();
    assert_eq!(may["status"], "needs_review", "{may:#}");

    let tried = account.post(&format!("{path}/test"), &json!({ "upload_id": may["id"] })).await.unwrap();
    assert_eq!((tried.status, &tried.body["would"]), (200, &json!("complete")), "{tried:?}");
    assert_eq!(tried.body["totals"][0]["amount_local"], "265.00", "{tried:?}");
    assert_eq!(sums(&account).await.0, 3, "a trial books nothing");

    let on = patch(json!({ "version": 1, "active": true })).await.unwrap();
    assert_eq!(on.status, 200, "{on:?}");
    until_active(&account, &path).await;
    let id = may["id"].as_str().unwrap();
    assert_eq!(account.post(&format!("/v1/uploads/{id}/replay"), &json!({})).await.unwrap().status, 202);
    let may = account.finished(id).await.unwrap();
    assert_eq!((&may["status"], &may["layout"]), (&json!("completed"), &json!("acme_italia@1")), "{may:#}");
}

/// Testing a profile takes a moment; a minute is far more than it needs.
async fn until_active(account: &Account, path: &str) {
    let active = async {
        while account.get(path).await.unwrap().body["active"] != true {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), active).await.expect("it was never put to use");
}
