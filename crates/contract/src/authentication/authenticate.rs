//! Signing in and out, and who is signed in (`servicestack.md` §7.1).

use service::Dto;
use service::access::Access;
use service::operation::{Effect, Operation, Route};
use service::status::ResponseStatus;
use service::types::{DateTime, Map, SecretText};

/// `/auth`: without a provider it tells who is signed in.
pub static AUTHENTICATE: Operation = Operation {
    routes: &[
        Route::new("GET,POST", "/auth"),
        Route::new("GET,POST", "/auth/{provider}"),
        Route::new("GET,POST", "/authenticate"),
        Route::new("GET,POST", "/authenticate/{provider}"),
    ],
    access: Access::OPEN,
    effect: Effect::Writes,
    ..Operation::of::<Authenticate, AuthenticateResponse>()
};

/// Signs in with a user name and a password; with the provider `logout`, out.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "ServiceStack", data_contract)]
pub struct Authenticate {
    /// `credentials`, `basic` or `logout`; nothing asks who is signed in.
    #[dto(name = "provider")]
    pub provider: Option<String>,
    /// The user name, or the user's e-mail address.
    pub user_name: Option<String>,
    /// The password.
    pub password: Option<SecretText>,
    /// Whether to stay signed in when the browser is closed.
    pub remember_me: Option<bool>,
    /// For providers that this server does not have.
    pub access_token: Option<SecretText>,
    /// For providers that this server does not have.
    pub access_token_secret: Option<SecretText>,
    /// For pages that this server does not have.
    pub return_url: Option<String>,
    /// For pages that this server does not have.
    pub error_view: Option<String>,
    /// Further facts as text; nothing is read from it.
    pub meta: Option<Map<String, Option<String>>>,
}

/// Who is signed in, and what to show from now on.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "ServiceStack", data_contract)]
pub struct AuthenticateResponse {
    /// The user's number.
    pub user_id: Option<String>,
    /// The id of the session that began; what cookies and headers carry.
    pub session_id: Option<String>,
    /// The name the user signs in with.
    pub user_name: Option<String>,
    /// How others see the user.
    pub display_name: Option<String>,
    /// Where the caller wanted to go; always null here.
    pub referrer_url: Option<String>,
    /// A token that stands for the user until it expires.
    pub bearer_token: Option<String>,
    /// What a new bearer token is had for.
    pub refresh_token: Option<String>,
    /// Until when, UTC.
    pub refresh_token_expiry: Option<DateTime>,
    /// A picture; always null here.
    pub profile_url: Option<String>,
    /// What the user is.
    pub roles: Option<Vec<String>>,
    /// What the user may.
    pub permissions: Option<Vec<String>>,
    /// By which provider the user signed in.
    pub auth_provider: Option<String>,
    /// What went wrong.
    pub response_status: Option<ResponseStatus>,
    /// Further facts as text.
    pub meta: Option<Map<String, Option<String>>>,
}
