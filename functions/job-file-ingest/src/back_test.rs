//! What a profile does to files that were booked before. Nothing is booked here.

use std::{sync::Arc, time::Duration};

use chrono::Utc;
use data::{
    Tenant, reference,
    uploads::{self, Upload},
};
use domain::{BackTest, Reference, Report, StatedPeriod, TestOutcome, TestedFile, UploadId};
use ingest::{Input, Profile, Profiles, Refusal};
use tokio::{task, time::Instant};

use crate::{Context, profiles};

/// Files of each kind that are tested: the vendor's own, and one of every other layout.
const FILES_MAX: u32 = 8;

/// Larger files are left out: the upload that taught the profile waits for the test.
const FILE_BYTES_MAX: u64 = 20 * 1024 * 1024;

/// After this no further file is begun.
const TIME: Duration = Duration::from_secs(20);

/// Differing periods that are kept of a file.
const DIFFERENCES_MAX: usize = 20;

/// One reading of earlier files, with the profile among all others in use.
pub(crate) struct Trial<'a> {
    ctx: &'a Context,
    profile: &'a Profile,
    profiles: Arc<Profiles>,
    reference: Arc<Reference>,
    learned_from: Option<UploadId>,
    deadline: Instant,
}

/// Reads the newest booked files with a profile. Of the upload that taught it everything is taken away that the profile
/// should know by itself now.
pub(crate) async fn run(
    ctx: &Context,
    tenant: &mut Tenant,
    profile: &Profile,
    learned_from: Option<UploadId>,
) -> anyhow::Result<BackTest> {
    let earlier = uploads::list_for_test(tenant, profile.vendor(), FILES_MAX).await?;
    let trial = Trial::new(ctx, tenant, profile, learned_from, Instant::now() + TIME).await?;
    let mut files = Vec::with_capacity(earlier.len());
    for upload in &earlier {
        let stated = uploads::stated(tenant, upload.id).await?;
        files.push(trial.test(upload, &stated).await?);
    }
    Ok(BackTest { tested_at: Utc::now(), files })
}

impl<'a> Trial<'a> {
    pub(crate) async fn new(
        ctx: &'a Context,
        tenant: &mut Tenant,
        profile: &'a Profile,
        learned_from: Option<UploadId>,
        deadline: Instant,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            ctx,
            profile,
            profiles: Arc::new(profiles::with(ctx, tenant, profile).await?),
            reference: Arc::new(Reference::new(&reference::load(tenant).await?)),
            learned_from,
            deadline,
        })
    }

    /// Whether the profile reads a held file without a question and with totals that tie. What cannot be tried stays held.
    pub(crate) async fn would_book(&self, upload: &Upload) -> anyhow::Result<bool> {
        if Instant::now() > self.deadline {
            return Ok(false);
        }
        let copy = match self.ctx.inbox.copy_locally(&upload.object_key, FILE_BYTES_MAX).await {
            Ok(copy) => copy,
            Err(cloud::Error::NotFound { .. } | cloud::Error::TooLarge { .. }) => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        let Ok(Ok(report)) = self.read(upload, copy).await else { return Ok(false) };
        Ok(!report.holds() && self.is_by_profile(&report))
    }

    fn is_by_profile(&self, report: &Report) -> bool {
        report.layout.as_deref() == Some(self.profile.layout_id().as_str())
    }

    async fn test(&self, upload: &Upload, booked: &[StatedPeriod]) -> anyhow::Result<TestedFile> {
        let told = |outcome, message: Option<String>| TestedFile {
            upload_id: upload.id,
            file_name: upload.file_name.clone(),
            outcome,
            message,
            differences: Vec::new(),
        };
        let untested = |message: &str| Ok(told(TestOutcome::Untested, Some(message.to_owned())));
        if Instant::now() > self.deadline {
            return untested("There was no time left for it.");
        }
        let copy = match self.ctx.inbox.copy_locally(&upload.object_key, FILE_BYTES_MAX).await {
            Ok(copy) => copy,
            Err(cloud::Error::NotFound { .. }) => return untested("The file is no longer there."),
            Err(cloud::Error::TooLarge { .. }) => return untested("The file is too large for a test."),
            Err(error) => return Err(error.into()),
        };
        let Ok(read) = self.read(upload, copy).await else {
            return untested("The file could not be read for a test.");
        };
        Ok(match read {
            Err(refusal) if refusal.vendor.as_deref() == Some(self.profile.vendor()) => {
                told(TestOutcome::Differs, Some(format!("It would be rejected: {refusal}")))
            }
            Err(_) => told(TestOutcome::Unaffected, None),
            Ok(report) => self.compared(upload, booked, &report, told),
        })
    }

    fn compared(
        &self,
        upload: &Upload,
        booked: &[StatedPeriod],
        report: &Report,
        told: impl Fn(TestOutcome, Option<String>) -> TestedFile,
    ) -> TestedFile {
        let ambiguous = report.questions.iter().any(|question| question.code == "vendor_ambiguous");
        if !self.is_by_profile(report) && !ambiguous {
            return told(TestOutcome::Unaffected, report.layout.clone().map(|by| format!("Read by {by}.")));
        }
        let mut differences = StatedPeriod::differences(booked, &report.periods);
        // Other figures than those booked, and such as nobody sells at: that is no open question.
        let swapped = report.questions.iter().any(|question| question.code == "figures_implausible");
        if !report.questions.is_empty() && (differences.is_empty() || !swapped) {
            let codes: Vec<&str> = report.questions.iter().map(|question| question.code.as_str()).collect();
            return told(TestOutcome::Asks, Some(codes.join(", ")));
        }
        if report.vendor != upload.vendor {
            let vendor = upload.vendor.as_deref().unwrap_or_default();
            return told(TestOutcome::Differs, Some(format!("It was booked as a file of {vendor}.")));
        }
        if differences.is_empty() {
            return told(TestOutcome::Same, None);
        }
        let message = format!("{} periods differ from what was booked.", differences.len());
        differences.truncate(DIFFERENCES_MAX);
        TestedFile { differences, ..told(TestOutcome::Differs, Some(message)) }
    }

    /// Reads on a thread of its own; fails when the parser panics.
    async fn read(
        &self,
        upload: &Upload,
        copy: cloud::LocalCopy,
    ) -> Result<Result<Report, Refusal>, task::JoinError> {
        let by_itself = self.learned_from == Some(upload.id);
        let vendor_hint = upload.vendor_hint.clone().filter(|_| !by_itself);
        let given = upload.answers.iter().filter(|answer| !by_itself || answer.id != "vendor");
        let answers: Vec<(String, String)> =
            given.map(|answer| (answer.id.clone(), answer.value.clone())).collect();
        let (profiles, reference) = (self.profiles.clone(), self.reference.clone());
        let file_name = upload.file_name.clone();
        task::spawn_blocking(move || {
            let input = Input {
                path: copy.path(),
                file_name: &file_name,
                vendor_hint: vendor_hint.as_deref(),
                answers: &answers,
            };
            ingest::parse(&input, &profiles, &reference, &mut |_| {})
        })
        .await
    }
}
