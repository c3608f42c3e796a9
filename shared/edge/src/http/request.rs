//! What a route reads from its request.

mod caller;

use std::str::FromStr;

use data::{
    Tenant,
    idempotency_keys::{self, Begin, Keyed},
};
use domain::RequestId;
use lambda_http::{RequestExt as _, http::StatusCode, request::RequestContext};
use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};

use super::{Cookies, Reply, read_query};
use crate::{ApiError, FieldError};

/// A request as API Gateway passed it on.
#[derive(Debug)]
pub struct Request {
    event: lambda_http::Request,
    id: RequestId,
    data_version: Option<i64>,
}

const IDEMPOTENCY_KEY_LEN_MAX: usize = 255;

/// Longest query: a cursor, some filters.
const QUERY_BYTES_MAX: usize = 4 << 10;
/// Most bytes of all headers; API Gateway takes hardly more.
const HEADER_BYTES_MAX: usize = 8 << 10;

/// Longest JSON body. Files go to the bucket; nothing that is said in JSON is nearly as long.
const JSON_BYTES_MAX: usize = 2 << 20;
/// Deepest nesting of a JSON body: a vendor profile has nine levels.
const JSON_DEPTH_MAX: usize = 32;

impl From<lambda_http::Request> for Request {
    fn from(event: lambda_http::Request) -> Self {
        let given = event.headers().get("x-request-id").and_then(|value| value.to_str().ok());
        let id = given.and_then(|id| id.parse().ok()).unwrap_or_else(RequestId::new);
        Self { event, id, data_version: None }
    }
}

impl Request {
    /// Reads an API Gateway v2 event, for example a file under `events/`.
    ///
    /// # Errors
    /// When the JSON is not such an event.
    pub fn from_event(json: &str) -> Result<Self, serde_json::Error> {
        lambda_http::request::from_str(json).map(Self::from)
    }

    /// The caller's `x-request-id` if it is short and plain, else a new one.
    #[must_use]
    pub fn id(&self) -> &RequestId {
        &self.id
    }

    /// The number of changes of the caller's books, as of when this request was counted; `None` where it was not.
    #[must_use]
    pub fn data_version(&self) -> Option<i64> {
        self.data_version
    }

    pub(super) fn set_data_version(&mut self, version: Option<i64>) {
        self.data_version = version;
    }

    /// Whether its query and headers have a size that anybody needs.
    ///
    /// # Errors
    /// 414 `query_too_long`, 431 `headers_too_large`.
    pub(super) fn check_size(&self) -> Result<(), ApiError> {
        if self.event.uri().query().unwrap_or_default().len() > QUERY_BYTES_MAX {
            return Err(ApiError::query_too_long(QUERY_BYTES_MAX));
        }
        // What says who calls was judged by the authorizer, however long it is.
        let others = self.event.headers().iter().filter(|(name, _)| *name != "authorization");
        if others.map(|(name, value)| name.as_str().len() + value.len()).sum::<usize>() > HEADER_BYTES_MAX {
            return Err(ApiError::headers_too_large(HEADER_BYTES_MAX));
        }
        Ok(())
    }

    /// Whether the method changes nothing (RFC 9110, 9.2.1).
    pub(super) fn is_safe(&self) -> bool {
        matches!(self.event.method().as_str(), "GET" | "HEAD" | "OPTIONS")
    }

