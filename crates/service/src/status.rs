//! Errors as clients see them (`servicestack.md §6`).

use std::borrow::Cow;

use wire::{Map, Problems};

use crate::Dto;

/// A request that was not served, with everything its answer needs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct ServiceError {
    /// The HTTP status, 400 to 599.
    pub status: u16,
    /// The stable name that clients test, for example `NotFound` or `ArgumentException`.
    pub code: Cow<'static, str>,
    /// What happened and what to do, for a person. Never holds a secret.
    pub message: String,
    /// The members at fault.
    pub fields: Vec<FieldError>,
    /// The reason phrase where it differs from the code.
    pub reason: Option<&'static str>,
}

/// One member at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The rule that failed, for example `NotEmpty`.
    pub code: Cow<'static, str>,
    /// Declared name, with a path where it is nested: `Items[0].Name`.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
}

/// The code of a document or parameter that cannot be read.
const SERIALIZATION: &str = "SerializationException";

impl ServiceError {
    /// An error with a status of its own.
    pub fn new(
        status: u16,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        let (code, message) = (code.into(), message.into());
        Self { status, code, message, fields: Vec::new(), reason: None }
    }

    /// An error named like a .NET exception, whose status follows from the name (§6.2).
    pub fn of_exception(name: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        let name = name.into();
        Self::new(status_of(&name), name, message)
    }

    /// An error of that status and nothing else to say: the status's name is code and message
    /// (§6.2).
    pub fn of_status(status: u16) -> Self {
        let name = status_name(status);
        Self::new(status, name, name)
    }

    /// 400: an argument is wrong; `field` is its declared name.
    pub fn argument(field: &str, message: &str) -> Self {
        Self::argument_exception("ArgumentException", field, message)
    }

    /// The same for an exception derived from that of arguments, such as `ArgumentNullException`.
    pub fn argument_exception(
        name: impl Into<Cow<'static, str>>,
        field: &str,
        message: &str,
    ) -> Self {
        let name = name.into();
        let entry = FieldError::new(name.clone(), field, message);
        let message = format!("{message} (Parameter '{field}')");
        Self { fields: vec![entry], ..Self::of_exception(name, message) }
    }

    /// 400: validation failed; code and message are those of the first failure.
    pub fn validation(fields: Vec<FieldError>) -> Self {
        let (code, message) = match fields.first() {
            Some(first) => (first.code.clone(), first.message.clone()),
            None => (Cow::Borrowed("ValidationException"), "The request is not valid.".to_owned()),
        };
        Self { fields, ..Self::new(400, code, message) }
    }

    /// 401: nobody is signed in.
    pub fn not_authenticated() -> Self {
        Self::new(401, "Unauthorized", "Not Authenticated")
    }

    /// 403: `message` is `Invalid Role` or `Invalid Permission`, which is also the reason phrase.
    pub fn forbidden(message: &'static str) -> Self {
        Self { reason: Some(message), ..Self::new(403, "Forbidden", message) }
    }

    /// 405: the operation is known, but this cannot be done with it.
    pub fn not_implemented(message: impl Into<String>) -> Self {
        Self::of_exception("NotImplementedException", message)
    }

    /// 400: path, query or form parameters that cannot be read; one entry a member (§6.4).
    pub fn binding(operation: &str, problems: &Problems) -> Self {
        let message = match problems {
            Problems::Members(_) => format!("Unable to bind to request '{operation}'"),
            other => format!("Unable to bind to request '{operation}': {other}"),
        };
        Self { fields: fields_of(problems), ..Self::of_exception(SERIALIZATION, message) }
    }

    /// 400: a body that cannot be read (§6.4).
    pub fn body(content_type: &str, problems: &Problems) -> Self {
        let message =
            format!("Could not deserialize '{content_type}' request using its reader: {problems}");
        Self { fields: fields_of(problems), ..Self::of_exception(SERIALIZATION, message) }
    }

    /// The reason phrase of the status line.
    pub fn reason(&self) -> &str {
        self.reason.unwrap_or(&self.code)
    }

    /// The error as the DTO that every error body carries.
    pub fn response_status(&self) -> ResponseStatus {
        let errors = self.fields.iter().map(FieldError::response_error).collect::<Vec<_>>();
        ResponseStatus {
            error_code: Some(self.code.clone().into_owned()),
            message: Some(self.message.clone()),
            errors: Some(errors),
            ..ResponseStatus::default()
        }
    }
}

impl FieldError {
    /// An entry for the member of that declared name.
    pub fn new(
        code: impl Into<Cow<'static, str>>,
        field: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self { code: code.into(), field: field.into(), message: message.into() }
    }

    fn response_error(&self) -> ResponseError {
        ResponseError {
            error_code: Some(self.code.clone().into_owned()),
            field_name: Some(self.field.clone()),
            message: Some(self.message.clone()),
            meta: None,
        }
    }
}

