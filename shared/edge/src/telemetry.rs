//! One JSON line an event: level, message, function, the fields of the event and of the spans around it.
//! No time and no target: CloudWatch stamps lines, and the message says what happened.

use std::{fmt, io::Write as _};

use serde_json::{Map, Value};
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
    span,
};
use tracing_subscriber::{
    EnvFilter, Layer,
    layer::{Context, SubscriberExt as _},
    registry::LookupSpan,
    util::SubscriberInitExt as _,
};

use crate::config::Config;

/// Starts logging for the function of this name. `LOG_LEVEL` is a level such as `debug`; `info` without it.
/// A second call changes nothing.
pub fn init(function: &'static str) {
    let level = Config::from_env().optional("LOG_LEVEL").unwrap_or_default().to_lowercase();
    let level =
        if matches!(level.as_str(), "trace" | "debug" | "warn" | "error") { level } else { "info".into() };
    // What libraries say at `info` is noise beside one line an outcome.
    let filter =
        EnvFilter::new(format!("{level},aws_config=warn,aws_smithy_runtime=warn,hyper=warn,sqlx=warn"));
    let started = tracing_subscriber::registry().with(filter).with(JsonLines { function, write }).try_init();
    if started.is_ok() {
        std::panic::set_hook(Box::new(|panic| {
            let place = panic.location().map(ToString::to_string).unwrap_or_default();
            tracing::error!(panic.place = place, "panicked");
        }));
    }
}

fn write(line: &str) {
    // A log line that cannot be written is lost; there is nowhere to report it.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

struct JsonLines {
    function: &'static str,
    write: fn(&str),
}

/// Fields of a span, kept in its extensions.
struct SpanFields(Map<String, Value>);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for JsonLines {
    fn on_new_span(&self, attributes: &span::Attributes<'_>, id: &span::Id, ctx: Context<'_, S>) {
        if let Some(span) = ctx.span(id) {
            let mut fields = Map::new();
            attributes.record(&mut Fields(&mut fields));
            span.extensions_mut().insert(SpanFields(fields));
        }
    }

    fn on_record(&self, id: &span::Id, values: &span::Record<'_>, ctx: Context<'_, S>) {
        if let Some(span) = ctx.span(id)
            && let Some(SpanFields(fields)) = span.extensions_mut().get_mut()
        {
            values.record(&mut Fields(fields));
        }
    }

    fn on_event(&self, event: &Event<'_>, ctx: Context<'_, S>) {
        let mut line = Map::new();
        line.insert("level".into(), event.metadata().level().as_str().into());
        line.insert("function".into(), self.function.into());
        for span in ctx.event_scope(event).into_iter().flat_map(|scope| scope.from_root()) {
            if let Some(SpanFields(fields)) = span.extensions().get() {
                line.extend(fields.clone());
            }
        }
        event.record(&mut Fields(&mut line));
        (self.write)(&Value::Object(line).to_string());
    }
}

struct Fields<'a>(&'a mut Map<String, Value>);

impl Fields<'_> {
    fn put(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());

    #[test]
    fn a_line_carries_function_fields_and_the_spans_around_it() {
        let layer =
            JsonLines { function: "uploads-get", write: |line| LINES.lock().unwrap().push(line.into()) };
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            let _outer = tracing::info_span!("request", request.id = "r1").entered();
            tracing::info!(rows.accepted = 3, ok = true, upload.id = %"u1", "file read");
        });
        assert_eq!(
            LINES.lock().unwrap().as_slice(),
            [
                r#"{"function":"uploads-get","level":"INFO","message":"file read","ok":true,"request.id":"r1","rows.accepted":3,"upload.id":"u1"}"#
            ]
        );
    }
}
