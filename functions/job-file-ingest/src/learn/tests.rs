use std::sync::Arc;

use chrono::Utc;
use cloud::{MemoryQueue, ObjectStore, Queue};
use data::uploads::{self, Answer, NewUpload, Origin};
use domain::{FileName, IngestRequested, OrgId, UploadMode, UploadStatus};
use edge::sqs;
use ingest::Profiles;
use serde_json::Value;
use testkit::{Seeded, TestDatabase};

use super::*;
use crate::{
    Message,
    buyers::{Buyers, Secret},
    handle,
};

/// A retailer that no shipped profile knows, with one question that only a person can answer: whose file it is.
const MARCH: &str = "Data vendita;Codice EAN;Articolo;Pezzi;Venduto EUR\n\
    02/03/2026;4006381333931;Radio Child 100ml;2;190,00\n\
    14/03/2026;4006381333931;Radio Child 100ml;1;95,00\n\
    31/03/2026;5901234123457;Dark Purple 50ml;3;255,00\n";
const APRIL: &str = "Data vendita;Codice EAN;Articolo;Pezzi;Venduto EUR\n\
    03/04/2026;4006381333931;Radio Child 100ml;4;380,00\n\
    28/04/2026;5901234123457;Dark Purple 50ml;1;85,00\n";
/// Another table of the same retailer.
const STORES: &str = "Giorno;Negozio;EAN;Quantità;Importo EUR\n\
    15/05/2026;Milano;4006381333931;2;190,00\n\
    16/05/2026;Roma;5901234123457;1;85,00\n";

/// The function with everything around it in memory, but for the database.
pub(crate) struct Job {
    pub(crate) database: TestDatabase,
    pub(crate) seeded: Seeded,
    pub(crate) ctx: Context,
}

impl Job {
    pub(crate) async fn new() -> Self {
        let database = TestDatabase::new().await;
        let seeded = database.seed("aveline").await;
        let ctx = Context {
            database: database.app().clone(),
            inbox: ObjectStore::memory(),
            emails: Queue::Memory(MemoryQueue::default()),
            profiles: Arc::new(Profiles::shipped().unwrap()),
            model: None,
            buyers: Buyers::Memory(Secret { key: "what buyers are hashed with".to_owned() }),
            ai_tokens_a_month: 1_000_000,
        };
        Self { database, seeded, ctx }
    }

    async fn deliver(&self, body: Message) {
        let message = sqs::Message { id: "1".to_owned(), receive_count: 1, body };
        handle(&self.ctx, message).await.unwrap();
    }

    pub(crate) async fn ingest(&self, org: OrgId, upload_id: UploadId) -> Upload {
        self.deliver(Message::Requested(IngestRequested { org_id: org, upload_id })).await;
        self.find(org, upload_id).await
    }

    pub(crate) async fn find(&self, org: OrgId, id: UploadId) -> Upload {
        uploads::find(&mut self.system(org).await, id).await.unwrap().unwrap()
    }

    pub(crate) async fn system(&self, org: OrgId) -> Tenant {
        self.ctx.database.system(org).await.unwrap()
    }

    async fn take_as(&self, seeded: &Seeded, name: &str, text: &str) -> Upload {
        let id = UploadId::new();
        let key = format!("uploads/{}/{id}", seeded.org);
        let new = NewUpload {
            id,
            file_name: FileName::lossy(name),
            size_bytes: text.len() as u64,
            object_key: key.clone(),
            mode: UploadMode::Commit,
            vendor_hint: None,
            origin: Origin::Api { created_by: seeded.owner },
            request_id: None,
        };
        let mut tenant = self.system(seeded.org).await;
        uploads::insert(&mut tenant, &new).await.unwrap();
        tenant.commit().await.unwrap();
        self.ctx.inbox.put(&key, text.as_bytes().to_vec()).await.unwrap();
        self.ingest(seeded.org, id).await
    }

    pub(crate) async fn take(&self, name: &str, text: &str) -> Upload {
        self.take_as(&self.seeded, name, text).await
    }

