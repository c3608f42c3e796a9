//! The audit trail: complete, unchangeable, and whatever is done to it by force is found.

use std::time::Instant;

use data::{
    Caller,
    audit::{self, Anchor, Event, Fault, FaultKind, Filter, Verified},
};
use domain::{Action, ActorKind, AuditOutcome, OrgId, UserId};
use sqlx::{AssertSqlSafe, Executor as _};
use testkit::{Seeded, TestDatabase};
use tokio::task::JoinSet;

struct World {
    database: TestDatabase,
    seeded: Seeded,
}

impl World {
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let seeded = database.seed("aveline").await;
        Self { database, seeded }
    }

    /// With this many events.
    async fn with(events: usize) -> Self {
        let world = Self::new().await;
        for number in 0..events {
            world.record(world.seeded.org, Event::new(Action::RoleUpdated).with("number", number)).await;
        }
        world
    }

    async fn record(&self, org: OrgId, event: Event) {
        let mut tenant = self.database.app().system(org).await.unwrap();
        tenant.record(event);
        tenant.commit().await.unwrap();
    }

    async fn verify(&self, noted: Option<Anchor>) -> Verified {
        let mut tenant = self.database.app().tenant(&self.seeded.principal()).await.unwrap();
        audit::verify(&mut tenant, noted).await.unwrap()
    }

    async fn fault(&self) -> Option<(i64, FaultKind)> {
        self.verify(None).await.fault.map(|Fault { seq, kind }| (seq, kind))
    }

    /// As somebody who has taken over the database and switched its triggers off.
    async fn force(&self, statements: &str) {
        let mut admin = self.database.admin().acquire().await.unwrap();
        admin.execute("SET session_replication_role = replica").await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(&mut *admin).await.unwrap();
        admin.execute("RESET session_replication_role").await.unwrap();
    }

    async fn listed(&self, filter: &Filter) -> Vec<i64> {
        let mut tenant = self.database.app().tenant(&self.seeded.principal()).await.unwrap();
        let rows = audit::list(&mut tenant, filter, 100, None).await.unwrap();
        rows.iter().map(|row| row.seq).collect()
    }
}

#[tokio::test]
async fn an_event_is_written_with_its_effect_or_not_at_all() {
    let world = World::new().await;
    let mut tenant = world.database.app().system(world.seeded.org).await.unwrap();
    tenant.record(Event::new(Action::UploadUndone));
    drop(tenant);
    let mut tenant = world.database.app().tenant(&world.seeded.principal()).await.unwrap();
    tenant.record(Event::new(Action::RoleCreated));
    tenant.record(Event::new(Action::RoleDeleted).with("reason", "a \u{0}NUL, \"quotes\" and ümlauts"));
    tenant.commit().await.unwrap();
    let mut tenant = world.database.app().tenant(&world.seeded.principal()).await.unwrap();
    let rows = audit::list(&mut tenant, &Filter::default(), 10, None).await.unwrap();
    let said: Vec<_> = rows.iter().map(|row| (row.seq, row.action.as_str())).collect();
    assert_eq!(said, [(2, "role_deleted"), (1, "role_created")]);
    assert_eq!(rows[0].details["reason"], "a NUL, \"quotes\" and ümlauts");
    assert_eq!(rows[0].actor_name.as_deref(), Some(world.seeded.owner_email.as_str()));
    assert_eq!(world.verify(None).await.fault, None);
}

#[tokio::test]
async fn who_acts_is_whom_the_transaction_is_signed_for() {
    let world = World::new().await;
    let (org, owner) = (world.seeded.org, world.seeded.owner);
    let lie = || Event::new(Action::SignIn).by(ActorKind::User, Some(UserId::new().0));
    let mut tenant = world.database.app().tenant(Caller { org, subject: owner.0 }).await.unwrap();
    tenant.record(lie());
    tenant.commit().await.unwrap();
    world.record(org, Event::new(Action::SignIn).by_user(owner)).await;
    world.record(org, Event::new(Action::UploadIngested)).await;
    let mut tenant = world.database.app().system(org).await.unwrap();
    let rows = audit::list(&mut tenant, &Filter::default(), 10, None).await.unwrap();
    drop(tenant);
    let actors: Vec<_> = rows.iter().map(|row| (row.actor_kind.as_str(), row.actor_id)).collect();
    assert_eq!(actors, [("system", None), ("user", Some(owner.0)), ("user", Some(owner.0))]);
    // Nobody who is not signed for writes anything, and nobody writes elsewhere.
    let mut bare = world.database.app().service().await.unwrap();
    let refused = sqlx::query("SELECT service.record_audit('[]')").execute(&mut *bare).await.unwrap_err();
    assert!(refused.to_string().contains("no audit trail"), "{refused}");
    let mut nobody = world.database.app().system(OrgId::new()).await.unwrap();
    nobody.record(lie());
    assert!(nobody.commit().await.is_err());
}