    #[must_use]
    pub fn cookies(&self) -> Cookies<'_> {
        let lines = self.event.headers().get_all("cookie").iter();
        Cookies::read(lines.filter_map(|line| line.to_str().ok()))
    }

    /// A parameter of the route, for example the `id` of `/v1/uploads/{id}`.
    ///
    /// # Errors
    /// 404 when it is malformed: nothing can exist under such an id.
    pub fn path<T: FromStr>(&self, name: &str) -> Result<T, ApiError> {
        let parameters = self.event.path_parameters_ref();
        let value = parameters.and_then(|parameters| parameters.first(name));
        value.and_then(|value| value.parse().ok()).ok_or_else(ApiError::not_found)
    }

    /// The parameters of the query in their order, a name as often as it is given. Empty values count as absent.
    #[must_use]
    pub fn pairs(&self) -> Vec<(String, String)> {
        let raw = self.event.uri().query().unwrap_or_default();
        let given = form_urlencoded::parse(raw.as_bytes()).filter(|(_, value)| !value.is_empty());
        given.map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
    }

    /// The query as a type that refuses unknown fields. Empty values (`?vendor=`) count as absent.
    ///
    /// # Errors
    /// 400 `invalid_query` naming the parameter.
    pub fn query<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        read_query(&self.pairs())
    }

    /// The JSON body as a type that refuses unknown fields.
    ///
    /// # Errors
    /// 413 when it is too long, 400 `json_too_deep`, 400 `malformed_json` when it is not JSON; 422 `validation_failed` naming
    /// the field when a value has another shape.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        if self.body().len() > JSON_BYTES_MAX {
            return Err(ApiError::too_large("A JSON body has at most 2 MB."));
        }
        if depth(self.body()) > JSON_DEPTH_MAX {
            let detail = format!("A JSON body is nested at most {JSON_DEPTH_MAX} levels deep.");
            return Err(ApiError::bad_request("json_too_deep", detail));
        }
        let mut parser = serde_json::Deserializer::from_slice(self.body());
        let value = serde_path_to_error::deserialize(&mut parser).map_err(|error| {
            if !error.inner().is_data() {
                return malformed_json();
            }
            let pointer = error.path().to_string().replace(['.', '['], "/").replace(']', "");
            ApiError::validation(vec![field_error(&pointer, &error.inner().to_string(), "/")])
        })?;
        parser.end().map_err(|_| malformed_json())?;
        Ok(value)
    }

    /// The body's bytes, decoded when API Gateway passed them as base64.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        self.event.body()
    }

    /// A header by its name in any case; `None` when absent or not text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.event.headers().get(name).and_then(|value| value.to_str().ok())
    }

    /// Whether `If-Match` names this version, which `Reply::with_version` gave out. Compared strongly (RFC 9110): a weak tag
    /// matches nothing.
    ///
    /// # Errors
    /// 428 without the header, 412 when it names another version.
    pub fn if_match(&self, version: i32) -> Result<(), ApiError> {
        let given = self.header("if-match").ok_or_else(ApiError::precondition_required)?;
        let present = entity_tag(version);
        let matches = given.split(',').map(str::trim).any(|tag| tag == present || tag == "*");
        if matches { Ok(()) } else { Err(ApiError::precondition_failed()) }
    }

    /// Whether the caller has what this `ETag` names already: `If-None-Match`, compared weakly (RFC 9110, 13.1.2).
    #[must_use]
    pub fn has(&self, tag: &str) -> bool {
        let known = |given: &str| given.trim().trim_start_matches("W/") == tag;
        self.header("if-none-match").is_some_and(|given| given.split(',').any(known))
    }

    /// The caller's `Idempotency-Key` with its route and body, if there is one.
    ///
    /// # Errors
    /// 400 `invalid_idempotency_key` for one that is empty or too long.
    pub fn idempotency_key(&self) -> Result<Option<Keyed<'_>>, ApiError> {
        let Some(key) = self.header("idempotency-key") else { return Ok(None) };
        if key.is_empty() || key.len() > IDEMPOTENCY_KEY_LEN_MAX {
            let message = format!("An Idempotency-Key has 1 to {IDEMPOTENCY_KEY_LEN_MAX} characters.");
            return Err(ApiError::bad_request("invalid_idempotency_key", message));
        }
        Ok(Some(Keyed { route: self.route(), key, body_hash: Sha256::digest(self.body()).into() }))
    }

    /// Does what a creating request asks: once for each `Idempotency-Key`, whose twins get the first one's answer. The caller
    /// commits afterwards. Answers 201.
    ///
    /// # Errors
    /// Those of the effect; 422 when the key was used with another body.
    pub async fn once<T: Serialize>(
        &self,
        tenant: &mut Tenant,
        effect: impl AsyncFnOnce(&mut Tenant) -> Result<T, ApiError>,
    ) -> Result<Reply, ApiError> {
        self.once_as(StatusCode::CREATED, tenant, effect).await
    }

    /// The same for what is only begun by the call: answers 202.
    ///
    /// # Errors
    /// Those of [`once`](Self::once).
    pub async fn once_accepted<T: Serialize>(
        &self,
        tenant: &mut Tenant,
        effect: impl AsyncFnOnce(&mut Tenant) -> Result<T, ApiError>,
    ) -> Result<Reply, ApiError> {
        self.once_as(StatusCode::ACCEPTED, tenant, effect).await
    }

    /// The same for what makes no single thing: answers 200.
    ///
    /// # Errors
    /// Those of [`once`](Self::once).
    pub async fn once_ok<T: Serialize>(
        &self,
        tenant: &mut Tenant,
        effect: impl AsyncFnOnce(&mut Tenant) -> Result<T, ApiError>,
    ) -> Result<Reply, ApiError> {
        self.once_as(StatusCode::OK, tenant, effect).await
    }

    async fn once_as<T: Serialize>(
        &self,
        status: StatusCode,
        tenant: &mut Tenant,
        effect: impl AsyncFnOnce(&mut Tenant) -> Result<T, ApiError>,
    ) -> Result<Reply, ApiError> {
        let keyed = self.idempotency_key()?;
        if let Some(keyed) = &keyed {
            match idempotency_keys::begin(tenant, keyed).await? {
                Begin::Fresh => {}
                Begin::Replay { response, .. } => return Reply::json(status, &response),
                Begin::Mismatch => return Err(ApiError::idempotency_key_reused()),
            }
        }
        let view = serde_json::to_value(effect(tenant).await?)?;
        if let Some(keyed) = &keyed {
            idempotency_keys::finish(tenant, keyed, status.as_u16(), &view).await?;
        }
        Reply::json(status, &view)
    }

    /// Address the request came from, as API Gateway saw it.
    #[must_use]
    pub fn source_ip(&self) -> Option<&str> {
        match self.event.extensions().get::<RequestContext>() {
            Some(RequestContext::ApiGatewayV2(context)) => context.http.source_ip.as_deref(),
            _ => None,
        }
    }

    /// The path as called, without the query.
    #[must_use]
    pub fn raw_path(&self) -> &str {
        self.event.uri().path()
    }

    /// The route's key, for example `GET /v1/uploads/{id}`.
    #[must_use]
    pub fn route(&self) -> &str {
        match self.event.extensions().get::<RequestContext>() {
            Some(RequestContext::ApiGatewayV2(context)) => context.route_key.as_deref().unwrap_or_default(),
            _ => "",
        }
    }
}

