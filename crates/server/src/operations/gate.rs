//! The gate: scans online and offline (`domain.md` §7.1, §8; `docs/gate.md`).

mod bundle;
mod counts;
mod scan;
mod undo;
mod upload;

use std::sync::Arc;

use contract::gate as published;
use domain::ids::{EventId, Shard};
use domain::offer::Offer;
use domain::refusal::{Code, Refusal};
use domain::scan_code::{Admission, ScanError, check_code};

use super::family::{Failure, wrong};
use super::handlers::{Handler, handler};
use super::{Call, office};
use crate::app::App;
use crate::text;

pub(crate) use self::bundle::Bundles;

/// The longest name of a gate or a scanner, in characters.
const NAME_LENGTH_MAX: usize = 50;

/// The longest scan code that is read, in characters.
const CODE_LENGTH_MAX: usize = 200;

/// How often a command is made again because the ticket changed between reading and deciding.
const STALE_TRIES_MAX: u32 = 3;

/// What serves these operations.
pub(super) static HANDLERS: &[Handler] = &[
    handler!(published::scan::GATE_SCAN, scan::serve),
    handler!(published::upload::GATE_UPLOAD, upload::serve),
    handler!(published::undo::GATE_UNDO, undo::serve),
    handler!(published::counts::GATE_COUNTS, counts::serve),
    handler!(published::bundle::GATE_BUNDLE, bundle::serve),
];

/// What a code says, if it is genuine.
fn read(app: &App, code: Option<&str>) -> Result<Admission, Refusal> {
    let code = code.map(str::trim).filter(|code| code.len() <= CODE_LENGTH_MAX);
    let public_key = |id| (id == app.seal_key.id()).then(|| app.seal_key.public());
    let read = code.map_or(Err(ScanError::Unreadable), |code| check_code(code, public_key));
    read.map_err(|error| Refusal::new(Code::ScanCodeInvalid, sentence(&error)))
}

fn sentence(error: &ScanError) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().collect::<String>());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

/// A name that must be there.
fn name(field: &str, value: Option<&str>) -> Result<String, Failure> {
    let invalid = |message: String| Failure::invalid(vec![wrong(field, message)]);
    let name = text::kept_line(value, NAME_LENGTH_MAX).map_err(invalid)?;
    name.ok_or_else(|| Failure::invalid(vec![wrong(field, "It is needed.")]))
}

/// Refuses scanners of other organisers: like a `TeamAdmin`, a scanner has its own.
fn scope(call: &Call<'_>, shard: Shard) -> Result<(), Refusal> {
    let own = call.principal.as_deref().is_some_and(|it| it.organisers.contains(&shard));
    if own || office::is_admin(call) {
        return Ok(());
    }
    let message = "This ticket is of an organiser outside your scope.";
    Err(Refusal::new(Code::OwnerScopeDenied, message))
}

/// The event, if the caller may stand at its gates.
async fn offer(app: &App, call: &Call<'_>, event: i32) -> Result<Arc<Offer>, Failure> {
    let offer = app.catalogue.offer(EventId(office::number(event))).await?;
    let offer =
        offer.ok_or_else(|| Refusal::new(Code::EventNotFound, "There is no such event."))?;
    scope(call, offer.shard())?;
    Ok(offer)
}
