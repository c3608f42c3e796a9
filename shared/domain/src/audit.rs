//! What the audit trail tells of: one word for each thing that can be done.

use serde::{Deserialize, Serialize};

use crate::words::words;

words!(
    /// What somebody did or tried. Words are stored for ever: a new one is added, an old one never changes its meaning.
    Action {
        OrganizationRegistered = "organization_registered",
        /// With a password, a second factor, an invitation or an identity provider; `details` say which, or why not.
        SignIn = "sign_in",
        /// The password was right; the sign-in waits for the second factor.
        SecondFactorAsked = "second_factor_asked",
        SignOut = "sign_out",
        /// Somebody's session was ended in another place.
        SessionEnded = "session_ended",
        /// A used refresh token came back: its session ended.
        RefreshTokenReused = "refresh_token_reused",
        PasswordChanged = "password_changed",
        PasswordReset = "password_reset",
        EmailVerified = "email_verified",
        IdentityLinked = "identity_linked",
        IdentityUnlinked = "identity_unlinked",
        MfaEnabled = "mfa_enabled",
        MfaDisabled = "mfa_disabled",
        /// A call that its caller may not make, refused by the edge or by the database.
        AccessDenied = "access_denied",
        /// The first call of many that a limit refused.
        LimitReached = "limit_reached",
        UserInvited = "user_invited",
        UserUpdated = "user_updated",
        UserRemoved = "user_removed",
        /// Everything kept about somebody was handed out.
        UserExported = "user_exported",
        UserErased = "user_erased",
        /// Its name, fiscal year or time zone.
        OrganizationUpdated = "organization_updated",
        RetentionRuleUpdated = "retention_rule_updated",
        RoleCreated = "role_created",
        RoleUpdated = "role_updated",
        RoleDeleted = "role_deleted",
        PolicyCreated = "policy_created",
        PolicyUpdated = "policy_updated",
        PolicyDeleted = "policy_deleted",
        ApiKeyCreated = "api_key_created",
        ApiKeyRotated = "api_key_rotated",
        ApiKeyRevoked = "api_key_revoked",
        UploadCreated = "upload_created",
        /// A file was read: `details` say how it ended.
        UploadIngested = "upload_ingested",
        UploadAnswered = "upload_answered",
        UploadApproved = "upload_approved",
        UploadRetried = "upload_retried",
        UploadReplayed = "upload_replayed",
        UploadUndone = "upload_undone",
        OriginalDownloaded = "original_downloaded",
        RejectsDownloaded = "rejects_downloaded",
        CatalogueImported = "catalogue_imported",
        /// Somebody's own statement of SQL; `details` say what came of it.
        SqlRun = "sql_run",
        /// Which language models are asked.
        ModelsChosen = "models_chosen",
        ProductCreated = "product_created",
        ProductUpdated = "product_updated",
        VendorCreated = "vendor_created",
        VendorUpdated = "vendor_updated",
        PriceUpdated = "price_updated",
        PriceRemoved = "price_removed",
        FxRateUpdated = "fx_rate_updated",
        FxRateRemoved = "fx_rate_removed",
        CategoryRenamed = "category_renamed",
        AliasConfirmed = "alias_confirmed",
        AliasWithdrawn = "alias_withdrawn",
        StoreConfirmed = "store_confirmed",
        StoreUpdated = "store_updated",
        StoreAliasWithdrawn = "store_alias_withdrawn",
        KnownGapCreated = "known_gap_created",
        KnownGapUpdated = "known_gap_updated",
        KnownGapDeleted = "known_gap_deleted",
        VendorProfileCreated = "vendor_profile_created",
        VendorProfileUpdated = "vendor_profile_updated",
        /// On booked files, after which it is put to use or not.
        VendorProfileTested = "vendor_profile_tested",
        /// By a retention rule; `details` say of what kind and how many.
        RecordsRemoved = "records_removed",
        AuditExported = "audit_exported",
        ExportRequested = "export_requested",
        /// A file was made of a list or an analysis, or could not be: `details` say of what, as what, and how many rows.
        ExportGenerated = "export_generated",
        /// The link to that file was given out, or a short list was answered as a file.
        ExportDownloaded = "export_downloaded",
        /// A question in the chat: `details` hold the SQL and what the gate said of it.
        ChatQueried = "chat_queried",
        /// Its asker said whether an answer is right.
        AnswerJudged = "answer_judged",
        ConversationRenamed = "conversation_renamed",
        ConversationDeleted = "conversation_deleted",
        /// A text that questions may be about.
        DocumentAdded = "document_added",
        DocumentDeleted = "document_deleted",
        /// An organisation's own words in mails of one kind.
        EmailTemplateUpdated = "email_template_updated",
        /// Which mails somebody wants.
        NotificationsUpdated = "notifications_updated",
        /// Mails may go again to an address that had bounced or complained.
        SuppressionLifted = "suppression_lifted",
        ReportDelivered = "report_delivered",
        ReportRequested = "report_requested",
        /// A report was made, or could not be: `details` say which.
        ReportGenerated = "report_generated",
        /// The link to its file was given out.
        ReportDownloaded = "report_downloaded",
        /// A vendor's file has not come in time.
        LateFileNoticed = "late_file_noticed",
        /// It came, is not expected any more, or is missing again: `details` say which.
        LateFileFollowed = "late_file_followed",
        ReminderUpdated = "reminder_updated",
        /// With it, it was sent to the retailer.
        ReminderApproved = "reminder_approved",
        ReminderDismissed = "reminder_dismissed",
        AlertCreated = "alert_created",
        AlertUpdated = "alert_updated",
        AlertDeleted = "alert_deleted",
        /// Somebody was told of figures that are out of bounds.
        AlertRaised = "alert_raised",
        /// It watches no more, and `details` say why.
        AlertStopped = "alert_stopped",
        /// What it showed is not what the books say any more.
        ReportOutdated = "report_outdated",
        ReportScheduleCreated = "report_schedule_created",
        ReportScheduleUpdated = "report_schedule_updated",
        ReportScheduleDeleted = "report_schedule_deleted",
        /// A due time came, or somebody had it run now: `details` say what for.
        ReportScheduleRun = "report_schedule_run",
        /// It runs no more, and `details` say why.
        ReportScheduleStopped = "report_schedule_stopped",
    }
);

words!(
    /// What became of it.
    AuditOutcome {
        Allowed = "allowed",
        /// Refused for want of a right, or by a limit.
        Denied = "denied",
        /// Tried, and it did not succeed: a wrong password, a file that cannot be used.
        Failed = "failed",
    }
);

words!(
    /// Who did it.
    ActorKind {
        User = "user",
        ApiKey = "api_key",
        /// A job, or nobody in particular.
        System = "system",
        /// Somebody who is not known.
        Anonymous = "anonymous",
    }
);
