//! Logins, refresh tokens and signing keys.

use chrono::{Duration, Utc};
use data::{
    Database, SecretToken, Tenant, TokenHash, members,
    sessions::{self, Client, NewToken, Rotation},
    signing_keys,
    users::{self, NewUser},
};
use domain::{OrgId, SessionId, UserId};
use testkit::{Seeded, TestDatabase};

async fn tenant(database: &TestDatabase, seeded: &Seeded) -> Tenant {
    database.app().system(seeded.org).await.unwrap()
}

async fn issue(database: &TestDatabase, seeded: &Seeded, hash: TokenHash, valid: Duration) -> SessionId {
    let mut tenant = tenant(database, seeded).await;
    let token = NewToken { hash: &hash, expires_at: Utc::now() + valid };
    let session = sessions::open(&mut tenant, seeded.owner, token, &Client::default()).await.unwrap();
    tenant.commit().await.unwrap();
    session
}

async fn rotate(database: &TestDatabase, seeded: &Seeded, old: TokenHash, new: TokenHash) -> Rotation {
    let mut tenant = tenant(database, seeded).await;
    let new = NewToken { hash: &new, expires_at: Utc::now() + Duration::days(1) };
    let rotation = sessions::rotate(&mut tenant, &old, new, &Client::default()).await.unwrap();
    tenant.commit().await.unwrap();
    rotation
}

