//! What is kept about a person who works with Shelfline: all of it at once, and none of it any more.

use domain::UserId;
use serde_json::Value;

use crate::{Error, Result, Tenant};

/// Where an erased person's address stood.
const TOMBSTONE: &str = "erased@removed.invalid";

/// Everything about a user, as one object; `None` for nobody of this organisation.
///
/// The account, its identities and sessions, the mails sent to it, its keys and the policies about it, and what it has done.
/// No secret is among it.
///
/// # Errors
/// When the database fails.
pub async fn export(tenant: &mut Tenant, user: UserId) -> Result<Option<Value>> {
    sqlx::query_scalar(
        "SELECT jsonb_build_object(
             'user', jsonb_build_object('id', u.id, 'email', u.email, 'full_name', u.full_name, 'role', u.role,
                 'created_at', u.created_at, 'joined_at', u.joined_at, 'email_verified_at', u.email_verified_at,
                 'disabled_at', u.disabled_at, 'removed_at', u.removed_at,
                 'has_password', u.password_hash IS NOT NULL,
                 'mfa_enabled', EXISTS (SELECT FROM mfa_factors m WHERE m.user_id = u.id AND m.confirmed_at IS NOT NULL)),
             'identities', coalesce((SELECT jsonb_agg(jsonb_build_object('id', i.id, 'provider', i.provider,
                 'issuer', i.issuer, 'subject', i.subject, 'email', i.email, 'created_at', i.created_at,
                 'last_used_at', i.last_used_at) ORDER BY i.id) FROM identities i WHERE i.user_id = u.id), '[]'),
             'sessions', coalesce((SELECT jsonb_agg(jsonb_build_object('id', s.id, 'ip', s.ip,
                 'user_agent', s.user_agent, 'created_at', s.created_at, 'last_used_at', s.last_used_at,
                 'ended_at', s.ended_at) ORDER BY s.id) FROM sessions s WHERE s.user_id = u.id), '[]'),
             'emails', coalesce((SELECT jsonb_agg(jsonb_build_object('id', e.id, 'type', e.type,
                 'recipient', e.recipient, 'subject', e.subject, 'status', e.status, 'created_at', e.created_at,
                 'sent_at', e.sent_at) ORDER BY e.id) FROM email_logs e
                 WHERE e.recipient = u.email OR e.payload->>'user_id' = u.id::text), '[]'),
             'api_keys', coalesce((SELECT jsonb_agg(jsonb_build_object('id', k.id, 'name', k.name, 'prefix', k.prefix,
                 'scopes', k.scopes, 'created_at', k.created_at, 'expires_at', k.expires_at,
                 'last_used_at', k.last_used_at, 'revoked_at', k.revoked_at) ORDER BY k.id)
                 FROM api_keys k WHERE k.created_by = u.id), '[]'),
             'policies', coalesce((SELECT jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'effect', p.effect,
                 'permission', p.permission, 'vendors', p.vendors, 'stores', p.stores, 'countries', p.countries)
                 ORDER BY p.id) FROM policies p WHERE p.user_id = u.id), '[]'),
             'conversations', coalesce((SELECT jsonb_agg(jsonb_build_object('id', c.id, 'title', c.title, 'created_at', c.created_at,
                 'messages', (SELECT jsonb_agg(jsonb_build_object('question', m.question, 'answer', m.answer,
                     'created_at', m.created_at) ORDER BY m.id) FROM messages m WHERE m.conversation_id = c.id)) ORDER BY c.id)
                 FROM conversations c WHERE c.subject = u.id), '[]'),
             'documents', coalesce((SELECT jsonb_agg(jsonb_build_object('id', d.id, 'title', d.title, 'created_at', d.created_at)
                 ORDER BY d.id) FROM documents d WHERE d.created_by = u.id), '[]'),
             'reports', coalesce((SELECT jsonb_agg(jsonb_build_object('id', r.id, 'kind', r.kind, 'from', r.first_day,
                 'to', r.last_day, 'created_at', r.created_at) ORDER BY r.id) FROM reports r
                 WHERE r.on_behalf_of = u.id OR u.email = ANY (r.recipients)), '[]'),
             'report_schedules', coalesce((SELECT jsonb_agg(jsonb_build_object('id', s.id, 'name', s.name,
                 'created_at', s.created_at) ORDER BY s.id) FROM report_schedules s
                 WHERE s.owner = u.id OR s.recipients @> jsonb_build_array(jsonb_build_object('address', u.email))), '[]'),
             'mail_choices', coalesce((SELECT jsonb_agg(jsonb_build_object('type', c.type, 'choice', c.choice,
                 'updated_at', c.updated_at) ORDER BY c.type) FROM mail_choices c WHERE c.address = lower(u.email)), '[]'),
             'alerts', coalesce((SELECT jsonb_agg(jsonb_build_object('id', a.id, 'name', a.name, 'created_at', a.created_at)
                 ORDER BY a.id) FROM alerts a WHERE a.owner = u.id OR u.id = ANY (a.recipients)), '[]'),
             'uploads', coalesce((SELECT jsonb_agg(jsonb_build_object('id', f.id, 'file_name', f.file_name,
                 'created_at', f.created_at) ORDER BY f.id) FROM uploads f WHERE f.created_by = u.id), '[]'))
         FROM users u WHERE u.id = $1",
    )
    .bind(user.0)
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("personal_data.export"))
}

