//! Whatever belongs to no route.

use std::sync::LazyLock;

use edge::{
    ApiError, Boxed,
    http::{Reply, Request},
};
use serde_json::Value;

use crate::{Context, DOCUMENT};

/// Every path of the API with its methods.
static PATHS: LazyLock<Vec<(Vec<String>, Vec<String>)>> = LazyLock::new(|| {
    // Written by a test of this build: it is JSON.
    let document: Value = serde_json::from_str(DOCUMENT).unwrap_or_default();
    let paths = document["paths"].as_object().into_iter().flatten();
    paths
        .map(|(path, operations)| {
            let methods = operations.as_object().into_iter().flatten();
            (
                path.split('/').map(str::to_owned).collect(),
                methods.map(|(method, _)| method.to_uppercase()).collect(),
            )
        })
        .collect()
});

/// Refuses, and says what there is instead.
///
/// # Errors
/// 405 with `Allow` when the path has other methods, else 404.
pub fn handle(_ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let allowed = methods_of(request.raw_path());
        Err(if allowed.is_empty() {
            ApiError::route_unknown()
        } else {
            ApiError::method_not_allowed(&allowed.join(", "))
        })
    })
}

/// The methods of all routes that a path fits.
fn methods_of(path: &str) -> Vec<&'static str> {
    let words: Vec<&str> = path.split('/').collect();
    let fits = |route: &[String]| {
        let pairs = || route.iter().zip(&words);
        route.len() == words.len()
            && pairs().all(|(known, word)| known == word || (known.starts_with('{') && !word.is_empty()))
    };
    let mut methods: Vec<&str> = PATHS
        .iter()
        .filter(|(route, _)| fits(route))
        .flat_map(|(_, methods)| methods)
        .map(String::as_str)
        .collect();
    methods.sort_unstable();
    methods.dedup();
    methods
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_the_methods_of_the_routes_that_it_fits() {
        assert_eq!(methods_of("/v1/uploads"), ["GET", "POST"]);
        assert_eq!(methods_of("/v1/uploads/0193e2f0-7a51-7c3e-9b1a-5d2f8c6e4a10"), ["DELETE", "GET"]);
        assert_eq!(methods_of("/v1/openapi.json"), ["GET"]);
        for nowhere in ["", "/", "/v1", "/v1/uploads/", "/v1/uploads/a/b/c", "/v2/uploads", "/V1/uploads"] {
            assert!(methods_of(nowhere).is_empty(), "{nowhere}");
        }
    }
}
