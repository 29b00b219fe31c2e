//! Routes: which template a path meets, and what a whole request comes to.

use serde_json::{Value, json};
use service::exchange::{Exchange, HeaderPairs};
use service::host::{Conventions, Host};
use service::negotiate::Negotiation;
use service::operation::{Operation, Route};
use service::registry::{Registry, RegistrySettings};
use service::reply::Reply;
use service::route::{Router, Segments, Template};
use wire::NameStyle;

use super::{Output, Unsupported, text};
use crate::types::{CustomRoute, Hello, HelloResponse, Sub, T2};
use crate::vector::Vector;

/// The routes that vectors call `SlugRoutes`: templates, each with the verbs of a route of its own.
const SLUG_ROUTES: &[(&[&str], &str)] = &[
    (&["GET", "PUT", "ANY"], "/content"),
    (&["GET", "PUT", "ANY"], "/content/literal"),
    (&["GET", "PUT", "ANY"], "/content/{Version}"),
    (&["GET", "PUT", "ANY"], "/content/{Slug*}"),
    (&["GET", "ANY"], "/content/v1/literal-after"),
    (&["GET", "ANY"], "/content/{Version}/literal-after"),
    (&["GET", "ANY"], "/content/{Version}/{Slug}"),
    (&["GET", "ANY"], "/content/literal-before/v1"),
    (&["GET", "ANY"], "/content/literal-before/{Version}"),
    (&["GET", "ANY"], "/content/v1/literal/slug"),
    (&["GET"], "/content/v1/literal/{ignore}"),
    (&["GET"], "/content/{ignore}/literal/{ignore}"),
    (&["GET", "ANY"], "/content/{Version*}/literal/{Slug*}"),
];

pub(super) fn run(vector: &Vector) -> Output {
    match (&vector.input, vector.schema.as_deref()) {
        (Value::String(request), Some("SlugRoutes")) => Ok(slug_route(request)),
        (input, _) => match (text(input, "template"), text(input, "request")) {
            (Some(template), None) => variable(template),
            (template, Some(request)) => answer(template, request, text(input, "ask")),
            _ => Err(Unsupported::because(format!("the request {input}"))),
        },
    }
}

/// The verbs and the template of the best of the slug routes.
fn slug_route(request: &str) -> Value {
    let mut router = Router::default();
    for (verbs, template) in SLUG_ROUTES {
        for verb in *verbs {
            if router.add(verb, template, (*verb, *template)).is_err() {
                return Value::Null;
            }
        }
    }
    let (verb, path) = request.split_once(' ').unwrap_or(("GET", request));
    let found = Segments::split(path).and_then(|path| {
        let entry = router.find(verb, &path).or_else(|| router.find_wildcard(verb, &path));
        entry.map(|entry| entry.target)
    });
    found.map_or(Value::Null, |(verb, template)| format!("{verb} {template}").into())
}

fn variable(template: &str) -> Output {
    let parsed =
        Template::parse(template).map_err(|error| Unsupported::because(error.to_string()))?;
    Ok(parsed.variables().next().map_or(Value::Null, Into::into))
}

/// A request in the words of vectors: `POST /hello/World?Name=Q JSON {…}`, or `FORM Name=F`.
struct Request<'v> {
    verb: &'v str,
    path: &'v str,
    query: &'v str,
    content_type: &'static str,
    body: &'v str,
}