#[tokio::test]
async fn whatever_is_changed_by_force_is_found() {
    let event = "INSERT INTO audit_events SELECT org_id, 7, now(), action, outcome, actor_kind, actor_id, subject_kind,
        subject_id, ip, request_id, details, hash FROM audit_events WHERE seq = 6";
    for (damage, found) in [
        ("SELECT 1", None),
        ("UPDATE audit_events SET details = '{\"number\":9}' WHERE seq = 3", Some((3, FaultKind::Changed))),
        ("UPDATE audit_events SET outcome = 'denied' WHERE seq = 6", Some((6, FaultKind::Changed))),
        (
            "UPDATE audit_events SET at = at + interval '1 microsecond' WHERE seq = 1",
            Some((1, FaultKind::Changed)),
        ),
        ("UPDATE audit_events SET ip = '192.0.2.1' WHERE seq = 2", Some((2, FaultKind::Changed))),
        ("UPDATE audit_events SET actor_id = uuidv7() WHERE seq = 2", Some((2, FaultKind::Changed))),
        ("UPDATE audit_events SET hash = sha256('x') WHERE seq = 4", Some((4, FaultKind::Changed))),
        ("DELETE FROM audit_events WHERE seq = 1", Some((1, FaultKind::Missing))),
        ("DELETE FROM audit_events WHERE seq = 4", Some((4, FaultKind::Missing))),
        ("DELETE FROM audit_events WHERE seq > 4", Some((5, FaultKind::Missing))),
        ("DELETE FROM audit_events", Some((1, FaultKind::Missing))),
        (
            "DELETE FROM audit_events WHERE seq = 4; UPDATE audit_events SET seq = seq - 1 WHERE seq > 4",
            Some((4, FaultKind::Changed)),
        ),
        ("UPDATE audit_events SET seq = 5 - seq WHERE seq IN (2, 3)", Some((2, FaultKind::Changed))),
        (
            "INSERT INTO audit_events SELECT org_id, seq, at - interval '1 s', action, outcome, actor_kind, actor_id,
                 subject_kind, subject_id, ip, request_id, details, hash FROM audit_events WHERE seq = 3",
            Some((3, FaultKind::Changed)),
        ),
        (
            "INSERT INTO audit_events SELECT org_id, seq, at + interval '1 s', action, outcome, actor_kind, actor_id,
                 subject_kind, subject_id, ip, request_id, details, hash FROM audit_events WHERE seq = 3",
            Some((3, FaultKind::Added)),
        ),
        (event, Some((7, FaultKind::Changed))),
        ("DELETE FROM audit_heads", Some((0, FaultKind::Missing))),
        ("UPDATE audit_heads SET hash = sha256('x')", Some((6, FaultKind::Rewritten))),
        ("UPDATE audit_heads SET seq = 9", Some((7, FaultKind::Missing))),
    ] {
        let world = World::with(6).await;
        world.force(damage).await;
        assert_eq!(world.fault().await, found, "{damage}");
    }
}

/// The one who can do everything can also compute hashes.
const REWRITE_FROM_THE_FOURTH: &str = "
    DO $$
    DECLARE
        before bytea := (SELECT hash FROM audit_events WHERE seq = 3);
        e audit_events;
    BEGIN
        UPDATE audit_events SET details = '{}' WHERE seq = 4;
        FOR e IN SELECT * FROM audit_events WHERE seq > 3 ORDER BY seq LOOP
            before := wall.audit_hash(before, e.org_id::text, e.seq::text,
                (extract(epoch FROM e.at) * 1000000)::bigint::text, e.action, e.outcome, e.actor_kind, e.actor_id::text,
                e.subject_kind, e.subject_id, e.ip, e.request_id, e.details::text);
            UPDATE audit_events SET hash = before WHERE seq = e.seq;
        END LOOP;
        UPDATE audit_heads SET hash = before WHERE seq > 0;
    END
    $$";

