//! Who may do what to whom, and that an owner is always left.

use std::sync::Arc;

use serde_json::json;
use tokio::task::JoinSet;

use super::*;

#[tokio::test]
async fn nobody_lifts_or_touches_somebody_above_the_own_role() {
    let setting = Setting::new().await;
    let admin = setting.user("admin", "admin").await;
    let viewer = setting.user("viewer", "viewer").await;
    let (owner, to) = (setting.owner.user_id, |role: &str| json!({ "role": role }));
    assert_eq!(setting.update(&admin, viewer.user_id, &to("owner")).await.status, 403);
    assert_eq!(setting.update(&admin, admin.user_id, &to("owner")).await.status, 403);
    for body in [to("viewer"), json!({ "disabled": true }), json!({ "full_name": "x" })] {
        assert_eq!(setting.update(&admin, owner, &body).await.status, 403, "{body}");
    }
    assert_eq!(setting.remove(&admin, owner).await.status, 403);
    assert_eq!(setting.update(&admin, viewer.user_id, &to("admin")).await.status, 200);
    assert_eq!(setting.update(&setting.owner, viewer.user_id, &to("owner")).await.status, 200);
}

#[tokio::test]
async fn nobody_disables_or_removes_the_own_account() {
    let setting = Setting::new().await;
    setting.user("second", "owner").await;
    let own = setting.owner.user_id;
    for response in [
        setting.update(&setting.owner, own, &json!({ "disabled": true })).await,
        setting.remove(&setting.owner, own).await,
    ] {
        assert_eq!((response.status, &response.json()["code"]), (409, &json!("own_account")));
    }
    assert_eq!(setting.update(&setting.owner, own, &json!({ "role": "viewer" })).await.status, 200);
}

#[tokio::test]
async fn the_last_owner_can_be_neither_demoted_disabled_nor_removed() {
    let setting = Setting::new().await;
    let owner = setting.owner.user_id;
    // Neither of these two is somebody who could act as owner.
    setting.user("disabled", "owner").await;
    setting.execute("UPDATE users SET disabled_at = now() WHERE email LIKE 'disabled%'").await;
    let invited = json!({ "email": "invited@aveline.example", "role": "owner" });
    assert_eq!(setting.invite(&setting.owner, &invited).await.status, 201);
    for response in [
        setting.update(&setting.owner, owner, &json!({ "role": "admin" })).await,
        setting.update(&setting.owner, owner, &json!({ "disabled": true })).await,
        setting.remove(&setting.owner, owner).await,
    ] {
        assert_eq!(response.status, 409);
        let code = response.json()["code"].clone();
        assert!(code == "last_owner" || code == "own_account", "{code}");
    }
    assert_eq!(
        setting.count("SELECT count(*) FROM users WHERE role = 'owner' AND disabled_at IS NULL").await,
        2
    );
}

/// Owners who demote, disable and remove each other all at once: one is left, whoever is first.
#[tokio::test(flavor = "multi_thread")]
async fn owners_who_depose_each_other_at_once_leave_one() {
    for round in 0..3 {
        let setting = Arc::new(Setting::new().await);
        let mut owners = vec![setting.owner.clone()];
        for name in ["b", "c", "d"] {
            owners.push(setting.user(name, "owner").await);
        }
        let start = Arc::new(tokio::sync::Barrier::new(owners.len()));
        let mut calls = JoinSet::new();
        for (at, by) in owners.iter().enumerate() {
            let other = owners[(at + 1) % owners.len()].user_id;
            let (setting, start, by) = (Arc::clone(&setting), Arc::clone(&start), by.clone());
            calls.spawn(async move {
                start.wait().await;
                match (at + round) % 3 {
                    0 => setting.update(&by, other, &json!({ "role": "viewer" })).await.status,
                    1 => setting.update(&by, other, &json!({ "disabled": true })).await.status,
                    _ => setting.remove(&by, other).await.status,
                }
            });
        }
        let statuses = calls.join_all().await;
        let active = "SELECT count(*) FROM users
                      WHERE role = 'owner' AND disabled_at IS NULL AND joined_at IS NOT NULL";
        assert!(setting.count(active).await >= 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| [200, 204, 403, 409].contains(status)), "{statuses:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_owners_who_demote_themselves_at_once_leave_one() {
    let setting = Setting::new().await;
    let second = setting.user("second", "owner").await;
    let down = json!({ "role": "viewer" });
    let (a, b) = tokio::join!(
        setting.update(&setting.owner, setting.owner.user_id, &down),
        setting.update(&second, second.user_id, &down)
    );
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}
