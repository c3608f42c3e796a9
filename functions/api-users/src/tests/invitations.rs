//! Inviting, and reading who there is.

use serde_json::json;

use super::*;

fn ana() -> Value {
    json!({ "email": " Ana@Aveline.example ", "role": "analyst", "full_name": " Ana Lima " })
}

#[tokio::test]
async fn an_invited_user_is_shown_and_gets_a_mail_that_holds_no_token() {
    let setting = Setting::new().await;
    let response = setting.invite(&setting.owner, &ana()).await;
    assert_eq!((response.status, response.header("etag")), (201, Some("\"1\"")));
    let view = response.json();
    insta::assert_json_snapshot!(view, { ".id" => "[uuid]", ".created_at" => "[time]" });
    assert_eq!(setting.woken(), 1);
    let mail: (String, String, Value) = sqlx::query_as("SELECT type, recipient, payload FROM email_logs")
        .fetch_one(setting.database.admin())
        .await
        .unwrap();
    assert_eq!((mail.0.as_str(), mail.1.as_str()), ("invitation", "ana@aveline.example"));
    let payload =
        json!({ "user_id": id(&view), "organization": "aveline", "invited_by": setting.owner.email });
    assert_eq!(mail.2, payload);
    assert_eq!(setting.get(&setting.owner, id(&view)).await.json(), view);
    let listed = setting.list(&setting.owner, "").await.json();
    assert_eq!((&listed["data"][0], listed["data"].as_array().unwrap().len()), (&view, 2));
}

#[tokio::test]
async fn a_known_address_is_refused_in_whichever_organisation() {
    let setting = Setting::new().await;
    setting.database.seed("rival").await;
    for email in [setting.owner.email.as_str(), "OWNER@rival.example"] {
        let response = setting.invite(&setting.owner, &json!({ "email": email, "role": "viewer" })).await;
        assert_eq!((response.status, &response.json()["code"]), (409, &json!("email_taken")), "{email}");
    }
    assert_eq!(setting.woken(), 0);
    assert_eq!(setting.count("SELECT count(*) FROM email_logs").await, 0);
}

#[tokio::test]
async fn a_body_that_cannot_be_used_names_its_fields() {
    let setting = Setting::new().await;
    for (body, pointer) in [
        (json!({ "email": "nobody", "role": "viewer" }), "/email"),
        (json!({ "email": "a@b.example\r\nBcc: x@y.example", "role": "viewer" }), "/email"),
        (json!({ "email": "a@b.example", "role": "root" }), "/role"),
        (json!({ "email": "a@b.example" }), "/role"),
        (json!({ "email": "a@b.example", "role": "viewer", "full_name": "a\u{0}b" }), "/full_name"),
        (json!({ "email": "a@b.example", "role": "viewer", "password": "x" }), "/password"),
    ] {
        let response = setting.invite(&setting.owner, &body).await;
        let told = (response.status, &response.json()["fields"][0]["pointer"]);
        assert_eq!(told, (422, &json!(pointer)), "{body}");
    }
}

#[tokio::test]
async fn nobody_invites_above_the_own_role() {
    let setting = Setting::new().await;
    let admin = setting.user("admin", "admin").await;
    let invited = async |role: &str| {
        let body = json!({ "email": format!("{role}@new.example"), "role": role });
        setting.invite(&admin, &body).await.status
    };
    assert_eq!(invited("owner").await, 403);
    for role in ["admin", "analyst", "viewer"] {
        assert_eq!(invited(role).await, 201, "{role}");
    }
    for role in ["analyst", "viewer"] {
        let caller = setting.user(role, role).await;
        assert_eq!(setting.invite(&caller, &ana()).await.status, 403);
        assert_eq!(setting.list(&caller, "").await.status, 403);
        assert_eq!(setting.get(&caller, admin.user_id).await.status, 403);
    }
}

