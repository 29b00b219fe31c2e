//! The page of the sandbox's bank, while the sandbox runs inside the server.

use service::Dto;
use service::access::Access;
use service::operation::{Operation, Route};

use crate::three_d_secure_return::PAGE_TYPE;

/// `GET /sandbox/challenge/{Handle}`. Hidden: it is there for holders' browsers in demos and
/// tests, and answers 404 wherever another gateway is used.
pub static SANDBOX_CHALLENGE: Operation = Operation {
    routes: &[Route::new("GET", "/sandbox/challenge/{Handle}")],
    access: Access::OPEN,
    is_hidden: true,
    ..Operation::of_files::<SandboxChallenge>(&[PAGE_TYPE])
};

/// Shows a challenge of the sandbox's bank.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct SandboxChallenge {
    /// The name of the challenge.
    pub handle: Option<String>,
}