/// Whether this was a user who has been removed.
///
/// # Errors
/// When the database fails.
pub async fn is_removed(tenant: &mut Tenant, user: UserId) -> Result<bool> {
    sqlx::query_scalar("SELECT EXISTS (SELECT FROM users WHERE id = $1 AND removed_at IS NOT NULL)")
        .bind(user.0)
        .fetch_one(&mut **tenant)
        .await
        .map_err(Error::query("personal_data.is_removed"))
}

/// Takes a user's address and name out of the mails that were sent, and gives up those that were not. Call it before the
/// user is removed, as long as the address is known.
///
/// # Errors
/// When the database fails.
pub async fn erase_mails(tenant: &mut Tenant, user: UserId) -> Result<()> {
    sqlx::query(
        "WITH events AS (
             UPDATE email_events v SET detail = NULL FROM email_logs e, users u
             WHERE v.email_id = e.id AND u.id = $1 AND (e.recipient = u.email OR e.payload->>'user_id' = u.id::text)),
         suppressed AS (
             DELETE FROM suppressed_addresses s USING users u WHERE u.id = $1 AND s.address = lower(u.email)),
         choices AS (
             DELETE FROM mail_choices c USING users u WHERE u.id = $1 AND c.address = lower(u.email))
         UPDATE email_logs e SET recipient = $2, subject = NULL,
             status = CASE WHEN e.status IN ('queued', 'sending', 'held') THEN 'failed' ELSE e.status END,
             error = CASE WHEN e.status IN ('queued', 'sending', 'held') THEN 'the recipient was erased' ELSE NULL END
         FROM users u WHERE u.id = $1 AND (e.recipient = u.email OR e.payload->>'user_id' = u.id::text)",
    )
    .bind(user.0)
    .bind(TOMBSTONE)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("personal_data.erase_mails"))?;
    sqlx::query(
        "UPDATE email_logs e SET payload = jsonb_set(e.payload, '{invited_by}', 'null')
         FROM users u WHERE u.id = $1 AND e.payload->>'invited_by' IN (u.email, u.full_name)",
    )
    .bind(user.0)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("personal_data.erase_invitations"))?;
    sqlx::query(
        "UPDATE email_logs e SET payload = jsonb_set(e.payload, '{reply_to}', 'null')
         FROM users u WHERE u.id = $1 AND e.payload->>'reply_to' = u.email",
    )
    .bind(user.0)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("personal_data.erase_answers_to"))?;
    Ok(())
}

/// Takes a user out of the reports that were sent to it, the schedules that send more, and the alerts that tell it of figures.
///
/// Call it before the user is removed, as long as the address is known, in a transaction of the system: reports are their readers' own.
///
/// # Errors
/// When the database fails.
pub async fn erase_recipients(tenant: &mut Tenant, user: UserId) -> Result<()> {
    for (statement, what) in [
        (
            "UPDATE reports r SET recipients = array_remove(r.recipients, u.email)
             FROM users u WHERE u.id = $1 AND u.email = ANY (r.recipients)",
            "personal_data.erase_reports",
        ),
        (
            "UPDATE report_schedules s SET version = s.version + 1, recipients = (
                 SELECT coalesce(jsonb_agg(one), '[]') FROM jsonb_array_elements(s.recipients) AS one WHERE one->>'address' <> u.email)
             FROM users u WHERE u.id = $1 AND s.recipients @> jsonb_build_array(jsonb_build_object('address', u.email))",
            "personal_data.erase_schedules",
        ),
        (
            "UPDATE report_runs r SET left_out = (
                 SELECT coalesce(jsonb_agg(one), '[]') FROM jsonb_array_elements(r.left_out) AS one WHERE one->>'address' <> u.email)
             FROM users u WHERE u.id = $1 AND r.left_out @> jsonb_build_array(jsonb_build_object('address', u.email))",
            "personal_data.erase_runs",
        ),
        (
            "UPDATE alerts a SET version = a.version + 1, recipients = array_remove(a.recipients, u.id)
             FROM users u WHERE u.id = $1 AND u.id = ANY (a.recipients)",
            "personal_data.erase_alerts",
        ),
        ("DELETE FROM alert_checks WHERE subject = $1", "personal_data.erase_checks"),
    ] {
        sqlx::query(statement).bind(user.0).execute(&mut **tenant).await.map_err(Error::query(what))?;
    }
    Ok(())
}

/// Takes away what else remains of a removed user: sessions with their addresses, stored answers, keys, policies. Ids stay where
/// somebody has to answer for what was done. Doing it again changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn erase_traces(tenant: &mut Tenant, user: UserId) -> Result<()> {
    for (statement, what) in [
        ("DELETE FROM sessions WHERE user_id = $1", "personal_data.erase_sessions"),
        ("DELETE FROM conversations WHERE subject = $1", "personal_data.erase_conversations"),
        // Its own answers, and those of others that show it.
        (
            "DELETE FROM idempotency_keys WHERE subject = $1 OR response::text LIKE '%' || $1::text || '%'",
            "personal_data.erase_answers",
        ),
        (
            "UPDATE api_keys SET name = 'erased', revoked_at = coalesce(revoked_at, now()) WHERE created_by = $1",
            "personal_data.erase_keys",
        ),
        ("DELETE FROM policies WHERE user_id = $1", "personal_data.erase_policies"),
    ] {
        sqlx::query(statement).bind(user.0).execute(&mut **tenant).await.map_err(Error::query(what))?;
    }
    Ok(())
}