/// The authorizer's answer is kept for minutes: the role it told may be the one before.
#[tokio::test]
async fn the_callers_role_is_that_of_today() {
    let setting = Setting::new().await;
    let former = setting.user("former", "viewer").await;
    let caller = Principal { user_id: former.user_id, ..setting.owner.clone() };
    assert_eq!(setting.invite(&caller, &ana()).await.status, 403);
    setting.execute("UPDATE users SET disabled_at = now(), role = 'owner' WHERE role = 'viewer'").await;
    assert_eq!(setting.invite(&caller, &ana()).await.status, 403);
    assert_eq!(setting.count("SELECT count(*) FROM users").await, 2);
}

#[tokio::test]
async fn the_same_idempotency_key_invites_once() {
    let setting = Setting::new().await;
    let send = async |body: Value| {
        let request = RequestBuilder::new("POST", "/v1/users")
            .principal(&setting.owner)
            .header("idempotency-key", "k1")
            .json(&body);
        answer(&setting.mails, invite::handle, request.build()).await
    };
    let (first, again) = (send(ana()).await, send(ana()).await);
    assert_eq!((first.status, again.status, first.json()), (201, 201, again.json()));
    assert_eq!(send(json!({ "email": "b@c.example", "role": "viewer" })).await.status, 422);
    assert_eq!(setting.woken(), 1);
}

#[tokio::test]
async fn an_invitation_is_sent_again_until_it_is_accepted() {
    let setting = Setting::new().await;
    let user = id(&setting.invite(&setting.owner, &ana()).await.json());
    assert_eq!(setting.reinvite(&setting.owner, user).await.status, 202);
    assert_eq!(setting.woken(), 1, "the first one is a moment old");
    setting.execute("UPDATE email_logs SET created_at = created_at - interval '2 minutes'").await;
    assert_eq!(setting.reinvite(&setting.owner, user).await.status, 202);
    assert_eq!(setting.woken(), 1);
    setting.execute("UPDATE users SET joined_at = now()").await;
    let response = setting.reinvite(&setting.owner, user).await;
    assert_eq!((response.status, &response.json()["code"]), (409, &json!("not_invited")));
}

#[tokio::test]
async fn users_of_another_organisation_do_not_exist() {
    let setting = Setting::new().await;
    let rival = setting.database.seed("rival").await;
    let owner = &setting.owner;
    for status in [
        setting.get(owner, rival.owner).await.status,
        setting.update(owner, rival.owner, &json!({ "role": "viewer" })).await.status,
        setting.remove(owner, rival.owner).await.status,
        setting.reinvite(owner, rival.owner).await.status,
    ] {
        assert_eq!(status, 404);
    }
    assert_eq!(setting.list(owner, "").await.json()["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn lists_are_read_in_pages() {
    let setting = Setting::new().await;
    for name in ["a", "b", "c"] {
        setting.user(name, "viewer").await;
    }
    let first = setting.list(&setting.owner, "?limit=3").await.json();
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = setting.list(&setting.owner, &format!("?limit=3&cursor={cursor}")).await.json();
    let emails: Vec<_> = [&first, &rest]
        .iter()
        .flat_map(|page| page["data"].as_array().unwrap())
        .map(|user| user["email"].as_str().unwrap().split('@').next().unwrap())
        .collect();
    assert_eq!(emails, ["c", "b", "a", "owner"]);
    assert_eq!(setting.list(&setting.owner, "?role=x").await.status, 400);
}

#[tokio::test]
async fn the_example_events_are_refused_for_a_caller_who_is_gone() {
    let setting = Setting::new().await;
    assert_eq!(answer(&setting.mails, invite::handle, event("users-invite/invite")).await.status, 403);
    assert_eq!(answer(&setting.mails, reinvite::handle, event("users-reinvite/reinvite")).await.status, 403);
    assert_eq!(answer(&setting.ctx, get::handle, event("users-get/user")).await.status, 404);
    assert_eq!(answer(&setting.ctx, update::handle, event("users-update/promote")).await.status, 403);
    assert_eq!(answer(&setting.ctx, remove::handle, event("users-remove/remove")).await.status, 403);
    let listed = answer(&setting.ctx, list::handle, event("users-list/users")).await;
    assert_eq!((listed.status, &listed.json()["data"]), (200, &json!([])));
}
