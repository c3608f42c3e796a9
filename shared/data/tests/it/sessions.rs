//! Logins, refresh tokens and signing keys.

use chrono::{Duration, Utc};
use data::{
    Tenant,
    refresh_tokens::{self, Rotation, TokenHash},
    signing_keys,
    users::{self, NewUser},
};
use domain::{OrgId, UserId};
use testkit::{Seeded, TestDatabase};

async fn tenant(database: &TestDatabase, seeded: &Seeded) -> Tenant {
    database.app().tenant(seeded.org).await.unwrap()
}

async fn issue(database: &TestDatabase, seeded: &Seeded, hash: TokenHash, valid: Duration) {
    let mut tenant = tenant(database, seeded).await;
    refresh_tokens::insert(&mut tenant, seeded.owner, &hash, Utc::now() + valid).await.unwrap();
    tenant.commit().await.unwrap();
}

async fn rotate(database: &TestDatabase, seeded: &Seeded, old: TokenHash, new: TokenHash) -> Rotation {
    let mut tenant = tenant(database, seeded).await;
    let expires_at = Utc::now() + Duration::days(1);
    let rotation = refresh_tokens::rotate(&mut tenant, &old, &new, expires_at).await.unwrap();
    tenant.commit().await.unwrap();
    rotation
}

#[tokio::test]
async fn a_token_rotates_once_and_its_reuse_ends_the_family() {
    let database = TestDatabase::new().await;
    let seeded = database.seed("aveline").await;
    let user_id = seeded.owner;
    issue(&database, &seeded, [1; 32], Duration::days(1)).await;
    issue(&database, &seeded, [9; 32], Duration::days(1)).await;
    assert_eq!(rotate(&database, &seeded, [1; 32], [2; 32]).await, Rotation::Rotated { user_id });
    assert_eq!(rotate(&database, &seeded, [2; 32], [3; 32]).await, Rotation::Rotated { user_id });
    assert_eq!(rotate(&database, &seeded, [1; 32], [4; 32]).await, Rotation::Reused { user_id });
    assert_eq!(rotate(&database, &seeded, [3; 32], [5; 32]).await, Rotation::Unknown, "of the same family");
    assert_eq!(rotate(&database, &seeded, [4; 32], [5; 32]).await, Rotation::Unknown, "was never issued");
    assert_eq!(
        rotate(&database, &seeded, [9; 32], [6; 32]).await,
        Rotation::Rotated { user_id },
        "another login"
    );
}

#[tokio::test]
async fn of_concurrent_rotations_one_wins() {
    let database = TestDatabase::new().await;
    let seeded = database.seed("aveline").await;
    issue(&database, &seeded, [1; 32], Duration::days(1)).await;
    let (first, second) = tokio::join!(
        rotate(&database, &seeded, [1; 32], [2; 32]),
        rotate(&database, &seeded, [1; 32], [3; 32])
    );
    let won = [first, second].iter().filter(|rotation| matches!(rotation, Rotation::Rotated { .. })).count();
    assert_eq!(won, 1, "{first:?} {second:?}");
}

#[tokio::test]
async fn an_expired_a_revoked_and_a_foreign_token_are_unknown() {
    let database = TestDatabase::new().await;
    let (seeded, rival) = (database.seed("aveline").await, database.seed("rival").await);
    issue(&database, &seeded, [1; 32], Duration::seconds(-1)).await;
    issue(&database, &seeded, [2; 32], Duration::days(1)).await;
    issue(&database, &seeded, [3; 32], Duration::days(1)).await;
    assert_eq!(rotate(&database, &seeded, [1; 32], [9; 32]).await, Rotation::Unknown);
    assert_eq!(rotate(&database, &rival, [2; 32], [9; 32]).await, Rotation::Unknown);

    let mut tenant = tenant(&database, &seeded).await;
    refresh_tokens::revoke_family_of(&mut tenant, UserId::new(), &[2; 32]).await.unwrap();
    refresh_tokens::revoke_family_of(&mut tenant, seeded.owner, &[3; 32]).await.unwrap();
    tenant.commit().await.unwrap();
    assert_eq!(rotate(&database, &seeded, [3; 32], [9; 32]).await, Rotation::Unknown);
    let user_id = seeded.owner;
    assert_eq!(rotate(&database, &seeded, [2; 32], [8; 32]).await, Rotation::Rotated { user_id });
}

#[tokio::test]
async fn logins_are_found_across_tenants_and_disabled_ones_are_not() {
    let database = TestDatabase::new().await;
    let seeded = database.seed("aveline").await;
    let mut service = database.app().service().await.unwrap();
    let login = users::find_login(&mut service, &seeded.owner_email).await.unwrap().unwrap();
    assert_eq!(
        (login.org_id, login.user_id, login.password_hash.as_str()),
        (seeded.org, seeded.owner, "none")
    );
    let principal = users::find_principal(&mut service, seeded.org, seeded.owner).await.unwrap().unwrap();
    assert_eq!((principal.role.as_str(), principal.token_version), ("owner", 1));
    assert_eq!(users::find_principal(&mut service, OrgId::new(), seeded.owner).await.unwrap(), None);

    let mut tenant = tenant(&database, &seeded).await;
    users::raise_token_version(&mut tenant, seeded.owner).await.unwrap();
    tenant.commit().await.unwrap();
    let principal = users::find_principal(&mut service, seeded.org, seeded.owner).await.unwrap().unwrap();
    assert_eq!(principal.token_version, 2);

    sqlx::query("UPDATE users SET disabled_at = now()").execute(database.admin()).await.unwrap();
    assert!(users::find_login(&mut service, &seeded.owner_email).await.unwrap().is_none());
    assert_eq!(users::find_principal(&mut service, seeded.org, seeded.owner).await.unwrap(), None);
}

#[tokio::test]
async fn an_address_is_unique_among_all_tenants() {
    let database = TestDatabase::new().await;
    let (seeded, rival) = (database.seed("aveline").await, database.seed("rival").await);
    let mut tenant = tenant(&database, &rival).await;
    let id = UserId::new();
    let user =
        NewUser { id, email: &seeded.owner_email, password_hash: "x", full_name: None, role: "viewer" };
    let error = users::insert(&mut tenant, &user).await.unwrap_err();
    assert_eq!(error.constraint(), Some(users::EMAIL_UNIQUE));
}

#[tokio::test]
async fn a_signing_key_is_published_by_the_administrator_alone() {
    let database = TestDatabase::new().await;
    let mut admin = database.admin().acquire().await.unwrap();
    signing_keys::publish(&mut admin, "k1", &[7; 32]).await.unwrap();
    signing_keys::publish(&mut admin, "k1", &[8; 32]).await.unwrap();
    let mut service = database.app().service().await.unwrap();
    assert_eq!(signing_keys::find(&mut service, "k1").await.unwrap(), Some([8; 32]));
    assert_eq!(signing_keys::find(&mut service, "k2").await.unwrap(), None);
    assert!(signing_keys::publish(&mut service, "k2", &[9; 32]).await.is_err());
}
