//! How the SDK reaches AWS.

use aws_config::SdkConfig;
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode},
};

use crate::Boxed;

/// The roots that all of AWS' endpoints chain up to (<https://www.amazontrust.com/repository/>), and no others. Reading
/// the 140 of the operating system instead takes a third of a cold start.
const ROOTS: &str = include_str!("aws/roots.pem");

/// Region, credentials and endpoint of the environment. `AWS_ENDPOINT_URL` is honoured.
///
/// # Errors
/// When the roots cannot be read.
#[must_use]
pub fn config() -> Boxed<'static, anyhow::Result<SdkConfig>> {
    Box::pin(async {
        let trust = TrustStore::empty().with_pem_certificate(ROOTS);
        let tls = TlsContext::builder().with_trust_store(trust).build()?;
        let http =
            Builder::new().tls_provider(Provider::Rustls(CryptoMode::AwsLc)).tls_context(tls).build_https();
        Ok(aws_config::from_env().http_client(http).load().await)
    })
}
