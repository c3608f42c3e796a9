//! From a waiting mail to the bytes that are sent, or to the reason why none are.

use cloud::Error as StoreError;
use data::{
    MailLink, SecretToken, Tenant,
    emails::{ClaimedEmail, Outcome},
    mail_choices, mail_wordings, suppressions,
    user_tokens::{self, Purpose},
};
use domain::{
    AccountMail, DOWNLOAD_TIME, EmailStatus, EmailType, MailChoice, MailFile, OrgId, ReminderMail,
    ReportMail, SuppressionReason,
};
use mail::{Additions, Address, Attachment, Download, Envelope, Rendered, Words};
use serde::Deserialize as _;

use crate::Context;

/// A mail that can be sent.
pub(crate) struct Letter {
    pub(crate) to: Address,
    pub(crate) subject: String,
    pub(crate) mime: Vec<u8>,
}

/// What is to be done with a waiting mail.
pub(crate) enum Plan {
    Send(Box<Letter>),
    /// It ends here, or waits for the reader's digest.
    Keep {
        status: EmailStatus,
        subject: Option<String>,
        why: &'static str,
    },
}

impl Plan {
    pub(crate) fn outcome(&self) -> Option<Outcome<'_>> {
        match self {
            Self::Send(_) => None,
            Self::Keep { status, subject, why } => {
                Some(Outcome { status: *status, subject: subject.as_deref(), why })
            }
        }
    }
}

/// Why a mail was not sent.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Undelivered {
    #[error(transparent)]
    Mail(#[from] mail::Error),
    #[error("what it needs could not be read")]
    Data(#[from] data::Error),
    #[error("its reader is disabled or gone")]
    Nobody,
    #[error("there is no file to go with it")]
    NoFile,
    #[error("its file could not be fetched")]
    Store(#[source] StoreError),
    #[error("its file could not be read")]
    Local(#[source] std::io::Error),
}

impl Undelivered {
    /// Whether another try cannot help.
    pub(crate) fn is_permanent(&self) -> bool {
        match self {
            Self::Mail(error) => error.is_permanent(),
            Self::Data(_) | Self::Store(_) | Self::Local(_) => false,
            Self::Nobody | Self::NoFile => true,
        }
    }
}

impl From<StoreError> for Undelivered {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound { .. } => Self::NoFile,
            error => Self::Store(error),
        }
    }
}

/// Looks at who reads it and what belongs to it.
pub(crate) async fn plan(
    ctx: &Context,
    tenant: &mut Tenant,
    email: &ClaimedEmail,
) -> Result<Plan, Undelivered> {
    let (org, kind) = (tenant.org(), email.kind);
    let to: Address = email.recipient.parse()?;
    if let Some(why) = suppressed(tenant, &to, kind).await? {
        return Ok(Plan::Keep { status: EmailStatus::Suppressed, subject: None, why });
    }
    let choice =
        if kind.is_optional() { mail_choices::of(tenant, to.as_str(), kind).await? } else { MailChoice::On };
    if choice == MailChoice::Off {
        let why = "the reader does not want mails of this kind";
        return Ok(Plan::Keep { status: EmailStatus::Muted, subject: None, why });
    }
    let unsubscribe = if kind.is_optional() {
        let token = ctx.db.mail_token(MailLink::Unsubscribe, org, email.id)?;
        Some(format!("{}/v1/unsubscribe/{token}", ctx.api_url))
    } else {
        None
    };
    let held = choice == MailChoice::Digest && kind.can_wait();
    let file = if kind == EmailType::ReportReady { Some(file(ctx, org, email).await?) } else { None };
    let token = match purpose(kind) {
        Some(purpose) => issue(ctx, org, email, purpose).await?.into_text(),
        None => String::new(),
    };
    let wording = mail_wordings::of(tenant, kind).await?;
    let download = file.as_ref().and_then(|file| file.download.clone());
    let additions = Additions {
        token: &token,
        download,
        unsubscribe: unsubscribe.as_deref(),
        words: Words { subject: wording.subject.as_deref(), intro: wording.intro.as_deref() },
    };
    let rendered = ctx.templates.render(kind, &email.payload, &additions)?;
    if held {
        let why = "the reader wants mails of this kind once a day";
        return Ok(Plan::Keep { status: EmailStatus::Held, subject: Some(rendered.subject), why });
    }
    let mime = compose(ctx, email, &to, &rendered, unsubscribe.as_deref(), file)?;
    Ok(Plan::Send(Box::new(Letter { to, subject: rendered.subject, mime })))
}

fn compose(
    ctx: &Context,
    email: &ClaimedEmail,
    to: &Address,
    rendered: &Rendered,
    unsubscribe: Option<&str>,
    file: Option<File>,
) -> Result<Vec<u8>, Undelivered> {
    let reply_to: Option<Address> = match email.kind {
        EmailType::FileReminder => {
            let mail = ReminderMail::deserialize(&email.payload)
                .map_err(|source| mail::Error::Payload { source })?;
            mail.reply_to.map(|address| address.parse()).transpose()?
        }
        _ => None,
    };
    let envelope = Envelope {
        id: email.id,
        made_at: email.created_at,
        request_id: email.request_id.as_deref(),
        from: &ctx.from,
        to,
        reply_to: reply_to.as_ref(),
        unsubscribe,
    };
    let Some(File { about, bytes: Some(bytes), .. }) = file else {
        return Ok(mail::compose(&envelope, rendered, None)?);
    };
    let attachment = Attachment { name: &about.name, media_type: mail::media_type(about.format), bytes };
    Ok(mail::compose(&envelope, rendered, Some(attachment))?)
}

/// An account mail was asked for by its reader a moment ago: a complaint about other mails does not lock anybody out.
async fn suppressed(
    tenant: &mut Tenant,
    to: &Address,
    kind: EmailType,
) -> Result<Option<&'static str>, Undelivered> {
    Ok(match suppressions::of_address(tenant, to.as_str()).await? {
        Some(SuppressionReason::Bounce) => Some("an earlier mail to this address came back"),
        Some(SuppressionReason::Complaint) if !kind.is_about_account() => {
            Some("the reader has called an earlier mail spam")
        }
        Some(SuppressionReason::Complaint) | None => None,
    })
}

