//! Requests to sign in: what is answered before any password is looked at, and to a wrong one.

use serde_json::{Value, json};
use service::authentication::{self, Intent, intent};
use service::status::ServiceError;

use super::{Output, Unsupported, asked, text};
use crate::vector::Vector;

/// Where the requests go; each may be followed by the provider.
const PATHS: [&str; 3] = ["/authenticate", "/api/Authenticate", "/auth"];

/// `{"request": "POST /auth/credentials {UserName:anna}"}`: nobody is signed in, nobody is known,
/// and nothing is sent but what the request says. Words after it are for people, but for those
/// that tell of a password.
pub(super) fn run(vector: &Vector) -> Output {
    let unknown = || Unsupported::because(format!("the request {}", vector.input));
    let request = text(&vector.input, "request").ok_or_else(unknown)?;
    let (verb, rest) = request.split_once(' ').ok_or_else(unknown)?;
    let (target, remark) = rest.split_once(' ').unwrap_or((rest, ""));
    let path = target.split('?').next().unwrap_or_default();
    let path = PATHS.iter().find_map(|known| path.strip_prefix(known)).ok_or_else(unknown)?;
    let body = Body::parse(remark);
    let provider = path.strip_prefix('/').or(body.member("provider"));
    let is_password_told = remark.contains("password") || remark.contains("locked");
    let told = |name| body.member(name).or(is_password_told.then_some("told"));
    let error = match intent(verb, provider, told("UserName"), told("Password")) {
        Err(error) => error,
        Ok(Intent::Ask) => ServiceError::not_authenticated(),
        Ok(Intent::SignIn) if remark.contains("locked") => {
            ServiceError::new(401, "Unauthorized", authentication::ACCOUNT_LOCKED)
        }
        Ok(Intent::SignIn) => {
            ServiceError::new(401, "Unauthorized", authentication::WRONG_PASSWORD)
        }
        Ok(Intent::SignOut) => {
            return Ok(asked(json!({ "status": 200, "body": {} }), &vector.expected));
        }
    };
    Ok(asked(all(&error), &vector.expected))
}

fn all(error: &ServiceError) -> Value {
    let fields: Vec<&str> = error.fields.iter().map(|field| field.field.as_str()).collect();
    json!({
        "status": error.status,
        "errorCode": error.code,
        "message": error.message,
        "fields": fields,
    })
}

/// The members of a body, written as JSON, as JSV, or as JSON whose names have no quotes.
struct Body<'v>(Vec<(&'v str, &'v str)>);

impl<'v> Body<'v> {
    fn parse(remark: &'v str) -> Self {
        let inner = remark.split_once('{').and_then(|(_, rest)| rest.split_once('}'));
        let members = inner.map_or("", |(inner, _)| inner).split(',');
        let bare = |text: &'v str| text.trim().trim_matches('"');
        let pair = |member: &'v str| member.split_once(':').map(|(a, b)| (bare(a), bare(b)));
        Self(members.filter_map(pair).collect())
    }

    fn member(&self, name: &str) -> Option<&'v str> {
        let found = self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| *value)
    }
}
