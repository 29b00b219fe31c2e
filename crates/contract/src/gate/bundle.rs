//! What a scanner needs to decide without the network.

use service::Dto;
use service::operation::{Operation, Route};

use super::SCANNERS;

/// `GET /gate/bundle/{EventId}`.
pub static GATE_BUNDLE: Operation = Operation {
    routes: &[Route::new("GET", "/gate/bundle/{EventId}")],
    access: SCANNERS,
    ..Operation::of::<GateBundle, GateBundleResult>()
};

/// The signed list of an event for scanners that lose the network: its rules, tickets that are not
/// good any more, and who went in.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct GateBundle {
    /// Number of the event.
    pub event_id: i32,
    /// The `sequence` of the list that the scanner has; without it everything is told.
    pub since: i64,
}

/// The list.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct GateBundleResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// Number of the event.
    pub event_id: i32,
    /// What to ask with next time.
    pub sequence: i64,
    /// The list as lines of text; `docs/gate.md` describes them.
    pub text: Option<String>,
    /// Ed25519 signature of the text's bytes, in base64url.
    pub signature: Option<String>,
    /// Number of the key that signed it; codes carry the same.
    pub key_id: i32,
    /// That key, in base64url. A scanner keeps the one it was set up with, and takes no other.
    pub public_key: Option<String>,
}
