//! Each event's hash is over its own fields and the hash before it: whatever is changed, left out or put in between shows.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

pub(super) type Hash = [u8; 32];

/// What stands before the first event.
const BEGINNING: Hash = [0; 32];

/// An event that is known to be there: the head of the chain, or what somebody noted earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    pub seq: i64,
    pub hash: [u8; 32],
}

/// The first place where the chain does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    pub seq: i64,
    pub kind: FaultKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// There is no event of this number.
    Missing,
    /// There are two of this number, or it lies beyond the end.
    Added,
    /// The event is not the one that was written.
    Changed,
    /// The event fits its neighbours and is not the one that was noted: the trail was written anew.
    Rewritten,
}

/// One event on the walk: its number, its fields in the order of their hash, and the hash that stands beside them.
pub(super) struct Link<'a> {
    pub(super) seq: i64,
    pub(super) fields: [Option<&'a str>; 12],
    pub(super) hash: &'a [u8],
}

/// A walk along a chain, from its beginning.
pub(super) struct Walk {
    last: Anchor,
    anchors: Vec<Anchor>,
}

impl Walk {
    /// One that must pass these.
    pub(super) fn past(anchors: Vec<Anchor>) -> Self {
        Self { last: Anchor { seq: 0, hash: BEGINNING }, anchors }
    }

    pub(super) fn last(&self) -> Anchor {
        self.last
    }

    pub(super) fn step(&mut self, link: &Link<'_>) -> Result<(), Fault> {
        let seq = self.last.seq + 1;
        let fault = |kind| Err(Fault { seq, kind });
        if link.seq > seq {
            return fault(FaultKind::Missing);
        }
        if link.seq < seq {
            return Err(Fault { seq: link.seq, kind: FaultKind::Added });
        }
        let hash = hash(&self.last.hash, &link.fields);
        if hash != link.hash {
            return fault(FaultKind::Changed);
        }
        self.last = Anchor { seq, hash };
        if self.anchors.iter().any(|anchor| anchor.seq == seq && anchor.hash != hash) {
            return fault(FaultKind::Rewritten);
        }
        Ok(())
    }

    /// Whether the walk came as far as it must.
    pub(super) fn end(&self) -> Result<(), Fault> {
        let reached = self.anchors.iter().all(|anchor| anchor.seq <= self.last.seq);
        if reached { Ok(()) } else { Err(Fault { seq: self.last.seq + 1, kind: FaultKind::Missing }) }
    }
}

/// As `wall.audit_hash` does: 'length:text' in bytes, '-' for none, separated by commas.
fn hash(before: &Hash, fields: &[Option<&str>]) -> Hash {
    let mut text = String::new();
    for (at, field) in fields.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        // Writing to a text does not fail.
        let _ = match field {
            Some(field) => write!(text, "{comma}{}:{field}", field.len()),
            None => write!(text, "{comma}-"),
        };
    }
    Sha256::new().chain_update(before).chain_update(text).finalize().into()
}
