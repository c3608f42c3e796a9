//! Mails that stay in memory.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::Error;

/// Keeps the mails it is given, and fails when told to. Clones share their mails.
#[derive(Debug, Clone, Default)]
pub struct MemoryMailer(Arc<Mutex<Outbox>>);

#[derive(Debug, Default)]
struct Outbox {
    sent: Vec<Vec<u8>>,
    failures: VecDeque<Failure>,
    reports: bool,
}

/// How a [`MemoryMailer`] fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    Refused,
    NoReader,
    Unavailable,
    /// It takes the mail and says nothing.
    Unanswered,
}

impl MemoryMailer {
    /// The messages sent so far, oldest first.
    #[must_use]
    pub fn sent(&self) -> Vec<Vec<u8>> {
        self.outbox().sent.clone()
    }

    /// Makes one send fail; several calls line up.
    pub fn fail_next(&self, failure: Failure) {
        self.outbox().failures.push_back(failure);
    }

    /// Makes it a service that reports what became of mails.
    pub fn report(&self) {
        self.outbox().reports = true;
    }

    pub(super) fn reports(&self) -> bool {
        self.outbox().reports
    }

    pub(super) fn send(&self, mime: Vec<u8>) -> Result<String, Error> {
        let mut outbox = self.outbox();
        let failure = outbox.failures.pop_front();
        match failure {
            Some(Failure::Refused) => return Err(Error::Refused { source: "told to refuse".into() }),
            Some(Failure::NoReader) => return Err(Error::NoReader { said: "5.1.1 user unknown".to_owned() }),
            Some(Failure::Unavailable) => {
                return Err(Error::Unavailable { source: "told to be unavailable".into() });
            }
            Some(Failure::Unanswered) | None => outbox.sent.push(mime),
        }
        match failure {
            Some(_) => Err(Error::Unanswered { source: "told to say nothing".into() }),
            None => Ok(format!("memory-{}", outbox.sent.len())),
        }
    }

    fn outbox(&self) -> MutexGuard<'_, Outbox> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
