//! What buyers want: the catalogue they order from and the requests they send.

pub(crate) mod agent;
pub(crate) mod contract;
mod free;
mod hot;
mod mixed;
mod paid;

use std::net::SocketAddr;

use clap::ValueEnum;

use self::agent::Agency;
use self::contract::Club;
use super::request::Shop;
use super::seller::Seller;
use super::stage::Imported;
use super::{OrdersError, catalogue};
use crate::load::Script;

/// Which orders are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// Every order is one ticket, paid by card.
    Paid,
    /// The same, each with an idempotency key of its own.
    Keyed,
    /// Every order is one free ticket: no gateway, one commit instead of two.
    Free,
    /// Everybody wants one event with few places; most are told that it is sold out.
    Hot,
    /// As in life: of 20 requests 12 are paid, 4 free, 2 for what is sold out, 1 with a wrong
    /// price, 1 a repeat; each with an idempotency key.
    Mixed,
    /// Packages of a club, sold to members with a card on file; tickets are sold beside it.
    Contract,
    /// Orders of an agent's customers are paid with a token; tickets are sold beside it.
    Agent,
}

impl Scenario {
    /// The requests to a server that sells tickets; `None` when they do not fit together.
    pub(super) fn script(self, shop: &Shop, address: SocketAddr) -> Option<Script> {
        match self {
            Scenario::Paid => Some(paid::script(shop, address)),
            Scenario::Keyed => Some(paid::keyed_script(shop, address)),
            Scenario::Free => Some(free::script(shop, address)),
            Scenario::Hot => Some(hot::script(shop, address)),
            Scenario::Mixed => mixed::script(shop, address),
            Scenario::Contract | Scenario::Agent => None,
        }
    }

    /// The catalogue file of so many sellers.
    pub(super) fn catalogue(self, sellers: u32) -> String {
        match self {
            Scenario::Contract => (1..=sellers).map(contract::catalogue).collect(),
            Scenario::Agent => (1..=sellers).map(agent::catalogue).collect(),
            _ => catalogue::text(sellers),
        }
    }

    /// What `guichet key create` is told of the key of a seller.
    pub(super) fn key_options(self, seller: u32) -> Vec<String> {
        match self {
            Scenario::Contract => contract::key_options(seller).into(),
            Scenario::Agent => agent::key_options(seller).into(),
            _ => ["--role", "Admin"].map(str::to_owned).into(),
        }
    }

    /// A seller, by what its import and its key were told.
    pub(super) fn seller(
        self,
        (imported, seller): (&Imported, u32),
        key: &str,
        sandbox: SocketAddr,
    ) -> Result<Seller, OrdersError> {
        let number = |kind: &str, name: &str| imported.number(kind, &format!("{name}-{seller}"));
        Ok(match self {
            Scenario::Contract => {
                Seller::Club(Club::new(number("store", "north")?, number("package", "year")?, key))
            }
            Scenario::Agent => Seller::Agency(Agency::new(sandbox, key)),
            _ => Seller::Tickets(Shop {
                event: number("event", "match")?,
                hot_event: number("event", "hot")?,
                sold_out_event: number("event", "sold-out")?,
                adult: number("ticket_type", "adult")?,
                child: number("ticket_type", "child")?,
                key: key.to_owned(),
            }),
        })
    }

    /// What each payment costs, where it is told by that from the tickets that are sold beside it.
    pub(super) fn amount(self) -> Option<i64> {
        match self {
            Scenario::Contract => Some(contract::DUE_TODAY),
            Scenario::Agent => Some(agent::PRICE),
            _ => None,
        }
    }

    /// Whether tickets are sold beside it, so that it can be held against them.
    pub(super) fn is_beside_tickets(self) -> bool {
        self.amount().is_some()
    }

    /// Whether the floor program does the same work without its rules.
    pub(super) fn has_floor(self) -> bool {
        self == Scenario::Paid
    }

    /// Whether a refused order is one as it should be.
    pub(super) fn expects_refusals(self) -> bool {
        matches!(self, Scenario::Hot | Scenario::Mixed)
    }

    /// Places that all buyers together can get; none for as many as they want.
    pub(super) fn places(self) -> Option<u64> {
        (self == Scenario::Hot).then_some(hot::PLACES)
    }
}
