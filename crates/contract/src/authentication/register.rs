//! Becoming a user (`servicestack.md` §7.1). Off unless the operator switches it on.

use service::Dto;
use service::access::Access;
use service::operation::{Effect, Operation, Route};
use service::status::ResponseStatus;
use service::types::{DateTime, Map, SecretText};

/// `POST /register`.
pub static REGISTER: Operation = Operation {
    routes: &[Route::new("POST", "/register")],
    access: Access::OPEN,
    effect: Effect::Writes,
    ..Operation::of::<Register, RegisterResponse>()
};

/// Makes a user without any rights.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "ServiceStack", data_contract)]
pub struct Register {
    /// The name to sign in with; the e-mail address when left out.
    pub user_name: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// How others see the user.
    pub display_name: Option<String>,
    /// The e-mail address, which signs in as well as the name.
    pub email: Option<String>,
    /// The password.
    pub password: Option<SecretText>,
    /// The password again; compared when it is there.
    pub confirm_password: Option<SecretText>,
    /// Whether to sign in at once.
    pub auto_login: Option<bool>,
    /// For pages that this server does not have.
    pub error_view: Option<String>,
    /// Further facts as text; nothing is read from it.
    pub meta: Option<Map<String, Option<String>>>,
}

/// The new user.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "ServiceStack", data_contract)]
pub struct RegisterResponse {
    /// The user's number.
    pub user_id: Option<String>,
    /// The id of the session that began, if it was asked for.
    pub session_id: Option<String>,
    /// The name the user signs in with.
    pub user_name: Option<String>,
    /// Where the caller wanted to go; always null here.
    pub referrer_url: Option<String>,
    /// A token that stands for the user until it expires.
    pub bearer_token: Option<String>,
    /// What a new bearer token is had for.
    pub refresh_token: Option<String>,
    /// Until when, UTC.
    pub refresh_token_expiry: Option<DateTime>,
    /// What the user is.
    pub roles: Option<Vec<String>>,
    /// What the user may.
    pub permissions: Option<Vec<String>>,
    /// Where to go now; always null here.
    pub redirect_url: Option<String>,
    /// What went wrong.
    pub response_status: Option<ResponseStatus>,
    /// Further facts as text.
    pub meta: Option<Map<String, Option<String>>>,
}
