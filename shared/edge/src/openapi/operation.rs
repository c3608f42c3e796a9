//! One route.

use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Value, json};

use super::schemas::SchemaOf;
use crate::Permission;

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Caller {
    Anybody,
    Somebody,
    Person,
    May(&'static [Permission]),
}

/// What a route reads as its body.
#[derive(Debug, Clone)]
pub(super) struct Body {
    pub(super) content: Vec<(&'static str, SchemaOf)>,
    pub(super) required: bool,
}

/// A header that some routes understand.
#[derive(Debug)]
pub struct Header {
    pub name: &'static str,
    pub description: &'static str,
    /// The values there are.
    pub values: &'static [&'static str],
}

/// What a route answers when all is well.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// Content types; none for an empty answer.
    pub(super) content: Vec<(&'static str, SchemaOf)>,
}

/// A route as the API document describes it.
#[derive(Debug, Clone)]
pub struct Operation {
    pub(super) function: &'static str,
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) summary: &'static str,
    pub(super) details: Option<&'static str>,
    pub(super) caller: Caller,
    pub(super) query: Vec<SchemaOf>,
    /// Schemas of the path's parameters; one that is not here is an id.
    pub(super) path_schemas: Vec<(&'static str, Value)>,
    pub(super) headers: Vec<&'static Header>,
    pub(super) body: Option<Body>,
    pub(super) answers: Vec<Answer>,
    pub(super) refusals: Vec<(u16, &'static str, &'static str)>,
    /// Takes `Idempotency-Key`.
    pub(super) once: bool,
    /// Asks for `If-Match`.
    pub(super) if_match: bool,
    /// Answers with an `ETag` and, to whoever has it already, 304.
    pub(super) revalidated: bool,
}

impl Operation {
    /// The route of a function: `Operation::new("uploads-get", "GET /v1/uploads/{id}", "Reads an upload")`. Without more, any
    /// caller may call it.
    #[must_use]
    pub fn new(function: &'static str, route: &'static str, summary: &'static str) -> Self {
        let (method, path) = route.split_once(' ').unwrap_or(("GET", route));
        Self {
            function,
            method,
            path,
            summary,
            details: None,
            caller: Caller::Somebody,
            query: Vec::new(),
            path_schemas: Vec::new(),
            headers: Vec::new(),
            body: None,
            answers: Vec::new(),
            refusals: Vec::new(),
            once: false,
            if_match: false,
            revalidated: false,
        }
    }

    /// What a reader should know beyond the summary.
    #[must_use]
    pub fn details(mut self, details: &'static str) -> Self {
        self.details = Some(details);
        self
    }

    /// Nobody has to say who calls.
    #[must_use]
    pub fn for_anybody(mut self) -> Self {
        self.caller = Caller::Anybody;
        self
    }

    /// About an account: no API key has one.
    #[must_use]
    pub fn for_people(mut self) -> Self {
        self.caller = Caller::Person;
        self
    }

    /// The caller needs all of these.
    #[must_use]
    pub fn needs(mut self, permissions: &'static [Permission]) -> Self {
        self.caller = Caller::May(permissions);
        self
    }

    /// The parameters of the query are the fields of this type; several types add up.
    #[must_use]
    pub fn query<T: JsonSchema>(self) -> Self {
        self.query_of(SchemaGenerator::subschema_for::<T>)
    }

    /// The parameters of the query are the properties of this schema.
    #[must_use]
    pub fn query_of(mut self, schema: SchemaOf) -> Self {
        self.query.push(schema);
        self
    }

    /// A parameter of the path that is no id.
    #[must_use]
    pub fn path_text(mut self, name: &'static str, example: &'static str, description: &'static str) -> Self {
        let schema =
            json!({"type": "string", "minLength": 1, "examples": [example], "description": description});
        self.path_schemas.push((name, schema));
        self
    }

    /// A JSON body of this type.
    #[must_use]
    pub fn body<T: JsonSchema>(self) -> Self {
        self.body_of("application/json", SchemaGenerator::subschema_for::<T>)
    }

    /// A JSON body of this type, or none.
    #[must_use]
    pub fn optional_body<T: JsonSchema>(mut self) -> Self {
        self = self.body::<T>();
        self.body = self.body.map(|body| Body { required: false, ..body });
        self
    }

    /// A body of some content type; of several any one.
    #[must_use]
    pub fn body_of(mut self, content_type: &'static str, schema: SchemaOf) -> Self {
        let body = self.body.get_or_insert(Body { content: Vec::new(), required: true });
        body.content.push((content_type, schema));
        self
    }

    /// A header of its own.
    #[must_use]
    pub fn header(mut self, header: &'static Header) -> Self {
        self.headers.push(header);
        self
    }

    /// 200 with JSON of this type.
    #[must_use]
    pub fn ok<T: JsonSchema>(self) -> Self {
        self.answer(200, "application/json", SchemaGenerator::subschema_for::<T>)
    }

    /// 201 with JSON of this type.
    #[must_use]
    pub fn created<T: JsonSchema>(self) -> Self {
        self.answer(201, "application/json", SchemaGenerator::subschema_for::<T>)
    }

    /// 202 with JSON of this type.
    #[must_use]
    pub fn accepted<T: JsonSchema>(self) -> Self {
        self.answer(202, "application/json", SchemaGenerator::subschema_for::<T>)
    }

    /// 204.
    #[must_use]
    pub fn no_content(mut self) -> Self {
        self.answers.push(Answer { status: 204, content: Vec::new() });
        self
    }

    /// 302: what was asked for lies elsewhere.
    #[must_use]
    pub fn redirect(mut self) -> Self {
        self.answers.push(Answer { status: 302, content: Vec::new() });
        self
    }

    /// 200 with a download of this type, for whoever asks for it.
    #[must_use]
    pub fn download(self, content_type: &'static str) -> Self {
        self.answer(200, content_type, |_| schemars::json_schema!({"type": "string"}))
    }

    /// JSON of any status, for example the 503 of a health check.
    #[must_use]
    pub fn answer(mut self, status: u16, content_type: &'static str, schema: SchemaOf) -> Self {
        match self.answers.iter_mut().find(|answer| answer.status == status) {
            Some(answer) => answer.content.push((content_type, schema)),
            None => self.answers.push(Answer { status, content: vec![(content_type, schema)] }),
        }
        self
    }

    /// A refusal of its own, besides those that follow from the rest of the description.
    #[must_use]
    pub fn refuses(mut self, status: u16, code: &'static str, when: &'static str) -> Self {
        self.refusals.push((status, code, when));
        self
    }

    /// Takes an `Idempotency-Key`.
    #[must_use]
    pub fn once(mut self) -> Self {
        self.once = true;
        self
    }

    /// Changes what was read: asks for its `ETag` in `If-Match`.
    #[must_use]
    pub fn if_match(mut self) -> Self {
        self.if_match = true;
        self
    }

    /// Answers with an `ETag` and, to whoever has it already, 304.
    #[must_use]
    pub fn revalidated(mut self) -> Self {
        self.revalidated = true;
        self
    }

    /// The function's name.
    #[must_use]
    pub fn function(&self) -> &'static str {
        self.function
    }

    /// As API Gateway writes it: `GET /v1/uploads/{id}`.
    #[must_use]
    pub fn route(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The names between braces in its path.
    pub(super) fn path_names(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('{').skip(1).filter_map(|rest| rest.split('}').next())
    }

    /// Names in `GET /v1/{…}` that group operations: the first word after the version.
    pub(super) fn tag(&self) -> &'static str {
        let mut words = self.path.split('/').skip(1);
        match words.next() {
            Some("v1") => words.next().unwrap_or_default(),
            _ => "well-known",
        }
    }
}