/// The file of a report: its bytes, or where they can be fetched.
struct File {
    about: MailFile,
    bytes: Option<Vec<u8>>,
    download: Option<Download>,
}

/// A mail without its file is no mail: whatever is wrong here, nothing is sent.
async fn file(ctx: &Context, org: OrgId, email: &ClaimedEmail) -> Result<File, Undelivered> {
    let mail = ReportMail::deserialize(&email.payload).map_err(|source| mail::Error::Payload { source })?;
    let about = mail.file.ok_or(Undelivered::NoFile)?;
    // A payload that names another organisation's file is a mistake of ours, and stays one without effect.
    if !about.object_key.starts_with(&format!("reports/{org}/")) {
        return Err(Undelivered::NoFile);
    }
    let size = ctx.reports.head(&about.object_key).await?.ok_or(Undelivered::NoFile)?.size_bytes;
    let most = mail::max_attached_bytes(about.format);
    if size > most {
        let token = ctx.db.mail_token(MailLink::File, org, email.id)?;
        let url = format!("{}/v1/mail-files/{token}", ctx.api_url);
        let download = Some(Download { url, until: email.created_at + DOWNLOAD_TIME });
        return Ok(File { about, bytes: None, download });
    }
    let copy = ctx.reports.copy_locally(&about.object_key, most).await?;
    let bytes = tokio::fs::read(copy.path()).await.map_err(Undelivered::Local)?;
    Ok(File { about, bytes: Some(bytes), download: None })
}

/// What the token is good for that a mail of this kind carries.
fn purpose(kind: EmailType) -> Option<Purpose> {
    match kind {
        EmailType::EmailVerification => Some(Purpose::EmailVerification),
        EmailType::PasswordReset => Some(Purpose::PasswordReset),
        EmailType::Invitation => Some(Purpose::Invitation),
        _ => None,
    }
}

/// Makes the token of a mail, known before the mail is out: in a transaction of its own. Nothing but the mail ever has its
/// text.
async fn issue(
    ctx: &Context,
    org: OrgId,
    email: &ClaimedEmail,
    purpose: Purpose,
) -> Result<SecretToken, Undelivered> {
    let about = AccountMail::deserialize(&email.payload).map_err(|source| mail::Error::Payload { source })?;
    let mut tenant = ctx.db.system(org).await?;
    let token = user_tokens::issue(&mut tenant, about.user_id, purpose).await?.ok_or(Undelivered::Nobody)?;
    tenant.commit().await?;
    Ok(token)
}