    /// Answers every question of an upload, first offer first, the vendor as given.
    pub(crate) async fn answer(&self, upload: &Upload, vendor: &str) -> Upload {
        assert_eq!(upload.status, UploadStatus::NeedsReview, "{upload:#?}");
        let by = self.seeded.owner;
        let answer = |question: &domain::Question| {
            let value = match question.id.as_str() {
                "vendor" => vendor.to_owned(),
                _ => question.options[0].value.clone(),
            };
            assert!(question.accepts(&value), "{question:?}");
            Answer { id: question.id.clone(), value, by, at: Utc::now() }
        };
        let answers: Vec<Answer> = upload.questions.iter().map(answer).collect();
        let mut tenant = self.system(self.seeded.org).await;
        assert!(uploads::answer(&mut tenant, upload.id, &answers, Some(by)).await.unwrap());
        tenant.commit().await.unwrap();
        self.ingest(self.seeded.org, upload.id).await
    }

    async fn profile(&self, vendor: &str) -> VendorProfile {
        let mut tenant = self.system(self.seeded.org).await;
        vendor_profiles::find_of_vendor(&mut tenant, vendor).await.unwrap().unwrap()
    }

    async fn import(&self, vendor: &str, json: &Value, version: u32) -> VendorProfile {
        let mut tenant = self.system(self.seeded.org).await;
        let found = vendor_profiles::find_of_vendor(&mut tenant, vendor).await.unwrap();
        let id = found.map_or_else(VendorProfileId::new, |found| found.id);
        let new = NewVersion {
            id,
            version,
            vendor,
            origin: ProfileOrigin::Imported,
            profile: json,
            learned_from: None,
            created_by: Some(self.seeded.owner),
        };
        vendor_profiles::insert(&mut tenant, &new).await.unwrap();
        tenant.commit().await.unwrap();
        let org_id = self.seeded.org;
        let request = ProfileTestRequested { org_id, profile_id: id, version };
        self.deliver(Message::ProfileTest(request)).await;
        self.deliver(Message::ProfileTest(request)).await;
        self.profile(vendor).await
    }
}

fn outcomes(profile: &VendorProfile) -> Vec<TestOutcome> {
    profile.back_test.as_ref().unwrap().files.iter().map(|file| file.outcome).collect()
}

#[tokio::test]
async fn a_layout_confirmed_once_reads_the_next_file_by_itself_and_of_this_organisation_only() {
    let job = Job::new().await;
    let march = job.take("vendite marzo.csv", MARCH).await;
    assert!(march.proposal.is_some(), "{march:#?}");
    let march = job.answer(&march, "Acme Italia").await;
    assert_eq!(
        (march.status, march.vendor.as_deref()),
        (UploadStatus::Completed, Some("acme_italia")),
        "{march:#?}"
    );
    assert_eq!(march.layout.as_deref(), Some("generic"));

    let learned = job.profile("acme_italia").await;
    assert!(learned.active, "{learned:#?}");
    assert_eq!((learned.version, learned.origin), (1, ProfileOrigin::Learned));
    assert_eq!(learned.learned_from, Some(march.id));
    assert_eq!(outcomes(&learned), [TestOutcome::Same], "{:#?}", learned.back_test);

    let april = job.take("vendite aprile.csv", APRIL).await;
    assert_eq!(april.status, UploadStatus::Completed, "{april:#?}");
    assert_eq!((april.layout.as_deref(), april.proposal), (Some("acme_italia@1"), None));

    let other = job.database.seed("other").await;
    let foreign = job.take_as(&other, "vendite aprile.csv", APRIL).await;
    assert_eq!(foreign.status, UploadStatus::NeedsReview, "{foreign:#?}");
}

