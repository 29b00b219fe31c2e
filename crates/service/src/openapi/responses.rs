//! Every status a caller can meet, with the body that comes with it.

use super::json::{Json, object};
use super::schemas::{Direction, Schemas};
use crate::dto::Described;
use crate::format::Format;
use crate::operation::Operation;
use crate::status::ErrorResponse;

/// What an error status means, for every operation.
const FAULTS: [(u16, &str); 12] = [
    (400, "The request cannot be read or is not valid; the fields at fault are named."),
    (401, "Nobody is signed in, or the key or password is wrong."),
    (403, "The caller lacks a role or permission."),
    (404, "There is nothing at that path or of that number."),
    (405, "The operation does not take this verb or format, or is not served here."),
    (408, "The body did not arrive in time; nothing was done."),
    (409, "It contradicts what is stored already."),
    (413, "The body is too large."),
    (415, "The encoding of the body is not known."),
    (429, "Too many tries; wait as long as `Retry-After` says."),
    (500, "Something broke here; the message says what was kept."),
    (503, "The server cannot do this at the moment; try again later."),
];

/// The responses of an operation; `formats` are those that its answer can be had in.
pub(super) fn responses(
    schemas: &Schemas,
    operation: &'static Operation,
    formats: &[Format],
    example: Option<Json>,
) -> Json {
    let success = match operation.response {
        None if !operation.files.is_empty() => ("200".to_owned(), files(operation.files)),
        None => ("204".to_owned(), object([("description", "Done.".into())])),
        Some(response) => {
            let json = object([("schema", schemas.reference(response, Direction::Output))]);
            let json = json.with_some("example", example);
            let content = content(&json, formats);
            let text = "Done; where the answer has a `statusCode`, that says how it went.";
            let has_code = response.all_members().any(|it| it.name.declared == "StatusCode");
            let text = if has_code { text } else { "Done." };
            ("200".to_owned(), object([("description", text.into()), ("content", content)]))
        }
    };
    let fault =
        |(status, _): &(u16, &str)| (status.to_string(), schemas.response_reference(*status));
    let faults = FAULTS.iter().map(fault);
    Json::Object([success].into_iter().chain(faults).collect())
}

/// Bytes have no schema (OpenAPI 3.1, "Considerations for File Uploads").
fn files(types: &[&'static str]) -> Json {
    let content = types.iter().map(|content_type| ((*content_type).to_owned(), object([])));
    let content = Json::Object(content.collect());
    object([("description", "The file.".into()), ("content", content)])
}

/// The errors, as members of `components.responses`. An operation whose response type has room for
/// an error answers with that type; what is described here is the part that all have in common.
pub(super) fn shared(schemas: &Schemas, formats: &[Format]) -> Vec<(String, Json)> {
    let general = || schemas.reference(ErrorResponse::META, Direction::Output);
    let faults = FAULTS
        .iter()
        .map(|(status, text)| (schemas.response_name(*status), fault(text, general(), formats)));
    faults.collect()
}

fn fault(text: &str, schema: Json, formats: &[Format]) -> Json {
    // What is refused before any operation is known is plain text.
    let content = content(&object([("schema", schema)]), formats).with("text/plain", object([]));
    object([("description", text.into()), ("content", content)])
}

/// The answer to `OPTIONS`, which has no body.
pub(super) fn options_responses() -> Json {
    let done = || object([("description", "The verbs and headers that may be sent.".into())]);
    object([("200", done()), ("204", done())])
}

fn content(json: &Json, formats: &[Format]) -> Json {
    let members = formats.iter().map(|format| match format {
        Format::Json => (format.content_type().to_owned(), json.clone()),
        other => (other.content_type().to_owned(), object([])),
    });
    Json::Object(members.collect())
}