fn fields_of(problems: &Problems) -> Vec<FieldError> {
    match problems {
        Problems::Members(members) => members
            .iter()
            .map(|problem| FieldError::new(SERIALIZATION, &problem.path, problem.message()))
            .collect(),
        _ => Vec::new(),
    }
}

/// The status that the original gives an exception of that type name, with or without its namespace
/// (§6.2). What derives from an exception has the status of its base.
pub fn status_of(exception: &str) -> u16 {
    match exception.rsplit('.').next().unwrap_or(exception) {
        "ArgumentException"
        | "ArgumentNullException"
        | "ArgumentOutOfRangeException"
        | "SerializationException"
        | "FormatException"
        | "UriFormatException"
        | "ValidationException"
        | "ValidationError" => 400,
        "AuthenticationException" | "TokenException" => 401,
        token if token.starts_with("SecurityToken") => 401,
        "UnauthorizedAccessException" => 403,
        "FileNotFoundException" => 404,
        "NotImplementedException" | "NotSupportedException" => 405,
        "OptimisticConcurrencyException" => 409,
        _ => 500,
    }
}

/// What .NET calls a status, without blanks: `NotFound`.
fn status_name(status: u16) -> &'static str {
    match status {
        400 => "BadRequest",
        401 => "Unauthorized",
        402 => "PaymentRequired",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        406 => "NotAcceptable",
        408 => "RequestTimeout",
        409 => "Conflict",
        410 => "Gone",
        412 => "PreconditionFailed",
        413 => "RequestEntityTooLarge",
        415 => "UnsupportedMediaType",
        422 => "UnprocessableEntity",
        429 => "TooManyRequests",
        501 => "NotImplemented",
        502 => "BadGateway",
        503 => "ServiceUnavailable",
        504 => "GatewayTimeout",
        _ => "InternalServerError",
    }
}

/// The framework's error DTO.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "ServiceStack", data_contract)]
pub struct ResponseStatus {
    /// [`ServiceError::code`].
    pub error_code: Option<String>,
    /// [`ServiceError::message`].
    pub message: Option<String>,
    /// Never filled here: it would tell a stranger about the inside.
    pub stack_trace: Option<String>,
    /// One entry for each member at fault; empty when there are none, as the framework leaves it
    /// (§6.1).
    pub errors: Option<Vec<ResponseError>>,
    /// Further facts as text.
    pub meta: Option<Map<String, Option<String>>>,
}

/// One entry of [`ResponseStatus::errors`].
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "ServiceStack", data_contract)]
pub struct ResponseError {
    /// [`FieldError::code`].
    pub error_code: Option<String>,
    /// [`FieldError::field`].
    pub field_name: Option<String>,
    /// [`FieldError::message`].
    pub message: Option<String>,
    /// Further facts as text.
    pub meta: Option<Map<String, Option<String>>>,
}

/// The body of an error whose operation has no response type with a `ResponseStatus`.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "ServiceStack", data_contract)]
pub struct ErrorResponse {
    /// The error.
    pub response_status: Option<ResponseStatus>,
}

#[cfg(test)]
mod tests {
    use super::{FieldError, ServiceError, status_of};

    /// Proves the status of the exceptions a client can meet.
    #[test]
    fn status_follows_the_exception() {
        for (exception, status) in [
            ("ArgumentNullException", 400),
            ("System.ArgumentException", 400),
            ("FormatException", 400),
            ("AuthenticationException", 401),
            ("SecurityTokenExpiredException", 401),
            ("UnauthorizedAccessException", 403),
            ("FileNotFoundException", 404),
            ("NotSupportedException", 405),
            ("OptimisticConcurrencyException", 409),
            ("KeyNotFoundException", 500),
            ("InvalidOperationException", 500),
        ] {
            assert_eq!(status_of(exception), status, "{exception}");
        }
    }

    /// Proves that the first failure names the whole error and all of them are listed.
    #[test]
    fn validation_speaks_for_its_first_failure() {
        let fields = vec![
            FieldError::new("NotEmpty", "Name", "'Name' must not be empty."),
            FieldError::new("Email", "Items[0].Mail", "'Mail' is not a valid email address."),
        ];
        let error = ServiceError::validation(fields);
        assert_eq!((error.status, error.code.as_ref()), (400, "NotEmpty"));
        let status = error.response_status();
        assert_eq!(status.message.as_deref(), Some("'Name' must not be empty."));
        assert_eq!(status.errors.map(|errors| errors.len()), Some(2));
    }

    /// Proves that a bare status speaks by its name.
    #[test]
    fn status_alone_has_a_name() {
        let error = ServiceError::of_status(409);
        assert_eq!((error.code.as_ref(), error.message.as_str()), ("Conflict", "Conflict"));
    }

    /// Proves the message form of the .NET builds for a wrong argument.
    #[test]
    fn argument_names_its_parameter() {
        let error = ServiceError::argument("Name", "bad");
        assert_eq!(error.message, "bad (Parameter 'Name')");
        assert_eq!(error.fields[0].message, "bad");
    }
}