#[tokio::test]
async fn a_profile_out_of_use_lets_the_file_ask_again_and_confirming_it_again_brings_it_back() {
    let job = Job::new().await;
    job.answer(&job.take("vendite marzo.csv", MARCH).await, "Acme Italia").await;
    let learned = job.profile("acme_italia").await;
    let off = Finding { code: "switched_off".to_owned(), message: "off".to_owned() };
    let mut tenant = job.system(job.seeded.org).await;
    vendor_profiles::deactivate(&mut tenant, learned.id, 1, &off).await.unwrap();
    tenant.commit().await.unwrap();

    let april = job.take("vendite aprile.csv", APRIL).await;
    assert_eq!(april.status, UploadStatus::NeedsReview);
    let april = job.answer(&april, "Acme Italia").await;
    assert_eq!(april.status, UploadStatus::Completed, "{april:#?}");
    let again = job.profile("acme_italia").await;
    assert!(again.active, "{again:#?}");
}

#[tokio::test]
async fn one_confirmation_books_every_held_file_of_the_layout_and_leaves_others_held() {
    let job = Job::new().await;
    let april = job.take("vendite aprile.csv", APRIL).await;
    let stores = job.take("negozi maggio.csv", STORES).await;
    let march = job.take("vendite marzo.csv", MARCH).await;
    job.answer(&march, "Acme Italia").await;
    let april = job.find(job.seeded.org, april.id).await;
    assert_eq!(
        (april.status, april.layout.as_deref()),
        (UploadStatus::Completed, Some("acme_italia@1")),
        "{april:#?}"
    );
    let stores_now = job.find(job.seeded.org, stores.id).await;
    assert_eq!((stores_now.status, stores_now.finished_at), (UploadStatus::NeedsReview, stores.finished_at));
}

#[tokio::test]
async fn another_layout_of_the_vendor_is_a_new_version_that_still_reads_the_first() {
    let job = Job::new().await;
    job.answer(&job.take("vendite marzo.csv", MARCH).await, "Acme Italia").await;
    let stores = job.answer(&job.take("negozi maggio.csv", STORES).await, "acme_italia").await;
    assert_eq!(stores.status, UploadStatus::Completed, "{stores:#?}");
    let second = job.profile("acme_italia").await;
    assert_eq!((second.version, second.active), (2, true), "{second:#?}");
    assert_eq!(outcomes(&second), [TestOutcome::Same, TestOutcome::Same], "{:#?}", second.back_test);
    let april = job.take("vendite aprile.csv", APRIL).await;
    assert_eq!((april.status, april.layout.as_deref()), (UploadStatus::Completed, Some("acme_italia@2")));
}

#[tokio::test]
async fn a_profile_that_contradicts_a_booked_file_is_not_used_and_says_which() {
    let job = Job::new().await;
    let march = job.answer(&job.take("vendite marzo.csv", MARCH).await, "Acme Italia").await;
    let mut wrong = job.profile("acme_italia").await.profile;
    wrong["version"] = 2.into();
    let columns = &mut wrong["layouts"][0]["tables"][0]["columns"];
    let quantity = columns["quantity"].take();
    columns["quantity"] = columns["amount"].take();
    columns["amount"] = quantity;
    let imported = job.import("acme_italia", &wrong, 2).await;
    assert!(!imported.active, "{imported:#?}");
    let reason = imported.inactive.unwrap();
    assert_eq!(reason.code, "contradicts_booked_file", "{reason:?}");
    assert!(reason.message.contains(&march.id.to_string()), "{reason:?}");
    let april = job.take("vendite aprile.csv", APRIL).await;
    assert_eq!(april.layout.as_deref(), Some("acme_italia@1"), "the version before stays in use");
}

#[tokio::test]
async fn a_layout_booked_without_a_question_can_be_kept_afterwards_and_only_once() {
    let job = Job::new().await;
    let march = job.answer(&job.take("vendite marzo.csv", MARCH).await, "Acme Italia").await;
    // As if it had been booked without a wish to keep it.
    sqlx::raw_sql("DELETE FROM vendor_profiles").execute(job.database.admin()).await.unwrap();
    job.ingest(job.seeded.org, march.id).await;
    let kept = job.profile("acme_italia").await;
    assert!(kept.active && kept.learned_from == Some(march.id));
    job.ingest(job.seeded.org, march.id).await;
    assert_eq!(job.profile("acme_italia").await, kept);
}