impl<'v> Request<'v> {
    fn parse(request: &'v str) -> Option<Self> {
        let (verb, rest) = request.split_once(' ')?;
        let bodies =
            [(" JSON ", "application/json"), (" JSV ", "application/jsv"), (" FORM ", FORM)];
        let body = bodies.into_iter().find_map(|(word, content_type)| {
            rest.split_once(word).map(|(target, body)| (target, content_type, body))
        });
        let (target, content_type, body) = body.unwrap_or((rest, "", ""));
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        path.starts_with('/').then_some(Self { verb, path, query, content_type, body })
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

fn answer(template: Option<&str>, request: &str, ask: Option<&str>) -> Output {
    if request.contains("without a service") {
        return Ok(unserved_status());
    }
    let unknown = || Unsupported::because(format!("the request {request}"));
    let request = Request::parse(request).ok_or_else(unknown)?;
    let Some(ask) = ask else { return matches(template, &request) };
    let of_reply = matches!(ask, "status" | "content-type");
    if template.is_some() && ask == "body" {
        return custom_body(&request);
    }
    let mut asked = ask.split(',').map(str::trim);
    if of_reply || ask == "body" || asked.all(|name| matches!(name, "Name" | "Age")) {
        return Ok(hello(template, &request, ask));
    }
    let names: Vec<&str> = ask.split(',').map(str::trim).collect();
    match names[..] {
        [variable] => path_value(template, &request, variable),
        _ => {
            let value =
                |name: &&str| Ok(((*name).to_owned(), path_value(template, &request, name)?));
            names.iter().map(value).collect::<Result<_, _>>().map(Value::Object)
        }
    }
}

/// Whether a template and a request fit.
fn matches(template: Option<&str>, request: &Request<'_>) -> Output {
    let parsed = Template::parse(template.unwrap_or_default())
        .map_err(|error| Unsupported::because(error.to_string()))?;
    let fits = Segments::split(request.path).is_some_and(|path| parsed.matches(&path).is_some());
    Ok(json!({ "match": fits }))
}

/// What a variable of a template takes.
fn path_value(template: Option<&str>, request: &Request<'_>, variable: &str) -> Output {
    let parsed = Template::parse(template.unwrap_or_default())
        .map_err(|error| Unsupported::because(error.to_string()))?;
    let path = Segments::split(request.path)
        .ok_or_else(|| Unsupported::because("a path of too many segments"))?;
    let values = parsed.values(&path);
    let found = values.iter().find(|(name, _)| name.eq_ignore_ascii_case(variable));
    Ok(found.map_or(Value::Null, |(_, value)| value.as_ref().into()))
}

/// The members of `Hello`, the status or the content type that a request leads to.
fn hello(template: Option<&str>, request: &Request<'_>, ask: &str) -> Value {
    let registry = registry_of(template, NameStyle::Pascal, with_html());
    let headers = [("Content-Type", request.content_type)];
    let headers = HeaderPairs(&headers);
    let exchange = request.exchange(&headers);
    let matched = match registry.route(&exchange) {
        Ok(matched) => matched,
        Err(reply) => return asked_of_reply(&reply, ask),
    };
    if ask == "content-type" {
        return matched.response_format.content_type().into();
    }
    match matched.bind::<Hello>() {
        Err(error) if ask == "status" => error.status.into(),
        Err(error) => json!({ "status": error.status }),
        Ok(_) if ask == "status" => 200.into(),
        Ok(hello) => {
            let member = |name: &str| match name.trim() {
                "Name" => hello.name.clone().into(),
                "Age" => hello.age.into(),
                _ => Value::Null,
            };
            match ask.contains(',') {
                false => member(ask),
                true => ask.split(',').map(|name| (name.trim().to_owned(), member(name))).collect(),
            }
        }
    }
}

fn asked_of_reply(reply: &Reply, ask: &str) -> Value {
    match ask {
        "status" => reply.status.into(),
        "body" => String::from_utf8_lossy(&reply.body).into(),
        "content-type" => reply.content_type.as_deref().into(),
        _ => json!({ "status": reply.status }),
    }
}

/// The body of an operation that answers with its request.
fn custom_body(request: &Request<'_>) -> Output {
    let registry = registry_of(None, NameStyle::Pascal, RegistrySettings::default());
    let headers = HeaderPairs(&[]);
    let exchange = request.exchange(&headers);
    let reply = match registry.route(&exchange) {
        Ok(matched) => match matched.bind::<CustomRoute>() {
            Ok(custom) => matched.reply(&custom, 200),
            Err(error) if error.code == "NotSupportedException" => {
                return Err(Unsupported::because(error.message));
            }
            Err(error) => matched.fail(&error),
        },
        Err(reply) => reply,
    };
    Ok(String::from_utf8_lossy(&reply.body).into())
}

fn unserved_status() -> Value {
    let registry = hello_registry();
    let headers = HeaderPairs(&[]);
    let exchange = Exchange { headers: &headers, ..Exchange::get("/hello") };
    match registry.route(&exchange) {
        Ok(matched) => matched.not_implemented().status.into(),
        Err(reply) => reply.status.into(),
    }
}

impl Request<'_> {
    fn exchange<'e>(&'e self, headers: &'e HeaderPairs<'e>) -> Exchange<'e> {
        let body = self.body.as_bytes();
        Exchange { verb: self.verb, query: self.query, headers, body, ..Exchange::get(self.path) }
    }
}

static HELLO: Operation = Operation {
    routes: &[Route::new("", "/hello"), Route::new("", "/hello/{Name}")],
    has_secrets: false,
    ..Operation::of::<Hello, HelloResponse>()
};

static CUSTOM_ROUTE: Operation = Operation {
    routes: &[Route::new("", "/custom/{Data}")],
    ..Operation::of::<CustomRoute, CustomRoute>()
};

static SUB: Operation = Operation::of::<Sub, Sub>();
static T2_OPERATION: Operation = Operation::of::<T2, T2>();

/// The framework's normal case: pages are on.
fn with_html() -> RegistrySettings {
    RegistrySettings { negotiation: Negotiation::with_html(), ..RegistrySettings::default() }
}

/// A camel-case service with the operations that vectors name.
pub(super) fn hello_registry() -> Registry {
    registry_with(RegistrySettings::default())
}

pub(super) fn styled_registry(names: NameStyle) -> Registry {
    registry_of(None, names, RegistrySettings::default())
}

pub(super) fn registry_with(settings: RegistrySettings) -> Registry {
    registry_of(None, NameStyle::Camel, settings)
}

/// The same service in another style, with one more route for `Hello`.
fn registry_of(template: Option<&str>, names: NameStyle, settings: RegistrySettings) -> Registry {
    let hello = template.map_or(&HELLO, |template| {
        // An operation is declared for as long as the program runs, and this one runs once.
        let path = String::from(template).leak();
        let routes = vec![Route::new("", path)].leak();
        Box::leak(Box::new(Operation { routes, ..HELLO }))
    });
    let host = Host {
        title: "Vectors".to_owned(),
        base_path: "/vectors",
        names,
        properties_optional: false,
        conventions: Conventions::default(),
        operations: vec![hello, &CUSTOM_ROUTE, &SUB, &T2_OPERATION],
    };
    match Registry::new(vec![host], settings) {
        Ok(registry) => registry,
        Err(error) => unreachable!("the routes above are well formed: {error}"),
    }
}
