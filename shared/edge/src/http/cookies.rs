//! Cookies for browsers: the names we use, how they are read and how they are set.

/// The access token.
pub const ACCESS: &str = "__Host-access";
/// The refresh token.
pub const REFRESH: &str = "__Host-refresh";
/// What `X-CSRF-Token` repeats; the only one that a page may read.
pub const CSRF: &str = "__Host-csrf";
/// Binds a sign-in at an identity provider to the browser that began it.
pub const SIGN_IN: &str = "__Host-sign-in";

/// All of them.
pub(super) const OURS: [&str; 4] = [ACCESS, REFRESH, CSRF, SIGN_IN];

/// The cookies of a request, as they stand in its header.
#[derive(Debug, Default)]
pub struct Cookies<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Cookies<'a> {
    /// Reads the values of `Cookie` headers, or the list that API Gateway makes of them.
    pub fn read(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let pairs = lines.into_iter().flat_map(|line| line.split(';'));
        Self(pairs.filter_map(|pair| pair.trim().split_once('=')).collect())
    }

    /// The cookie of exactly this name. `None` when there are several: one of them was put there by somebody else, and
    /// nothing says which.
    #[must_use]
    pub fn one(&self, name: &str) -> Option<&'a str> {
        let mut named = self.0.iter().filter(|(known, _)| *known == name);
        match (named.next(), named.next()) {
            (Some((_, value)), None) => Some(value),
            _ => None,
        }
    }

    /// Whether there is any of these, once or more often.
    pub(super) fn any(&self, names: &[&str]) -> bool {
        self.0.iter().any(|(known, _)| names.contains(known))
    }
}

/// A cookie to be set. `__Host-` cookies belong to this host alone: no other one, and no page without TLS, can set them.
#[derive(Debug)]
pub struct SetCookie {
    name: &'static str,
    value: String,
    max_age_s: i64,
}

impl SetCookie {
    #[must_use]
    pub fn new(name: &'static str, value: String, max_age_s: i64) -> Self {
        Self { name, value, max_age_s }
    }

    /// One that makes the browser forget it.
    #[must_use]
    pub fn forget(name: &'static str) -> Self {
        Self::new(name, String::new(), 0)
    }

    /// The value of `Set-Cookie`.
    pub(super) fn header(&self) -> String {
        let Self { name, value, max_age_s } = self;
        let hidden = if *name == CSRF { "" } else { "; HttpOnly" };
        format!("{name}={value}; Path=/; Max-Age={max_age_s}; Secure; SameSite=Strict{hidden}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_read_wherever_it_stands_in_the_header() {
        for lines in [
            vec!["__Host-access=a.b.c"],
            vec!["x=1; __Host-access=a.b.c; y"],
            vec!["x=1", " __Host-access=a.b.c "],
            vec!["x=1;__Host-access=a.b.c"],
        ] {
            assert_eq!(Cookies::read(lines.iter().copied()).one(ACCESS), Some("a.b.c"), "{lines:?}");
        }
    }

    #[test]
    fn what_only_looks_like_our_cookie_or_comes_twice_is_none() {
        for line in [
            "",
            "__Host-access",
            "__host-access=t",
            "__HOST-ACCESS=t",
            "x__Host-access=t",
            "__Host-access =t",
            "x=1, __Host-access=t",
            "x=\"; y=__Host-access=t",
            "__Host-access=t; __Host-access=t",
            "__Host-access=; __Host-access=t",
            "__Secure-access=t",
        ] {
            assert_eq!(Cookies::read([line]).one(ACCESS), None, "{line}");
        }
        assert_eq!(Cookies::read(["__Host-access=a", "__Host-access=b"]).one(ACCESS), None);
        assert!(Cookies::read(["__Host-access=a; __Host-access=b"]).any(&OURS));
    }

    #[test]
    fn only_the_token_against_forgery_can_be_read_by_a_page() {
        let header = |name| SetCookie::new(name, "v".into(), 5).header();
        assert_eq!(header(ACCESS), "__Host-access=v; Path=/; Max-Age=5; Secure; SameSite=Strict; HttpOnly");
        assert_eq!(header(CSRF), "__Host-csrf=v; Path=/; Max-Age=5; Secure; SameSite=Strict");
        assert_eq!(OURS.iter().filter(|name| header(name).ends_with("HttpOnly")).count(), 3);
        assert!(SetCookie::forget(REFRESH).header().starts_with("__Host-refresh=; Path=/; Max-Age=0;"));
    }
}