#[tokio::test]
async fn a_token_rotates_once_and_its_reuse_ends_the_family() {
    let database = TestDatabase::new().await;
    let seeded = database.seed("aveline").await;
    let user_id = seeded.owner;
    let session_id = issue(&database, &seeded, [1; 32], Duration::days(1)).await;
    let other = issue(&database, &seeded, [9; 32], Duration::days(1)).await;
    assert_eq!(rotate(&database, &seeded, [1; 32], [2; 32]).await, Rotation::Rotated { user_id, session_id });
    assert_eq!(rotate(&database, &seeded, [2; 32], [3; 32]).await, Rotation::Rotated { user_id, session_id });
    assert_eq!(rotate(&database, &seeded, [1; 32], [4; 32]).await, Rotation::Reused { user_id });
    assert_eq!(rotate(&database, &seeded, [3; 32], [5; 32]).await, Rotation::Unknown, "of the same family");
    assert_eq!(rotate(&database, &seeded, [4; 32], [5; 32]).await, Rotation::Unknown, "was never issued");
    assert_eq!(
        rotate(&database, &seeded, [9; 32], [6; 32]).await,
        Rotation::Rotated { user_id, session_id: other },
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
    let session_id = issue(&database, &seeded, [2; 32], Duration::days(1)).await;
    issue(&database, &seeded, [3; 32], Duration::days(1)).await;
    assert_eq!(rotate(&database, &seeded, [1; 32], [9; 32]).await, Rotation::Unknown);
    assert_eq!(rotate(&database, &rival, [2; 32], [9; 32]).await, Rotation::Unknown);

    let mut tenant = tenant(&database, &seeded).await;
    sessions::end_of_token(&mut tenant, UserId::new(), &[2; 32]).await.unwrap();
    sessions::end_of_token(&mut tenant, seeded.owner, &[3; 32]).await.unwrap();
    tenant.commit().await.unwrap();
    assert_eq!(rotate(&database, &seeded, [3; 32], [9; 32]).await, Rotation::Unknown);
    let user_id = seeded.owner;
    assert_eq!(rotate(&database, &seeded, [2; 32], [8; 32]).await, Rotation::Rotated { user_id, session_id });
}

#[tokio::test]
async fn logins_are_found_across_tenants_and_disabled_ones_are_not() {
    let database = TestDatabase::new().await;
    let seeded = database.seed("aveline").await;
    let session = issue(&database, &seeded, [1; 32], Duration::days(1)).await;
    let mut service = database.app().service().await.unwrap();
    let login = users::find_login(&mut service, &seeded.owner_email).await.unwrap().unwrap();
    assert_eq!(
        (login.org_id, login.user_id, login.password_hash.as_str()),
        (seeded.org, seeded.owner, "none")
    );
    let principal =
        users::find_principal(&mut service, seeded.org, seeded.owner, session).await.unwrap().unwrap();
    assert_eq!((principal.role.as_str(), principal.token_version), ("owner", 1));
    assert_eq!(users::find_principal(&mut service, OrgId::new(), seeded.owner, session).await.unwrap(), None);

    let mut tenant = tenant(&database, &seeded).await;
    users::raise_token_version(&mut tenant, seeded.owner).await.unwrap();
    tenant.commit().await.unwrap();
    let principal =
        users::find_principal(&mut service, seeded.org, seeded.owner, session).await.unwrap().unwrap();
    assert_eq!(principal.token_version, 2);

    sqlx::query("UPDATE users SET disabled_at = now()").execute(database.admin()).await.unwrap();
    assert!(users::find_login(&mut service, &seeded.owner_email).await.unwrap().is_none());
    assert_eq!(users::find_principal(&mut service, seeded.org, seeded.owner, session).await.unwrap(), None);
}

#[tokio::test]
async fn an_address_is_unique_among_all_tenants() {
    let database = TestDatabase::new().await;
    let (seeded, rival) = (database.seed("aveline").await, database.seed("rival").await);
    let mut tenant = tenant(&database, &rival).await;
    let id = UserId::new();
    let user =
        NewUser { id, email: &seeded.owner_email, password_hash: Some("x"), full_name: None, role: "viewer" };
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

#[tokio::test]
async fn retired_keys_are_listed_no_more() {
    let database = TestDatabase::new().await;
    let mut admin = database.admin().acquire().await.unwrap();
    for (kid, key) in [("old", [1; 32]), ("new", [2; 32])] {
        signing_keys::publish(&mut admin, kid, &key).await.unwrap();
    }
    let mut service = database.app().service().await.unwrap();
    let (old, new) = (("old".to_owned(), [1; 32]), ("new".to_owned(), [2; 32]));
    assert_eq!(signing_keys::list(&mut service).await.unwrap(), [old, new.clone()]);
    assert!(signing_keys::retire(&mut service, &["old".to_owned()]).await.is_err());
    signing_keys::retire(&mut admin, &["old".to_owned(), "nobody's".to_owned()]).await.unwrap();
    assert_eq!(signing_keys::list(&mut service).await.unwrap(), [new]);
}

#[tokio::test]
async fn sessions_are_listed_with_their_last_use_until_they_end() {
    let database = TestDatabase::new().await;
    let (seeded, rival) = (database.seed("aveline").await, database.seed("rival").await);
    let first = issue(&database, &seeded, [1; 32], Duration::days(1)).await;
    let second = issue(&database, &seeded, [2; 32], Duration::days(1)).await;
    issue(&database, &seeded, [3; 32], Duration::seconds(-1)).await;
    let mut own = tenant(&database, &seeded).await;
    let ids = |sessions: Vec<sessions::Session>| sessions.into_iter().map(|s| s.id).collect::<Vec<_>>();
    assert_eq!(ids(sessions::list(&mut own, seeded.owner, 10, None).await.unwrap()), [second, first]);
    assert_eq!(ids(sessions::list(&mut own, seeded.owner, 10, Some(second)).await.unwrap()), [first]);
    let mut foreign = tenant(&database, &rival).await;
    assert!(sessions::list(&mut foreign, seeded.owner, 10, None).await.unwrap().is_empty());
    assert_eq!(sessions::find_user(&mut foreign, first).await.unwrap(), None);
    assert!(!sessions::end(&mut foreign, seeded.owner, first).await.unwrap());

    let long = Client { ip: Some("192.0.2.9".to_owned()), user_agent: Some("x\u{0}\n".repeat(400)) };
    let new = NewToken { hash: &[9; 32], expires_at: Utc::now() + Duration::days(1) };
    sessions::rotate(&mut own, &[1; 32], new, &long).await.unwrap();
    let session = sessions::list(&mut own, seeded.owner, 10, None).await.unwrap().remove(1);
    assert_eq!(session.ip.as_deref(), Some("192.0.2.9"));
    assert!(session.user_agent.unwrap().chars().count() <= 300);

    sessions::end_all(&mut own, seeded.owner, Some(first)).await.unwrap();
    assert_eq!(ids(sessions::list(&mut own, seeded.owner, 10, None).await.unwrap()), [first]);
    assert_eq!(sessions::find_user(&mut own, first).await.unwrap(), Some(seeded.owner));
    assert!(!sessions::end(&mut own, UserId::new(), first).await.unwrap());
    assert!(sessions::end(&mut own, seeded.owner, first).await.unwrap());
    assert!(!sessions::end(&mut own, seeded.owner, first).await.unwrap());
    assert!(sessions::list(&mut own, seeded.owner, 10, None).await.unwrap().is_empty());
}

#[test]
fn a_secret_token_reads_back_and_nothing_else_does() {
    let org = OrgId::new();
    let token = SecretToken::new(org);
    let hash = token.hash();
    let text = token.into_text();
    let read = SecretToken::read(&text).unwrap();
    assert_eq!((read.org(), read.hash()), (org, hash));
    assert_ne!(SecretToken::new(org).hash(), hash);
    for odd in
        [String::new(), format!("{text}="), format!(" {text}"), text[1..].to_owned(), "A".repeat(1 << 20)]
    {
        assert!(SecretToken::read(&odd).is_none(), "{odd:.80}");
    }
}

/// Whoever locks the same rows in another order waits for the other for ever; Postgres then fails one of them.
#[tokio::test(flavor = "multi_thread")]
async fn refreshing_changing_a_password_and_removing_the_user_at_once_never_fail() {
    let database = TestDatabase::new().await;
    let databases: Vec<Database> = (0..3).map(|_| Database::connect(&database.settings()).unwrap()).collect();
    for round in 0..25_u8 {
        let seeded = database.seed(&format!("aveline-{round}")).await;
        let (old, new) = ([round; 32], [round + 100; 32]);
        issue(&database, &seeded, old, Duration::days(1)).await;
        let (user, org) = (seeded.owner, seeded.org);
        let refresh = async {
            let mut tenant = databases[0].system(org).await.unwrap();
            let new = NewToken { hash: &new, expires_at: Utc::now() + Duration::days(1) };
            sessions::rotate(&mut tenant, &old, new, &Client::default()).await.unwrap();
            tenant.commit().await.unwrap();
        };
        let change = async {
            let mut tenant = databases[1].system(org).await.unwrap();
            if users::lock_login(&mut tenant, user, "none").await.unwrap() {
                users::set_password(&mut tenant, user, "other").await.unwrap();
                sessions::end_all(&mut tenant, user, None).await.unwrap();
            }
            tenant.commit().await.unwrap();
        };
        let remove = async {
            let mut tenant = databases[2].system(org).await.unwrap();
            members::lock(&mut tenant).await.unwrap();
            members::remove(&mut tenant, user).await.unwrap();
            tenant.commit().await.unwrap();
        };
        tokio::join!(refresh, change, remove);
    }
    let living: i64 = sqlx::query_scalar("SELECT count(*) FROM sessions WHERE ended_at IS NULL")
        .fetch_one(database.admin())
        .await
        .unwrap();
    assert_eq!(living, 0);
}
