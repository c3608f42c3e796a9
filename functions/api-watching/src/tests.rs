//! The example events, as API Gateway would send them.

use cloud::{MemoryQueue, Queue};
use edge::{
    ApiError, Boxed, DatabaseContext,
    http::{Reply, Request, answer},
};
use testkit::{TestDatabase, event};

use crate::{MailContext, alerts, late_files};

type Handle = for<'a> fn(&'a DatabaseContext, Request) -> Boxed<'a, Result<Reply, ApiError>>;

#[tokio::test]
async fn the_example_events_are_answered() {
    let database = TestDatabase::new().await;
    let seeded = database.seed("aveline").await;
    let ctx = DatabaseContext { database: database.app().clone() };
    let request = |name: &str| {
        let mut event = event(name);
        let caller = &mut event["requestContext"]["authorizer"]["lambda"];
        caller["org_id"] = seeded.org.to_string().into();
        caller["user_id"] = seeded.owner.to_string().into();
        Request::from_event(&event.to_string()).unwrap()
    };
    let known: [(&str, Handle, u16); 13] = [
        ("alert-checks-list/latest", alerts::checks::handle, 404),
        ("alerts-create/below-average", alerts::create::handle, 201),
        ("alerts-delete/one", alerts::delete::handle, 404),
        ("alerts-get/one", alerts::get::handle, 404),
        ("alerts-list/all", alerts::list::handle, 200),
        ("alerts-pause/one", alerts::pause::handle, 404),
        ("alerts-resume/one", alerts::resume::handle, 404),
        ("alerts-test/one", alerts::test::handle, 404),
        ("alerts-update/name", alerts::update::handle, 404),
        ("late-files-dismiss/as-seen", late_files::dismiss::handle, 404),
        ("late-files-get/one", late_files::get::handle, 404),
        ("late-files-list/still-late", late_files::list::handle, 200),
        ("late-files-update/subject", late_files::update::handle, 404),
    ];
    for (name, handle, status) in known {
        let response = answer(&ctx, handle, request(name)).await;
        assert_eq!(response.status, status, "{name}: {}", response.json());
    }
    let emails = Queue::Memory(MemoryQueue::default());
    let mailing = MailContext { database: database.app().clone(), emails };
    let approved = answer(&mailing, late_files::approve::handle, request("late-files-approve/as-seen")).await;
    assert_eq!(approved.status, 404);
}
