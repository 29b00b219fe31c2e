//! Who sells in a bench, as far as requests must name it.

use std::net::SocketAddr;
use std::time::Duration;

use super::OrdersError;
use super::request::Shop;
use super::scenario::Scenario;
use super::scenario::agent::Agency;
use super::scenario::contract::Club;
use crate::load::Script;

/// A seller of one of the three trades.
pub(crate) enum Seller {
    /// Sells tickets.
    Tickets(Shop),
    /// Sells packages to members.
    Club(Club),
    /// Has its customers' orders paid.
    Agency(Agency),
}

impl Seller {
    /// Prepares what its requests name, at a server of its own; what is there already stays.
    pub(crate) fn prepare(&mut self, address: SocketAddr, quick: bool) -> Result<(), OrdersError> {
        match self {
            Seller::Tickets(_) => Ok(()),
            Seller::Club(club) => club.sign_up(address, quick),
            Seller::Agency(agency) => agency.meet_customers(address),
        }
    }

    /// Makes what each request uses up, for a run that lasts so long and has so many requests at
    /// most.
    pub(crate) fn stock_up(
        &self,
        address: SocketAddr,
        lasts: Duration,
        requests_max: u64,
    ) -> Result<(), OrdersError> {
        match self {
            Seller::Tickets(_) | Seller::Club(_) => Ok(()),
            Seller::Agency(agency) => agency.take_orders(address, lasts, requests_max),
        }
    }

    /// How many requests it has enough for; none where nothing is used up.
    pub(crate) fn stock(&self) -> Option<u64> {
        match self {
            Seller::Tickets(_) | Seller::Club(_) => None,
            Seller::Agency(agency) => Some(agency.orders.len() as u64),
        }
    }

    /// The requests to a server; `None` when they do not fit together.
    pub(crate) fn script(&self, scenario: Scenario, address: SocketAddr) -> Option<Script> {
        match self {
            Seller::Tickets(shop) => scenario.script(shop, address),
            Seller::Club(club) => club.script(address),
            Seller::Agency(agency) => agency.script(address),
        }
    }
}
