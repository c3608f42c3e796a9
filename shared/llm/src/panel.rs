//! Several models in an order: who fails is passed over, and left alone for a while when it fails again and again.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use crate::{Error, Model, Reply, Shape, Usage};

/// Failures in a row after which a model is left alone.
const FAILURES: u32 = 3;
/// For how long. Then one call tries it again.
const REST: Duration = Duration::from_secs(30);

/// Models in the order in which they are asked.
pub struct Panel {
    seats: Vec<Seat>,
}

struct Seat {
    model: Model,
    health: Mutex<Health>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Health {
    failures: u32,
    rests_until: Option<Instant>,
}

/// A call of a model, for the records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub model: String,
    /// A stable code; `answered` when its answer was taken.
    pub outcome: &'static str,
    /// `None` when the service does not say.
    pub usage: Option<Usage>,
    pub took: Duration,
}

/// What came of asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered<T> {
    /// The first answer that was taken, and whose it is.
    pub answer: Option<(T, String)>,
    /// All calls that were made, in order.
    pub calls: Vec<Call>,
}

impl Panel {
    #[must_use]
    pub fn new(models: Vec<Model>) -> Self {
        let seats = models.into_iter().map(|model| Seat { model, health: Mutex::default() });
        Self { seats: seats.collect() }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.seats.is_empty()
    }

    /// Names of the models, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.seats.iter().map(|seat| seat.model.name())
    }

    /// Asks one model after the other until `judge` takes an answer, or `patience` is used up. `order`: who is asked, in which
    /// order; all as configured without one.
    pub async fn propose<T>(
        &self,
        order: Option<&[String]>,
        (instructions, request): (&str, &str),
        shape: &Shape,
        patience: Duration,
        judge: impl Fn(&str) -> Result<T, &'static str>,
    ) -> Answered<T> {
        let began = Instant::now();
        let mut calls = Vec::new();
        for seat in self.in_order(order) {
            if seat.rests() || began.elapsed() >= patience {
                continue;
            }
            let asked = Instant::now();
            let left = patience.saturating_sub(began.elapsed());
            let reply = tokio::time::timeout(left, seat.model.propose(instructions, request, shape)).await;
            let reply = reply.unwrap_or(Err(Error::Timeout));
            seat.note(reply.is_ok());
            let usage = reply.as_ref().ok().and_then(|reply| reply.usage);
            let judged = reply.map_err(Error::code).and_then(|Reply { content, .. }| judge(&content));
            let outcome = judged.as_ref().map_or_else(|code| *code, |_| "answered");
            let model = seat.model.name().to_owned();
            calls.push(Call { model: model.clone(), outcome, usage, took: asked.elapsed() });
            if let Ok(answer) = judged {
                return Answered { answer: Some((answer, model)), calls };
            }
        }
        Answered { answer: None, calls }
    }

    fn in_order(&self, order: Option<&[String]>) -> Vec<&Seat> {
        let Some(order) = order else { return self.seats.iter().collect() };
        order.iter().filter_map(|name| self.seats.iter().find(|seat| seat.model.name() == name)).collect()
    }
}

impl Seat {
    fn rests(&self) -> bool {
        let health = self.health.lock().map_or_else(|_| Health::default(), |health| *health);
        health.rests_until.is_some_and(|until| Instant::now() < until)
    }

    fn note(&self, answered: bool) {
        let Ok(mut health) = self.health.lock() else { return };
        if answered {
            *health = Health::default();
            return;
        }
        health.failures += 1;
        if health.failures >= FAILURES {
            health.rests_until = Some(Instant::now() + REST);
        }
    }
}

#[cfg(test)]
mod tests;
