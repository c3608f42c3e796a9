//! Who sent a request.

use std::str::FromStr;

use aws_lambda_events::apigw::ApiGatewayRequestAuthorizer;
use domain::SessionId;
use lambda_http::request::RequestContext;
use serde_json::Value;

use super::Request;
use crate::{
    ApiError, Permission, Principal,
    callers::{Caller, Presented},
};

impl Request {
    /// Who calls.
    ///
    /// # Errors
    /// 401 when no authorizer vouched for the caller.
    pub fn principal(&self) -> Result<Principal, ApiError> {
        let context = self.event.extensions().get::<RequestContext>();
        let Some(RequestContext::ApiGatewayV2(context)) = context else { return Err(unauthenticated()) };
        let fields = context.authorizer.as_ref().map(|authorizer| &authorizer.fields);
        let field = |name: &str| fields.and_then(|fields| fields.get(name)).and_then(Value::as_str);
        Ok(Principal {
            org_id: parse(field("org_id"))?,
            user_id: parse(field("user_id"))?,
            key_id: field("key_id").map(|key| parse(Some(key))).transpose()?,
            role: parse(field("role"))?,
            email: parse(field("email"))?,
            // A word that this build does not know allows nothing here.
            permissions: parse::<String>(field("permissions"))?
                .split(' ')
                .filter_map(|word| word.parse().ok())
                .collect(),
        })
    }

    /// Who calls, if it is a person: what is about an account is none of the API keys its owner has made.
    ///
    /// # Errors
    /// 401 without a caller, 403 for an API key.
    pub fn person(&self) -> Result<Principal, ApiError> {
        let principal = self.principal()?;
        if principal.key_id.is_none() {
            Ok(principal)
        } else {
            Err(ApiError::forbidden("This is for people: an API key has no account."))
        }
    }

    /// Who calls, if that one may do this.
    ///
    /// # Errors
    /// 401 without a caller, 403 without the permission.
    pub fn require(&self, permission: Permission) -> Result<Principal, ApiError> {
        let principal = self.principal()?;
        if principal.may(permission) {
            Ok(principal)
        } else {
            Err(ApiError::forbidden(format!("This needs the permission {}.", permission.as_str())))
        }
    }

    /// The caller's session, when an access token brought the call.
    #[must_use]
    pub fn session_id(&self) -> Option<SessionId> {
        let context = self.event.extensions().get::<RequestContext>();
        let Some(RequestContext::ApiGatewayV2(context)) = context else { return None };
        context.authorizer.as_ref()?.fields.get("session_id")?.as_str()?.parse().ok()
    }

    /// What the caller's token says about `X-CSRF-Token`, when it came in a cookie.
    pub(in crate::http) fn csrf_hash(&self) -> Option<&str> {
        let context = self.event.extensions().get::<RequestContext>();
        let Some(RequestContext::ApiGatewayV2(context)) = context else { return None };
        context.authorizer.as_ref()?.fields.get("csrf")?.as_str()
    }

    /// Whether a cookie said who calls.
    #[must_use]
    pub fn is_by_cookie(&self) -> bool {
        self.csrf_hash().is_some()
    }

    /// Refuses what was not called as this route, one without parameters.
    ///
    /// # Errors
    /// 404 for another path, 405 for another method.
    pub(in crate::http) fn require_route(&self, route: &str) -> Result<(), ApiError> {
        match route.split_once(' ').filter(|(_, path)| *path == self.raw_path()) {
            None => Err(ApiError::route_unknown()),
            Some((method, _)) if method != self.event.method().as_str() => {
                Err(ApiError::method_not_allowed(method))
            }
            Some(_) => Ok(()),
        }
    }

    /// The same request as one of this route and caller, whatever the event says of them: where no gateway has chosen a route
    /// and no authorizer has vouched for anybody.
    pub(in crate::http) fn vouched(mut self, route: &str, caller: Option<&Caller>) -> Self {
        let extensions = self.event.extensions_mut();
        if let Some(RequestContext::ApiGatewayV2(context)) = extensions.get_mut::<RequestContext>() {
            let mut authorizer = ApiGatewayRequestAuthorizer::default();
            // Texts alone: they always serialise.
            if let Ok(Value::Object(fields)) = serde_json::to_value(caller) {
                authorizer.fields = fields.into_iter().collect();
            }
            context.authorizer = Some(authorizer);
            context.route_key = Some(route.to_owned());
        }
        self
    }

    /// What it presents to say who calls.
    pub(in crate::http) fn presented(&self) -> Option<Presented<'_>> {
        let authorizations = self.event.headers().get_all("authorization").iter();
        Presented::of(authorizations.filter_map(|value| value.to_str().ok()), &self.cookies())
    }
}

fn parse<T: FromStr>(value: Option<&str>) -> Result<T, ApiError> {
    value.and_then(|value| value.parse().ok()).ok_or_else(unauthenticated)
}

fn unauthenticated() -> ApiError {
    ApiError::unauthorized("unauthenticated", "This needs a valid access token.")
}
