//! Who may call what: every route of template.yaml, asked by everybody there is.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use e2e::{Account, Stack};

use crate::{
    callers::{self, Call, Role, Who},
    tree,
};

/// What a route asks of its caller.
#[derive(Debug, Clone, Copy)]
enum Needs {
    /// Nobody in particular.
    Nothing,
    /// Somebody, person or key.
    Caller,
    /// Somebody with an account.
    Person,
    /// All of these; the first role that has them, and the roles above it.
    Permissions(&'static [&'static str], Role),
}

use Needs::{Caller, Nothing, Permissions, Person};
use Role::{Admin, Analyst, Viewer};

/// A route, what it needs, a call of it that changes nothing, and what that answers to whoever may make it. The id is nobody's.
pub(crate) struct Row {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    needs: Needs,
    pub(crate) body: &'static str,
    allowed: u16,
}

const fn row(
    method: &'static str,
    path: &'static str,
    needs: Needs,
    body: &'static str,
    allowed: u16,
) -> Row {
    Row { method, path, needs, body, allowed }
}

const USERS: Needs = Permissions(&["users:manage"], Admin);
const RIGHTS: Needs = Permissions(&["roles:manage"], Admin);
const KEYS: Needs = Permissions(&["keys:manage"], Admin);
const AUDIT: Needs = Permissions(&["audit:read"], Admin);
const EMAILS: Needs = Permissions(&["emails:read"], Analyst);
const SEE_UPLOADS: Needs = Permissions(&["uploads:read"], Viewer);
const UPLOAD: Needs = Permissions(&["uploads:write"], Analyst);
const APPROVE: Needs = Permissions(&["uploads:approve"], Admin);
const ORIGINALS: Needs = Permissions(&["uploads:read", "originals:read"], Analyst);
const SALES: Needs = Permissions(&["sales:read"], Viewer);
const SUMS: Needs = Permissions(&["analytics:read"], Viewer);
const REPORTS: Needs = Permissions(&["reports:read"], Viewer);
const SCHEDULES: Needs = Permissions(&["reports:write"], Analyst);
const ASSISTANT: Needs = Permissions(&["analytics:read", "catalogue:write"], Analyst);
const CATALOGUE: Needs = Permissions(&["catalogue:write"], Analyst);
const SEE_VENDORS: Needs = Permissions(&["vendors:read"], Viewer);
const VENDORS: Needs = Permissions(&["vendors:write"], Analyst);
const TRY_VENDORS: Needs = Permissions(&["vendors:read", "uploads:read"], Viewer);

