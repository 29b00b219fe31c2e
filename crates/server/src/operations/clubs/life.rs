//! What people do with contracts that were sold: freezing, cancelling, overdue payments
//! (`domain.md` §7.6).

mod cancel;
mod freeze;
mod pay;
mod unfreeze;
mod write_off;

use std::sync::Arc;

use contract::clubs::life as declared;
use contract::clubs::life::ContractChangedResponse;
use domain::audit::{AuditEvent, AuditNote};
use domain::club::contract::Contract;
use domain::club::life::Calendar;
use domain::ids::Shard;

use super::caller::{Asked, ClubCaller, club_caller};
use super::{asked, contracts, note, stores};
use crate::app::App;
use crate::catalogue::contract_calendar;
use crate::operations::event_presentation::int;
use crate::operations::family::{Failure, wrong};
use crate::operations::handlers::{Handler, handler};
use crate::operations::{Call, office};

/// What serves these operations.
pub(in crate::operations) static HANDLERS: &[Handler] = &[
    handler!(declared::freeze::FREEZE_CONTRACT, freeze::serve),
    handler!(declared::unfreeze::UNFREEZE_CONTRACT, unfreeze::serve),
    handler!(declared::cancel::CANCEL_CONTRACT, cancel::serve),
    handler!(declared::pay::PAY_INSTALLMENT, pay::serve),
    handler!(declared::write_off::WRITE_OFF_INSTALLMENT, write_off::serve),
];

/// A contract that a caller may change, and the calendar of its store.
struct Named {
    by: ClubCaller,
    contract: Arc<Contract>,
    calendar: Calendar,
    reason: String,
}

impl Named {
    async fn find(
        app: &App,
        call: &Call<'_>,
        asked: &Asked<'_>,
        (id, reason): (Option<&str>, Option<&str>),
    ) -> Result<Named, Failure> {
        let by = club_caller(app, call, asked).await?;
        let reason = office::reason("Reason", reason)?.unwrap_or_default();
        let contract = contracts::one(app, &by, id.unwrap_or_default(), None).await?;
        let store = stores::one(app, &by, Some(int(contract.store.0))).await?;
        let calendar = contract_calendar(app.clock.now(), &store.time_zone);
        let calendar = calendar.ok_or_else(Failure::unable)?;
        Ok(Named { by, contract, calendar, reason })
    }

    fn shard(&self) -> Shard {
        self.contract.shard
    }

    /// What the audit tells of the change.
    fn note(&self, call: &Call<'_>, event: AuditEvent, what: &str) -> AuditNote {
        let detail = format!("contract {}{what}: {}", self.contract.id.0, self.reason);
        note(call, &self.by, event, &detail)
    }
}

/// The number of a payment.
fn payment_number(number: i32) -> Result<u16, Failure> {
    u16::try_from(number).map_err(|_| {
        let message = "Name a payment by its number, from 1.";
        Failure::invalid(vec![wrong("InstallmentNumber", message)])
    })
}

fn changed(contract: &Contract, description: &str) -> ContractChangedResponse {
    let (contract, description) = (contracts::shown(contract), description.to_owned());
    ContractChangedResponse { contract: Some(contract), description: Some(description) }
}
