//! A scan at a gate.

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::DateTime;

use super::SCANNERS;

/// `POST /gate/scan`.
pub static GATE_SCAN: Operation = Operation {
    routes: &[Route::new("POST", "/gate/scan")],
    access: SCANNERS,
    effect: Effect::Writes,
    ..Operation::of::<GateScan, GateScanResult>()
};

/// Lets an admission in, if it may: the first scan of a code counts.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct GateScan {
    /// What the scanner read.
    pub scan_code: Option<String>,
    /// Name of the gate, at most 50 characters. Needed.
    pub gate: Option<String>,
    /// The only event this gate lets in; without it the code's own.
    pub event_id: Option<i32>,
}

/// What the gate decided.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct GateScanResult {
    /// 200 when the code was read, whatever was decided; else the code of the refusal.
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// Let them in.
    pub admitted: bool,
    /// They had been in before.
    pub re_entry: bool,
    /// Why they may not go in: `UnknownTicket`, `WrongEvent`, `EventCancelled`, `GatesClosed`,
    /// `EventOver`, `AlreadyUsed`, `Refunded`, `Transferred`, `Cancelled` or `NotPaid`.
    pub reason: Option<String>,
    /// Number of the ticket.
    pub ticket_id: i32,
    /// Which admission of it, from 1.
    pub admission: i32,
    /// How many it has.
    pub admissions: i32,
    /// Number of the event.
    pub event_id: i32,
    /// Name of the event.
    pub event_name: Option<String>,
    /// Name of the ticket type.
    pub ticket_name: Option<String>,
    /// Colour of the ticket type.
    pub ticket_color: Option<String>,
    /// Name of the holder, if the order says.
    pub holder_name: Option<String>,
    /// The numbered seat in words.
    pub seat_display_string: Option<String>,
    /// When this admission first went in.
    #[dto(name = "FirstEntryUTC")]
    pub first_entry_utc: Option<DateTime>,
    /// At which gate.
    pub first_gate: Option<String>,
}
