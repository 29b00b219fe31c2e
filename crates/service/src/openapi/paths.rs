//! Paths: every published route and verb, and the pre-defined `/api/{Op}`.

use super::json::{Json, object, texts};
use super::parameters::{parameters, plain_path};
use super::responses::{options_responses, responses};
use super::schemas::{Direction, Schemas};
use super::security::{requirements, rule, sentence};
use crate::example::{Example, ExampleSource};
use crate::format::Format;
use crate::host::Host;
use crate::operation::{Effect, Operation, Route};
use crate::route::Verbs;

/// The verbs of a route that takes all of them.
const ALL_VERBS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// The verbs that bring a body.
const BODY_VERBS: [&str; 3] = ["POST", "PUT", "PATCH"];

/// The namespace of the operations that every service of the framework has.
const FRAMEWORK: &str = "ServiceStack";

/// What those operations are about.
const FRAMEWORK_TAG: &str = "authentication";

/// The paths of one host, each with its verbs.
pub(super) struct Paths<'d> {
    pub(super) host: &'d Host,
    pub(super) schemas: &'d Schemas,
    /// Stands before each path: the base path where a document shows all hosts.
    pub(super) base: &'d str,
    /// Stands before each operation's id, for the same reason.
    pub(super) id_prefix: String,
    pub(super) formats: &'d [Format],
    pub(super) found: Vec<(String, Vec<(String, Json)>)>,
    pub(super) ids: Vec<String>,
}

/// One verb of one path.
struct Place<'p> {
    verb: &'p str,
    variables: &'p [&'p str],
    summary: &'p str,
    notes: &'p str,
    formats: &'p [Format],
    /// What the operation's id begins with, after the verb.
    id_start: &'p str,
}

impl Paths<'_> {
    /// Adds everything by which an operation can be reached.
    pub(super) fn add(&mut self, operation: &'static Operation) {
        for route in operation.routes {
            self.add_route(operation, route);
        }
        let path = format!("/api/{}", operation.name());
        let taken = |verb: &&str| operation.allows(verb);
        for verb in ALL_VERBS.into_iter().filter(taken) {
            let (variables, formats) = (&[], &[Format::Json]);
            let summary = "The same by its name, as JSON";
            let place = Place { verb, variables, summary, notes: "", formats, id_start: "Api" };
            self.put(&path, operation, &place);
        }
    }

    fn add_route(&mut self, operation: &'static Operation, route: &Route) {
        let (path, variables) = plain_path(route.path);
        let formats = self.formats;
        for verb in verbs(route.verbs) {
            let place = Place {
                verb: &verb,
                variables: &variables,
                summary: route.summary,
                notes: route.notes,
                formats,
                id_start: "",
            };
            self.put(&path, operation, &place);
        }
    }

    fn put(&mut self, path: &str, operation: &'static Operation, place: &Place<'_>) {
        let verb = place.verb.to_ascii_lowercase();
        let described = self.operation(operation, place);
        let path = format!("{}{path}", self.base);
        let verbs = match self.found.iter().position(|(known, _)| *known == path) {
            Some(index) => &mut self.found[index].1,
            None => {
                self.found.push((path, Vec::new()));
                let last = self.found.len() - 1;
                &mut self.found[last].1
            }
        };
        // Where two operations share a route and verb, the router takes the one declared first.
        if verbs.iter().all(|(known, _)| *known != verb) {
            verbs.push((verb, described));
        }
    }

    fn operation(&mut self, operation: &'static Operation, place: &Place<'_>) -> Json {
        let id = self.id(operation, place);
        let summary = if place.summary.is_empty() { operation.name() } else { place.summary };
        let access = sentence(&operation.access);
        let about = operation.description.or(operation.request.explanation());
        let texts_of = [about, some(place.notes), access.as_deref()];
        let description: Vec<&str> = texts_of.into_iter().flatten().collect();
        let head = object([("operationId", id.into()), ("tags", texts(self.tags(operation)))])
            .with("summary", summary)
            .with_some("description", some(&description.join("\n\n")))
            .with("x-operation", operation.name())
            .with("x-host", self.host.base_segment())
            .with("x-changes", operation.effect == Effect::Writes)
            .with("x-access", rule(&operation.access))
            .with_some("x-example", operation.example.map(example));
        if place.verb.eq_ignore_ascii_case("OPTIONS") {
            let paths = parameters(self.schemas, operation, place.variables, true);
            let paths = paths.into_iter().take(place.variables.len()).collect();
            return head
                .with("parameters", Json::List(paths))
                .with("responses", options_responses())
                .with("security", Json::List(Vec::new()));
        }
        self.body_and_answer(head, operation, place)
    }

    /// The host, then the operation's own groups; those of the framework make one of theirs.
    fn tags(&self, operation: &Operation) -> Vec<&'static str> {
        let framework = (operation.request.namespace == FRAMEWORK).then_some(FRAMEWORK_TAG);
        let own = operation.tags.iter().copied();
        [self.host.base_segment()].into_iter().chain(own).chain(framework).collect()
    }

    fn body_and_answer(
        &self,
        head: Json,
        operation: &'static Operation,
        place: &Place<'_>,
    ) -> Json {
        let has_body = BODY_VERBS.contains(&place.verb);
        let parameters = parameters(self.schemas, operation, place.variables, has_body);
        let example = operation.response.map(|meta| self.schemas.sample(meta, &[]));
        head.with("parameters", Json::List(parameters))
            .with_some("requestBody", has_body.then(|| self.body(operation)))
            .with("responses", responses(self.schemas, operation, place.formats, example))
            .with("security", requirements(operation))
    }

    fn body(&self, operation: &'static Operation) -> Json {
        let schema = || self.schemas.reference(operation.request, Direction::Input);
        let sample = self.schemas.sample(operation.request, operation.computed_samples);
        let json = object([("schema", schema()), ("example", sample)]);
        let content = object([
            ("application/json", json),
            ("application/x-www-form-urlencoded", object([("schema", schema())])),
        ]);
        object([("content", content)]).with("required", self.schemas.needs_body(operation.request))
    }

    /// An id that no other operation of the document has: `getEventDetailsAndPricesById`.
    fn id(&mut self, operation: &Operation, place: &Place<'_>) -> String {
        let verb = place.verb.to_ascii_lowercase();
        let by: String = place.variables.iter().map(|name| format!("By{name}")).collect();
        let start = format!("{}{verb}{}{}{by}", self.id_prefix, place.id_start, operation.name());
        let mut id = start.clone();
        let mut count = 1;
        while self.ids.contains(&id) {
            count += 1;
            id = format!("{start}{count}");
        }
        self.ids.push(id.clone());
        id
    }
}

/// What the explorer fills in. It is no `OpenAPI` example, because it is completed by asking.
fn example(example: Example) -> Json {
    let source = |source: &ExampleSource| {
        let values = source.values.iter().map(|(to, from)| texts([to, from])).collect();
        object([("path", source.path.into()), ("values", Json::List(values))])
    };
    object([("request", Json::Written(example.request.to_owned()))])
        .with("sources", Json::List(example.sources.iter().map(source).collect()))
        .with("note", example.note)
}

fn verbs(declared: Verbs) -> Vec<String> {
    match declared.allows_all() {
        true => ALL_VERBS.map(str::to_owned).into(),
        false => declared.each().map(str::to_ascii_uppercase).collect(),
    }
}

fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}