/// The matrix. A route of template.yaml that is missing here fails the first test below.
#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    row("POST", "/v1/auth/register", Nothing, "{}", 422),
    row("POST", "/v1/auth/login", Nothing, "{}", 422),
    row("POST", "/v1/auth/login/mfa", Nothing, "{}", 422),
    row("POST", "/v1/auth/refresh", Nothing, "{}", 422),
    row("POST", "/v1/auth/password/forgot", Nothing, "{}", 422),
    row("POST", "/v1/auth/password/reset", Nothing, "{}", 422),
    row("POST", "/v1/auth/email/verify", Nothing, "{}", 422),
    row("POST", "/v1/auth/invitations/accept", Nothing, "{}", 422),
    row("GET", "/v1/auth/providers", Nothing, "", 200),
    row("POST", "/v1/auth/oidc/{provider}/start", Nothing, "", 404),
    row("POST", "/v1/auth/oidc/{provider}/callback", Nothing, r#"{"code":"c","state":"s","binding":"b"}"#, 404),
    row("GET", "/.well-known/jwks.json", Nothing, "", 200),
    row("GET", "/v1/health", Nothing, "", 200),
    row("GET", "/v1/openapi.json", Nothing, "", 200),
    row("GET", "/v1/me", Caller, "", 200),
    row("GET", "/v1/roles", Caller, "", 200),
    row("POST", "/v1/auth/logout", Person, r#"{"refresh_token":"none"}"#, 204),
    row("POST", "/v1/auth/password", Person, "{}", 422),
    row("POST", "/v1/auth/email/resend", Person, "", 409),
    row("POST", "/v1/auth/mfa", Person, "", 201),
    row("POST", "/v1/auth/mfa/confirm", Person, "{}", 422),
    row("DELETE", "/v1/auth/mfa", Person, "{}", 422),
    row("GET", "/v1/me/identities", Person, "", 200),
    row("POST", "/v1/me/identities", Person, "{}", 422),
    row("DELETE", "/v1/me/identities/{id}", Person, "", 404),
    row("GET", "/v1/sessions", Person, "", 200),
    row("DELETE", "/v1/sessions/{id}", Person, "", 404),
    row("GET", "/v1/users", USERS, "", 200),
    row("POST", "/v1/users", USERS, "{}", 422),
    row("GET", "/v1/users/{id}", USERS, "", 404),
    row("PATCH", "/v1/users/{id}", USERS, r#"{"role":"viewer"}"#, 404),
    row("DELETE", "/v1/users/{id}", USERS, "", 404),
    row("GET", "/v1/users/{id}/export", Person, "", 404),
    row("POST", "/v1/users/{id}/erase", USERS, "", 404),
    row("POST", "/v1/users/{id}/invitation", USERS, "", 404),
    row("DELETE", "/v1/users/{id}/mfa", USERS, "", 404),
    row("POST", "/v1/roles", RIGHTS, "{}", 422),
    row("PATCH", "/v1/roles/{name}", RIGHTS, r#"{"description":"mine"}"#, 404),
    row("DELETE", "/v1/roles/{name}", RIGHTS, "", 404),
    row("GET", "/v1/policies", RIGHTS, "", 200),
    row("POST", "/v1/policies", RIGHTS, "{}", 422),
    row("PATCH", "/v1/policies/{id}", RIGHTS, r#"{"name":"mine","subject":{"role":"viewer"},"rows":{"vendors":["x"]}}"#, 404),
    row("DELETE", "/v1/policies/{id}", RIGHTS, "", 404),
    row("GET", "/v1/retention-rules", RIGHTS, "", 200),
    row("PUT", "/v1/retention-rules/{kind}", RIGHTS, r#"{"days":30}"#, 404),
    row("GET", "/v1/api-keys", KEYS, "", 200),
    row("POST", "/v1/api-keys", KEYS, "{}", 422),
    row("POST", "/v1/api-keys/{id}/rotate", KEYS, "", 404),
    row("DELETE", "/v1/api-keys/{id}", KEYS, "", 404),
    row("GET", "/v1/audit", AUDIT, "", 200),
    row("GET", "/v1/audit/export", AUDIT, "", 200),
    row("GET", "/v1/audit/verify", AUDIT, "", 200),
    row("GET", "/v1/emails", EMAILS, "", 200),
    row("GET", "/v1/emails/{id}", EMAILS, "", 404),
    row("GET", "/v1/mail-files/{token}", Nothing, "", 404),
    row("GET", "/v1/email-templates", EMAILS, "", 200),
    row("PUT", "/v1/email-templates/{type}", RIGHTS, "{}", 404),
    row("POST", "/v1/email-templates/{type}/preview", EMAILS, "{}", 404),
    row("GET", "/v1/me/notifications", Person, "", 200),
    row("PUT", "/v1/me/notifications", Person, r#"{"choices":{"mine":"off"}}"#, 422),
    row("GET", "/v1/email-suppressions", EMAILS, "", 200),
    row("DELETE", "/v1/email-suppressions/{id}", USERS, "", 404),
    row("GET", "/v1/unsubscribe/{token}", Nothing, "", 404),
    row("POST", "/v1/unsubscribe/{token}", Nothing, "", 404),
    row("POST", "/v1/uploads", UPLOAD, "{}", 422),
    row("GET", "/v1/uploads", SEE_UPLOADS, "", 200),
    row("GET", "/v1/rejects", SEE_UPLOADS, "", 200),
    row("GET", "/v1/uploads/{id}", SEE_UPLOADS, "", 404),
    row("GET", "/v1/uploads/{id}/rejects", SEE_UPLOADS, "", 404),
    row("GET", "/v1/uploads/{id}/original", ORIGINALS, "", 404),
    row("GET", "/v1/uploads/{id}/changes", SEE_UPLOADS, "", 404),
    row("DELETE", "/v1/uploads/{id}", UPLOAD, "", 404),
    row("POST", "/v1/uploads/{id}/answers", UPLOAD, r#"{"answers":[{"id":"vendor","value":"mine"}]}"#, 404),
    row("POST", "/v1/uploads/{id}/approve", APPROVE, r#"{"reason":"mine now"}"#, 404),
    row("POST", "/v1/uploads/{id}/retry", UPLOAD, "", 404),
    row("POST", "/v1/uploads/{id}/replay", UPLOAD, "", 404),
    row("GET", "/v1/vendor-profiles", SEE_VENDORS, "", 200),
    row("GET", "/v1/vendor-profiles/{id}", SEE_VENDORS, "", 404),
    row("POST", "/v1/vendor-profiles", VENDORS, "{}", 422),
    row("PATCH", "/v1/vendor-profiles/{id}", VENDORS, r#"{"version":1,"active":false}"#, 404),
    row("POST", "/v1/vendor-profiles/{id}/test", TRY_VENDORS, r#"{"upload_id":"{upload}"}"#, 404),
    row("GET", "/v1/products", SALES, "", 200),
    row("POST", "/v1/products", CATALOGUE, "{}", 422),
    row("GET", "/v1/products/{ean}", SALES, "", 404),
    row("PATCH", "/v1/products/{ean}", CATALOGUE, r#"{"category":"mine"}"#, 404),
    row("GET", "/v1/vendors", SALES, "", 200),
    row("POST", "/v1/vendors", CATALOGUE, "{}", 422),
    row("POST", "/v1/vendors/import", CATALOGUE, "x", 422),
    row("PATCH", "/v1/vendors/{key}", CATALOGUE, r#"{"name":"mine"}"#, 404),
    row("GET", "/v1/organization", Caller, "", 200),
    row("PATCH", "/v1/organization", RIGHTS, r#"{"name":"mine"}"#, 428),
    row("GET", "/v1/prices", SALES, "", 200),
    row("PUT", "/v1/prices/{ean}/{valid_from}", CATALOGUE, r#"{"price_eur":"1.00"}"#, 404),
    row("DELETE", "/v1/prices/{ean}/{valid_from}", CATALOGUE, "", 404),
    row("GET", "/v1/fx-rates", SALES, "", 200),
    row("PUT", "/v1/fx-rates/{currency}/{month}", CATALOGUE, r#"{"eur_per_unit":"1","source":"mine"}"#, 404),
    row("DELETE", "/v1/fx-rates/{currency}/{month}", CATALOGUE, "", 404),
    row("GET", "/v1/categories", SALES, "", 200),
    row("POST", "/v1/categories/rename", CATALOGUE, r#"{"from":"nobody","to":"mine"}"#, 404),
    row("GET", "/v1/vendors/{key}", SALES, "", 404),
    row("POST", "/v1/products/import", CATALOGUE, "x", 422),
    row("POST", "/v1/prices/import", CATALOGUE, "x", 422),
    row("POST", "/v1/fx-rates/import", CATALOGUE, "x", 422),
    row("GET", "/v1/catalogue/unmatched", SALES, "", 200),
    row("GET", "/v1/catalogue/aliases", SALES, "", 200),
    row("POST", "/v1/catalogue/aliases", CATALOGUE, "{}", 422),
    row("POST", "/v1/catalogue/aliases/import", CATALOGUE, "x", 422),
    row("DELETE", "/v1/catalogue/aliases/{id}", CATALOGUE, "", 404),
    row("GET", "/v1/catalogue/stores", SALES, "", 200),
    row("GET", "/v1/catalogue/stores/unmatched", SALES, "", 200),
    row("POST", "/v1/catalogue/stores", CATALOGUE, "{}", 422),
    row("POST", "/v1/catalogue/stores/import", CATALOGUE, "x", 422),
    row("PATCH", "/v1/catalogue/stores/{id}", CATALOGUE, r#"{"city":"mine"}"#, 404),
    row("DELETE", "/v1/catalogue/store-aliases/{id}", CATALOGUE, "", 404),
    row("GET", "/v1/orders", SALES, "", 200),
    row("GET", "/v1/sales", SALES, "", 200),
    row("POST", "/v1/exports", Caller, "{}", 422),
    row("GET", "/v1/exports", Caller, "", 200),
    row("GET", "/v1/exports/{id}", Caller, "", 404),
    row("POST", "/v1/reports", REPORTS, "{}", 422),
    row("GET", "/v1/reports", REPORTS, "", 200),
    row("GET", "/v1/reports/{id}", REPORTS, "", 404),
    row("POST", "/v1/reports/{id}/correct", REPORTS, "", 404),
    row("POST", "/v1/report-schedules", SCHEDULES, "{}", 422),
    row("GET", "/v1/report-schedules", SCHEDULES, "", 200),
    row("GET", "/v1/report-schedules/{id}", SCHEDULES, "", 404),
    row("PATCH", "/v1/report-schedules/{id}", SCHEDULES, r#"{"name":"mine"}"#, 404),
    row("DELETE", "/v1/report-schedules/{id}", SCHEDULES, "", 404),
    row("POST", "/v1/report-schedules/{id}/run-now", SCHEDULES, "", 404),
    row("POST", "/v1/report-schedules/{id}/pause", SCHEDULES, "", 404),
    row("POST", "/v1/report-schedules/{id}/resume", SCHEDULES, "", 404),
    row("GET", "/v1/report-schedules/{id}/runs", SCHEDULES, "", 404),
    row("POST", "/v1/report-schedules/{id}/runs/{run_id}/correct", SCHEDULES, "", 404),
    row("GET", "/v1/analytics/summary", SUMS, "", 200),
    row("POST", "/v1/sql", SALES, r#"{"sql": "SELECT 1"}"#, 200),
    row("GET", "/v1/analytics/coverage", SUMS, "", 200),
    row("GET", "/v1/analytics/series?interval=week&from=2026-01-01&to=2026-03-31", SUMS, "", 200),
    row("GET", "/v1/analytics/breakdown?by=product", SUMS, "", 200),
    row("GET", "/v1/analytics/compare?from=2026-02-01&to=2026-02-28&with=last_year", SUMS, "", 200),
    row("GET", "/v1/analytics/contribution?from=2026-02-01&to=2026-02-28", SUMS, "", 200),
    row("GET", "/v1/analytics/top-movers?from=2026-02-01&to=2026-02-28&by=product", SUMS, "", 200),
    row("GET", "/v1/analytics/forecast?interval=month&periods=3", SUMS, "", 200),
    row("GET", "/v1/analytics/anomalies?by=vendor&interval=month", SUMS, "", 200),
    row("GET", "/v1/metrics", SUMS, "", 200),
    row("GET", "/v1/reporting-periods", SUMS, "", 200),
    row("POST", "/v1/chat", SUMS, "{}", 422),
    row("POST", "/v1/chat/stream", SUMS, "{}", 422),
    row("GET", "/v1/models", SUMS, "", 200),
    row("PUT", "/v1/models", Permissions(&["analytics:read", "roles:manage"], Admin), r#"{"chosen":["no such model"]}"#, 422),
    row("GET", "/v1/chat/suggestions", SUMS, "", 200),
    row("POST", "/v1/chat/evaluate", SUMS, "", 200),
    row("GET", "/v1/chat/conversations", SUMS, "", 200),
    row("GET", "/v1/chat/conversations/{id}", SUMS, "", 404),
    row("PATCH", "/v1/chat/conversations/{id}", SUMS, r#"{"title":"t"}"#, 404),
    row("DELETE", "/v1/chat/conversations/{id}", SUMS, "", 404),
    row("POST", "/v1/documents", ASSISTANT, "{}", 422),
    row("GET", "/v1/documents", SUMS, "", 200),
    row("DELETE", "/v1/documents/{id}", ASSISTANT, "", 404),
    row("POST", "/v1/chat/messages/{id}/feedback", SUMS, r#"{"verdict":"right"}"#, 404),
    row("GET", "/v1/chat/messages/{id}/rows", Permissions(&["analytics:read", "sales:read"], Viewer), "", 404),
    row("GET", "/v1/known-gaps", SUMS, "", 200),
    row("POST", "/v1/known-gaps", UPLOAD, "{}", 422),
    row("POST", "/v1/known-gaps/import", UPLOAD, "x", 422),
    row("PATCH", "/v1/known-gaps/{id}", UPLOAD, r#"{"reason":"mine"}"#, 404),
    row("DELETE", "/v1/known-gaps/{id}", UPLOAD, "", 404),
    row("POST", "/v1/alerts", SUMS, "{}", 422),
    row("GET", "/v1/alerts", SUMS, "", 200),
    row("GET", "/v1/alerts/{id}", SUMS, "", 404),
    row("PATCH", "/v1/alerts/{id}", SUMS, r#"{"name":"mine"}"#, 404),
    row("DELETE", "/v1/alerts/{id}", SUMS, "", 404),
    row("POST", "/v1/alerts/{id}/pause", SUMS, "", 404),
    row("POST", "/v1/alerts/{id}/resume", SUMS, "", 404),
    row("POST", "/v1/alerts/{id}/test", SUMS, "", 404),
    row("GET", "/v1/alerts/{id}/checks", SUMS, "", 404),
    row("GET", "/v1/late-files", SUMS, "", 200),
    row("GET", "/v1/late-files/{id}", SUMS, "", 404),
    row("PATCH", "/v1/late-files/{id}", UPLOAD, r#"{"subject":"mine"}"#, 404),
    row("POST", "/v1/late-files/{id}/approve", UPLOAD, "", 404),
    row("POST", "/v1/late-files/{id}/dismiss", UPLOAD, "", 404),
];

impl Row {
    pub(crate) fn route(&self) -> String {
        format!("{} {}", self.method, self.path.split('?').next().unwrap_or_default())
    }

    pub(crate) fn is_for_anybody(&self) -> bool {
        matches!(self.needs, Nothing)
    }

    pub(crate) fn permissions(&self) -> BTreeSet<&'static str> {
        match self.needs {
            Permissions(words, _) => words.iter().copied().collect(),
            Nothing | Caller | Person => BTreeSet::new(),
        }
    }

    /// The status that somebody is answered with who asks for nobody's id.
    pub(crate) fn answers_to(&self, who: &Who) -> u16 {
        let may = match (self.needs, who) {
            (Nothing, _) => true,
            (_, Who::Nobody) => return 401,
            (Caller, _) | (Person, Who::User(_)) => true,
            (Person, Who::Key(_)) => false,
            (Permissions(_, from), Who::User(role)) => *role >= from,
            (Permissions(wanted, _), Who::Key(scopes)) => wanted.iter().all(|word| scopes.contains(word)),
        };
        if may { self.allowed } else { 403 }
    }
}

/// Every route of template.yaml with the function behind it.
pub(crate) fn routes_of_template() -> BTreeMap<String, String> {
    let template = fs::read_to_string(tree::root().join("template.yaml")).unwrap();
    let mut routes = BTreeMap::new();
    let mut function = "";
    for line in template.lines() {
        if let Some(code) = line.trim().strip_prefix("CodeUri: ") {
            function = code.trim_matches(['\'', '"', '/']).rsplit('/').next().unwrap_or_default();
        }
        let Some((method, rest)) =
            line.split_once("Method: ").and_then(|(_, route)| route.split_once(", Path: "))
        else {
            continue;
        };
        let quoted = rest.strip_prefix('\'').and_then(|rest| rest.split('\'').next());
        let path = quoted.or_else(|| rest.split([',', '}']).next()).unwrap_or_default();
        routes.insert(format!("{method} {path}"), function.to_owned());
    }
    routes
}

#[test]
fn every_route_has_a_row() {
    let routes: BTreeSet<String> = routes_of_template().into_keys().collect();
    let rows: BTreeSet<String> = ROWS.iter().map(Row::route).collect();
    assert!(routes.len() > 70, "{routes:?}");
    let differing: Vec<&String> = routes.symmetric_difference(&rows).collect();
    assert!(differing.is_empty(), "in template.yaml or in the matrix, but not in both: {differing:#?}");
}

/// A path with ids and names that nobody has.
fn nobodys(path: &str) -> String {
    const NO_ID: &str = "0198f5a0-0000-7000-8000-000000000000";
    let names = ["{name}", "{provider}", "{key}", "{kind}", "{currency}", "{month}", "{valid_from}"];
    let path = names.iter().fold(path.to_owned(), |path, name| path.replace(name, "nobody"));
    ["{id}", "{ean}", "{upload}"].iter().fold(path, |path, name| path.replace(name, NO_ID))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_everybody_as_the_matrix_says() {
    let stack = Stack::from_env().unwrap();
    let owner = Account::register(&stack, "Matrix").await.unwrap();
    let scopes = ROWS.iter().filter_map(|row| match row.needs {
        Permissions(scopes, _) => Some(scopes),
        Nothing | Caller | Person => None,
    });
    let keys = callers::keys(&owner, scopes.collect()).await;
    let users = callers::users(&stack, &owner).await;
    let mut calls = Vec::new();
    for row in ROWS {
        let call = |(who, token): (Who, Option<String>)| {
            let expected = row.answers_to(&who);
            let (path, body) = (nobodys(row.path), nobodys(row.body));
            Call { method: row.method, path, body, who, token, expected, code: None }
        };
        calls.push(call((Who::Nobody, None)));
        calls.extend(users.iter().cloned().map(call));
        // A key with what the route needs, and one with something else.
        let fits = |who: &Who| row.answers_to(who) == row.allowed;
        let with = keys.iter().find(|(who, _)| fits(who));
        let without = keys.iter().find(|(who, _)| !fits(who));
        calls.extend(with.into_iter().chain(without).cloned().map(call));
    }
    let count = calls.len();
    let wrong = callers::differing(&stack, calls).await;
    assert!(wrong.is_empty(), "{} of {count} calls: {wrong:#?}", wrong.len());
}
