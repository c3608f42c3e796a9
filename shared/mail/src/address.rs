//! Addresses that are safe to put into an envelope and a header.

use std::str::FromStr;

use crate::Error;

/// `local@domain` in plain ASCII. SES takes no other; international domains come as punycode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(String);

/// An address with the name shown beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    pub name: Option<String>,
    pub address: Address,
}

/// RFC 5321, 4.5.3.1.
const MAX_LOCAL_BYTES: usize = 64;
const MAX_ADDRESS_BYTES: usize = 254;

impl Address {
    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands behind the `@`.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

impl FromStr for Address {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (local, domain) = text.split_once('@').ok_or(Error::Address)?;
        let atom = |c: u8| c.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&c);
        let dotted = |part: &str, allowed: &dyn Fn(u8) -> bool| {
            part.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(allowed))
        };
        let host = |c: u8| c.is_ascii_alphanumeric() || c == b'-';
        let plain = text.len() <= MAX_ADDRESS_BYTES && local.len() <= MAX_LOCAL_BYTES;
        if plain && dotted(local, &atom) && dotted(domain, &host) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Error::Address)
        }
    }
}

impl FromStr for Mailbox {
    type Err = Error;

    /// Reads `name@host` or `Shown name <name@host>`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let Some((name, rest)) = text.trim().split_once('<') else {
            return Ok(Self { name: None, address: text.trim().parse()? });
        };
        let address = rest.strip_suffix('>').ok_or(Error::Address)?.trim().parse()?;
        let name = domain::visible_line(name.trim().trim_matches('"'));
        Ok(Self { name: Some(name).filter(|name| !name.is_empty()), address })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_addresses_are_taken() {
        for text in ["a@b.example", "first.last+tag@xn--bcher-kva.example", "o'neil@localhost"] {
            assert_eq!(text.parse::<Address>().unwrap().as_str(), text);
        }
        assert_eq!("a@b.example".parse::<Address>().unwrap().domain(), "b.example");
    }

    #[test]
    fn whatever_could_add_a_header_or_a_second_recipient_is_refused() {
        let long = format!("{}@b.example", "a".repeat(65));
        for text in [
            "",
            "a",
            "@b",
            "a@",
            "a@b@c",
            "a b@c",
            "a@b,c@d",
            "a@b\r\nBcc: c@d",
            "<a@b>",
            "a@b..c",
            "é@b.example",
            "a@bücher.example",
            ".a@b",
            "\"a\"@b",
            &long,
        ] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_mailbox_may_carry_a_name() {
        let mailbox: Mailbox = "\"Shelfline, Inc.\" <mail@shelfline.example>".parse().unwrap();
        assert_eq!(mailbox.name.as_deref(), Some("Shelfline, Inc."));
        assert_eq!(mailbox.address.as_str(), "mail@shelfline.example");
        assert_eq!("mail@shelfline.example".parse::<Mailbox>().unwrap().name, None);
        assert!("Shelfline <mail@shelfline.example".parse::<Mailbox>().is_err());
    }
}