/// The `ETag` of a thing's version.
pub(super) fn entity_tag(version: i32) -> String {
    format!("\"{version}\"")
}

/// How deep brackets are nested outside of texts. Of what is no JSON at all it may be anything.
fn depth(json: &[u8]) -> usize {
    let (mut depth, mut deepest, mut in_text, mut escaped) = (0_usize, 0, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

fn malformed_json() -> ApiError {
    ApiError::bad_request("malformed_json", "The body is not valid JSON.")
}

/// Turns serde's words into a field. `unknown field` and `missing field` carry the name in backticks, and only
/// the former has it in the path as well.
pub(super) fn field_error(path: &str, message: &str, root: &str) -> FieldError {
    let named = message.split('`').nth(1).unwrap_or_default();
    let path = path.trim_matches(['?', '/', '.']);
    let beside = |name: &str| {
        let parent = match path.rsplit_once('/') {
            Some((parent, last)) if last == name => parent,
            None if path == name => "",
            _ => path,
        };
        if parent.is_empty() { format!("{root}{name}") } else { format!("{root}{parent}/{name}") }
    };
    if message.starts_with("unknown field") {
        FieldError::new(beside(named), "unknown", format!("{named} is not known here."))
    } else if message.starts_with("missing field") {
        FieldError::new(beside(named), "required", format!("{named} is required."))
    } else if message.starts_with("duplicate field") {
        FieldError::new(beside(named), "duplicate", format!("{named} is given twice."))
    } else {
        let reason = message.split(" at line ").next().unwrap_or_default();
        FieldError::new(format!("{root}{path}"), "invalid", reason)
    }
}
/// A field that is there, even when it is `null`: left out, it stays as it is; `null` takes it away.
///
/// # Errors
/// When what is there is no `T`.
pub fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}
