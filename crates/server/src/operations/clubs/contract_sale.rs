//! Selling a contract, whichever request asks for it: to a member, to somebody who becomes one, or
//! what was drafted before (`domain.md` §6). What the requests have in common is read, decided and
//! shown here.

pub(super) mod intake;
pub(super) mod methods;
pub(super) mod presentation;
pub(super) mod repeat;

use std::sync::Arc;

use domain::club::{ClubStore, ContractWish, Door, SellContract};
use domain::idempotency::Marks;
use domain::sale::{Buyer, Sale};
use rust_decimal::Decimal;

use self::methods::Methods;
use super::caller::ClubCaller;
use crate::app::App;
use crate::money::minor_units;
use crate::operations::family::Failure;

/// A sale as it was asked for.
pub(super) struct Asking {
    pub(super) wish: ContractWish,
    pub(super) door: Door,
    pub(super) amount: Option<Decimal>,
    pub(super) methods: Methods,
    pub(super) end_user_address: Option<String>,
    pub(super) marks: Marks,
}

impl Asking {
    /// Sells, or finds what the same request led to before.
    pub(super) async fn sell(
        self,
        app: &App,
        by: &ClubCaller,
        store: &ClubStore,
    ) -> Result<Arc<Sale>, Failure> {
        let place = app.till.place().ok_or_else(Failure::overloaded)?;
        let amount_seen = self.amount.map(|amount| minor_units(amount, store.currency));
        let command = SellContract {
            wish: self.wish,
            door: self.door,
            amount_seen: amount_seen.transpose()?,
            methods: self.methods.in_currency(store.currency)?,
            end_user_address: self.end_user_address,
            gateways: app.till.all_terms(),
            buyer: Buyer { principal: Some(by.caller.id), ..Buyer::default() },
            secret: app.secret()?,
            marks: self.marks,
        };
        let sold = app.till.order(place, command, None).await;
        sold.map_err(|refused| Failure::from(refused.error))
    }
}

/// Refuses to sell while the till is not ready for it.
pub(super) fn check_ready(app: &App) -> Result<(), Failure> {
    if app.standing.is_ready() { Ok(()) } else { Err(Failure::unable()) }
}