#[tokio::test]
async fn a_trail_that_was_written_anew_differs_from_what_somebody_noted() {
    let world = World::with(6).await;
    let noted = world.verify(None).await;
    assert_eq!((noted.events, noted.fault), (6, None));
    let noted = Anchor { seq: noted.events, hash: noted.hash };
    world.record(world.seeded.org, Event::new(Action::RoleDeleted)).await;
    assert_eq!(world.verify(Some(noted)).await.fault, None, "it has grown since");
    world.force(REWRITE_FROM_THE_FOURTH).await;
    assert_eq!(world.fault().await, None, "it is sound in itself");
    let fault = world.verify(Some(noted)).await.fault;
    assert_eq!(fault, Some(Fault { seq: 6, kind: FaultKind::Rewritten }));
    let beyond = Anchor { seq: 8, ..noted };
    let fault = world.verify(Some(beyond)).await.fault;
    assert_eq!(fault, Some(Fault { seq: 8, kind: FaultKind::Missing }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_writers_at_once_make_one_unbroken_chain() {
    let world = World::new().await;
    let settings = world.database.settings();
    let (org, started) = (world.seeded.org, Instant::now());
    let mut writers = JoinSet::new();
    for writer in 0..50 {
        let settings = settings.clone();
        writers.spawn(async move {
            let database = data::Database::connect(&settings).unwrap();
            for number in 0..10 {
                let mut tenant = database.system(org).await.unwrap();
                tenant
                    .record(Event::new(Action::UploadCreated).with("writer", writer).with("number", number));
                // Some give up after all: the trail has no gap there.
                if number % 5 == 4 {
                    tenant.rollback().await.unwrap();
                } else {
                    tenant.commit().await.unwrap();
                }
            }
        });
    }
    while let Some(ended) = writers.join_next().await {
        ended.unwrap();
    }
    eprintln!("400 events of 50 writers in {:?}", started.elapsed());
    let verified = world.verify(None).await;
    assert_eq!((verified.events, verified.fault), (400, None));
}

#[tokio::test]
async fn a_trail_longer_than_a_page_is_walked_to_its_end() {
    let world = World::new().await;
    let mut tenant = world.database.app().system(world.seeded.org).await.unwrap();
    for number in 0..10_001 {
        tenant.record(Event::new(Action::UploadIngested).with("number", number));
    }
    tenant.commit().await.unwrap();
    let started = Instant::now();
    let verified = world.verify(None).await;
    eprintln!("10,001 events verified in {:?}", started.elapsed());
    assert_eq!((verified.events, verified.fault), (10_001, None));
    world.force("DELETE FROM audit_events WHERE seq = 10001").await;
    assert_eq!(world.fault().await, Some((10_001, FaultKind::Missing)));
}

#[tokio::test]
async fn nobody_sees_another_organisation_s_trail_or_without_the_right() {
    let world = World::with(2).await;
    let rival = world.database.seed("rival").await;
    world.record(rival.org, Event::new(Action::RoleDeleted)).await;
    let mut installation = world.database.app().installation().await.unwrap();
    installation.record(Event::new(Action::SignIn).outcome(AuditOutcome::Failed));
    installation.commit().await.unwrap();
    let seen = async |caller: Caller| {
        let mut tenant = world.database.app().tenant(caller).await.unwrap();
        let events: i64 =
            sqlx::query_scalar("SELECT count(*) FROM audit_events").fetch_one(&mut *tenant).await.unwrap();
        let heads: i64 =
            sqlx::query_scalar("SELECT count(*) FROM audit_heads").fetch_one(&mut *tenant).await.unwrap();
        (events, heads)
    };
    let of = |role: &'static str| world.database.principal(world.seeded.org, role);
    assert_eq!(seen((&world.seeded.principal()).into()).await, (2, 1));
    assert_eq!(seen((&rival.principal()).into()).await, (1, 1));
    assert_eq!(seen((&of("admin").await).into()).await, (2, 1));
    for role in ["analyst", "viewer"] {
        assert_eq!(seen((&of(role).await).into()).await, (0, 0), "{role}");
    }
    let total: i64 = sqlx::query_scalar("SELECT count(*) FROM audit_events")
        .fetch_one(world.database.admin())
        .await
        .unwrap();
    assert_eq!(total, 4);
}

#[tokio::test]
async fn no_role_changes_or_removes_an_event() {
    let world = World::with(3).await;
    let mut admin = world.database.admin().acquire().await.unwrap();
    let roles: Vec<String> = sqlx::query_scalar(
        "SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'shelfline\\_%' OR rolname = current_user",
    )
    .fetch_all(&mut *admin)
    .await
    .unwrap();
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT relname::text FROM pg_class WHERE relname LIKE 'audit\\_%' AND relkind IN ('r', 'p')",
    )
    .fetch_all(&mut *admin)
    .await
    .unwrap();
    assert!(roles.len() >= 4 && tables.len() >= 7, "{roles:?} {tables:?}");
    for role in &roles {
        for table in &tables {
            for statement in [
                format!("UPDATE {table} SET org_id = org_id"),
                format!("UPDATE {table} SET seq = 1, hash = sha256('')"),
                format!("DELETE FROM {table}"),
                format!("TRUNCATE {table}"),
                format!("MERGE INTO {table} t USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE"),
                format!("INSERT INTO {table} SELECT * FROM {table} ON CONFLICT DO NOTHING"),
                format!("ALTER TABLE {table} DISABLE TRIGGER refuse_change"),
                format!("DROP TABLE {table} CASCADE"),
            ] {
                // The administrator owns the tables: what is stopped is an accident, not a takeover.
                // The service role appends, through the one function that it owns.
                if role == "shelfline_service" && table == "audit_heads" && statement.starts_with("INSERT") {
                    continue;
                }
                let is_owner = !role.starts_with("shelfline_");
                if is_owner
                    && (statement.starts_with("ALTER")
                        || statement.starts_with("DROP")
                        || statement.starts_with("INSERT"))
                {
                    continue;
                }
                let script = format!("BEGIN; SET LOCAL ROLE {role}; {statement}");
                let outcome = sqlx::raw_sql(AssertSqlSafe(script)).execute(&mut *admin).await;
                sqlx::raw_sql("ROLLBACK").execute(&mut *admin).await.unwrap();
                let error =
                    outcome.map(|done| done.rows_affected()).expect_err(&format!("{role}: {statement}"));
                let code =
                    error.as_database_error().and_then(|error| error.code()).unwrap_or_default().into_owned();
                // No privilege, or (the reader) not even the name.
                assert!(["42501", "42P01"].contains(&code.as_str()), "{role}: {statement}: {error}");
            }
        }
    }
    drop(admin);
    assert_eq!(world.verify(None).await.events, 3);
}

#[tokio::test]
async fn events_are_found_by_what_they_say() {
    let world = World::new().await;
    let owner = world.seeded.owner;
    world.record(world.seeded.org, Event::new(Action::SignIn).by_user(owner).about(owner)).await;
    world
        .record(world.seeded.org, Event::new(Action::SignIn).outcome(AuditOutcome::Failed).about(owner))
        .await;
    world.record(world.seeded.org, Event::new(Action::RoleCreated)).await;
    let all = Filter::default();
    let today = chrono::Utc::now().date_naive();
    assert_eq!(world.listed(&all).await, [3, 2, 1]);
    assert_eq!(world.listed(&Filter { action: Some(Action::SignIn), ..all.clone() }).await, [2, 1]);
    assert_eq!(world.listed(&Filter { outcome: Some(AuditOutcome::Failed), ..all.clone() }).await, [2]);
    assert_eq!(world.listed(&Filter { actor: Some(owner.0), ..all.clone() }).await, [1]);
    assert_eq!(world.listed(&Filter { subject: Some(owner.to_string()), ..all.clone() }).await, [2, 1]);
    assert_eq!(world.listed(&Filter { from: Some(today), to: Some(today), ..all.clone() }).await, [3, 2, 1]);
    assert_eq!(world.listed(&Filter { from: today.succ_opt(), ..all.clone() }).await, Vec::<i64>::new());
    assert_eq!(world.listed(&Filter { to: today.pred_opt(), ..all }).await, Vec::<i64>::new());
}

#[tokio::test]
async fn partitions_are_made_ahead_and_nothing_is_lost_without_one() {
    let world = World::with(1).await;
    let partitions = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'audit_events'::regclass";
    let count =
        async || -> i64 { sqlx::query_scalar(partitions).fetch_one(world.database.admin()).await.unwrap() };
    assert_eq!(count().await, 5, "four months and the default");
    world
        .force(
            "DO $$ DECLARE p text; BEGIN
                 FOR p IN SELECT inhrelid::regclass::text FROM pg_inherits
                     WHERE inhparent = 'audit_events'::regclass AND inhrelid::regclass::text <> 'audit_events_default' LOOP
                     EXECUTE 'CREATE TEMP TABLE kept AS TABLE ' || p;
                     EXECUTE 'DROP TABLE ' || p;
                     INSERT INTO audit_events SELECT * FROM kept;
                     DROP TABLE kept;
                 END LOOP;
             END $$",
        )
        .await;
    world.record(world.seeded.org, Event::new(Action::RoleDeleted)).await;
    assert_eq!(count().await, 1);
    // Of this month there are events already: it stays where they are. The next ones are made, by the application.
    let mut service = world.database.app().service().await.unwrap();
    assert_eq!(audit::extend(&mut service).await.unwrap(), 3);
    assert_eq!(audit::extend(&mut service).await.unwrap(), 0);
    assert_eq!(count().await, 4);
    let verified = world.verify(None).await;
    assert_eq!((verified.events, verified.fault), (2, None));
}
