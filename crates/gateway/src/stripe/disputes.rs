//! What came of a dispute, read at Stripe: what a message says of it is only a hint.

use domain::attempt::CallResult;
use domain::money::Currency;
use serde::Deserialize;

use super::wire::told;
use super::{StripeGateway, is_plain, units, wire};
use crate::dispute::{Dispute, DisputeState};

/// A dispute, as far as it is read.
#[derive(Deserialize)]
struct Told {
    id: String,
    status: String,
    amount: i64,
    currency: String,
}

impl StripeGateway {
    /// Reads a dispute by Stripe's name of it.
    pub(super) async fn dispute_of(&self, name: &str) -> Result<Dispute, CallResult> {
        if !is_plain(name) {
            return Err(CallResult::NotExecuted("This is no name of a dispute.".into()));
        }
        let dispute: Told = told(self.wire.get(&format!("/v1/disputes/{name}")).await)?;
        let currency = Currency::parse(&dispute.currency).ok_or_else(wire::unreadable)?;
        let money = units::money(dispute.amount, currency).ok_or_else(wire::unreadable)?;
        if dispute.id != name {
            return Err(wire::unreadable());
        }
        Ok(Dispute { money, state: state(&dispute.status) })
    }
}

/// An inquiry (`warning_…`) that is closed has moved nothing, and neither has a dispute whose
/// charge was paid back before.
fn state(status: &str) -> DisputeState {
    match status {
        "won" => DisputeState::Won,
        "lost" => DisputeState::Lost,
        "warning_closed" | "charge_refunded" | "prevented" => DisputeState::Closed,
        _ => DisputeState::Open,
    }
}
