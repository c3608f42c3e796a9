//! The end of mails of one kind, for whoever has one of them.

pub mod confirm;
pub mod show;

use edge::http::Reply;

/// A page with one button at most. It names nobody: a mail that was passed on tells its new reader nothing about the old one.
fn page(body: &str) -> Reply {
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><title>Shelfline</title></head>\
         <body style=\"font-family:sans-serif;max-width:32em;margin:4em auto;padding:0 1em\">{body}</body></html>"
    );
    Reply::text("text/html; charset=utf-8", page).with_header(
        "content-security-policy",
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
    )
}

#[cfg(test)]
mod tests;
