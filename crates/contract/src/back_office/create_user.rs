//! Making users.

use service::Dto;
use service::access::Access;
use service::operation::{Effect, Operation, Route};
use service::types::SecretText;

use super::{ADMINS, TAGS};

/// `POST /login/create`.
pub static CREATE_USER: Operation = Operation {
    routes: &[Route::new("POST", "/login/create")],
    access: Access { all_permissions: &["CreateUsers"], ..ADMINS },
    effect: Effect::Writes,
    tags: TAGS,
    ..Operation::of::<CreateUserRequest, CreateUserRequestResult>()
};

/// Makes a user with roles, permissions and organisers.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct CreateUserRequest {
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
    /// What the user is: `Admin`, `TeamAdmin`, …
    pub roles: Option<Vec<String>>,
    /// What the user may: `ReadData`, …
    pub permissions: Option<Vec<String>>,
    /// Numbers of the organisers a `TeamAdmin` acts for, at most 50.
    pub event_owner_ids: Option<Vec<i32>>,
}

/// The new user.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct CreateUserRequestResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The user's number.
    pub user_id: Option<String>,
    /// The name the user signs in with.
    pub user_name: Option<String>,
}
