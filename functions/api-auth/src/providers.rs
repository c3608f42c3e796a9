//! The identity providers of this installation, and `GET /v1/auth/providers`, which lists them.

use edge::{
    ApiError, Boxed,
    config::Config,
    http::{Reply, Request},
    openapi::Operation,
    secrets::Secrets,
};
use oidc::{Provider, Settings};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ProviderContext;

/// The secret: `{"providers": [...]}`, each as `oidc::Settings` has it.
#[derive(Deserialize)]
struct ProvidersSecret {
    providers: Vec<Settings>,
}

/// All of them, by id.
#[derive(Default)]
pub(crate) struct Providers(Vec<Provider>);

/// Where they are configured.
pub(crate) struct Source {
    public_url: String,
    /// None: nobody signs in elsewhere.
    secret: Option<String>,
}

impl Source {
    pub(crate) fn of(config: &mut Config) -> Self {
        let public_url = config.required("PUBLIC_URL");
        Self { public_url, secret: config.optional("IDENTITY_PROVIDERS_SECRET_ARN") }
    }

    pub(crate) async fn read(self, secrets: &Secrets) -> anyhow::Result<Providers> {
        let Some(arn) = self.secret else { return Ok(Providers::default()) };
        let secret: ProvidersSecret = secrets.json(&arn).await?;
        Providers::new(secret.providers, &self.public_url)
    }
}

impl Providers {
    /// Each sends browsers back to a page of its own, so that the answer of one is never taken for another's.
    pub(crate) fn new(settings: Vec<Settings>, public_url: &str) -> anyhow::Result<Self> {
        let mut all: Vec<Provider> = Vec::new();
        for settings in settings {
            let id = settings.id.clone();
            anyhow::ensure!(
                all.iter().all(|known| known.settings().id != id),
                "two providers are called {id}"
            );
            let redirect = format!("{}/sign-in/{id}", public_url.trim_end_matches('/'));
            all.push(Provider::new(settings, redirect).map_err(|error| anyhow::anyhow!("{id}: {error}"))?);
        }
        Ok(Self(all))
    }

    pub(crate) fn find(&self, id: &str) -> Option<&Provider> {
        self.0.iter().find(|provider| provider.settings().id == id)
    }

    /// The one that a route is about.
    pub(crate) fn of(&self, request: &Request) -> Result<&Provider, ApiError> {
        self.find(&request.path::<String>("provider")?).ok_or_else(ApiError::not_found)
    }
}

#[derive(Serialize, JsonSchema)]
struct ProviderView<'a> {
    id: &'a str,
    name: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct ListView<'a> {
    data: Vec<ProviderView<'a>>,
    next_cursor: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "identity-providers-list",
        "GET /v1/auth/providers",
        "Lists the identity providers of this installation",
    )
    .for_anybody()
    .ok::<ListView<'static>>()
}

pub fn handle(ctx: &ProviderContext, _: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let data = ctx.providers.0.iter().map(|provider| {
            let settings = provider.settings();
            ProviderView { id: &settings.id, name: &settings.name }
        });
        Reply::ok(&ListView { data: data.collect(), next_cursor: None })
    })
}
