//! Which format an answer takes.

use serde_json::Value;
use service::content_coding::ContentCoding;
use service::exchange::{Exchange, HeaderPairs};
use service::format::{CustomFormat, Format};
use service::negotiate::{AcceptRule, Negotiation};
use service::registry::RegistrySettings;

use super::route::registry_with;
use super::{Output, text};
use crate::types::HelloResponse;
use crate::vector::Vector;

/// A format that a plugin would register.
static CUSTOM: CustomFormat = CustomFormat { content_type: "application/x-custom+json" };

pub(super) fn run(vector: &Vector) -> Output {
    let input = &vector.input;
    let registry = registry_with(settings(input));
    let headers =
        [("Accept", text(input, "accept")), ("Content-Type", text(input, "content-type"))];
    let headers: Vec<_> =
        headers.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    let exchange = Exchange {
        verb: text(input, "verb").unwrap_or("GET"),
        query: text(input, "query").unwrap_or_default(),
        headers: &HeaderPairs(&headers),
        ..Exchange::get(text(input, "path").unwrap_or("/hello"))
    };
    Ok(match registry.route(&exchange) {
        // A wrapped answer has another type than its format.
        Ok(matched) if matched.response_format == Format::Json => {
            let content_type = matched.reply(&HelloResponse::default(), 200).content_type;
            content_type.map_or(Value::Null, |full| without_parameters(&full).into())
        }
        Ok(matched) => matched.response_format.content_type().into(),
        Err(reply) => format!("status {}", reply.status).into(),
    })
}

/// How an answer is compressed; one whose operation does not ask for it is not.
pub(super) fn compression(vector: &Vector) -> Output {
    let accepted = text(&vector.input, "accept-encoding")
        .filter(|_| vector.input.get("marked").is_some_and(is_mark));
    let coding = accepted.and_then(ContentCoding::accepted);
    Ok(coding.map_or(Value::Null, |coding| coding.name().into()))
}

/// Whether an operation is marked: by its attribute, or by `true`.
fn is_mark(marked: &Value) -> bool {
    marked.as_bool().unwrap_or_default()
        || marked.as_str().is_some_and(|attribute| attribute.starts_with('['))
}

fn without_parameters(content_type: &str) -> &str {
    service::format::media_type(content_type)
}

fn settings(input: &Value) -> RegistrySettings {
    let is_framework = text(input, "host").is_some_and(|host| host.contains("Framework"));
    let is_plain = input.get("html").is_some_and(|html| html == false || html == "off")
        || text(input, "default") == Some(Format::Json.content_type());
    let mut negotiation = if is_plain { Negotiation::default() } else { Negotiation::with_html() };
    negotiation.formats.push(Format::Custom(&CUSTOM));
    if is_framework {
        negotiation.accept_rule = AcceptRule::All;
    }
    RegistrySettings { negotiation, ..RegistrySettings::default() }
}
