//! Rights that sales used instead of money, and what passes and codes say of it. Season cards may
//! be another club's and are compared over all sellers ([`super::across`]).

use std::collections::BTreeSet;

use domain::card::Card;
use domain::ids::{EventId, PassId, SaleId, Shard};
use domain::pass::Pass;
use domain::sale::{Entitlement, Sale};
use domain::special_ticket::SpecialTicket;

use super::CheckReport;
use super::across::uses_rights;

/// A right in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Used {
    Pass(PassId, EventId, SaleId),
    Code(u128, SaleId),
}

/// Rights in use of one shard, as one side says and not the other.
#[derive(Default)]
pub(super) struct Rights {
    /// By passes and codes.
    given: BTreeSet<Used>,
    /// By sales.
    taken: BTreeSet<Used>,
}

/// A card's own sums.
pub(super) fn check_card(card: &Card, report: &mut CheckReport) {
    let name = format!("Card {} of shard {}", card.id.0, card.shard.0);
    let used: u64 = card.used_by_event.values().map(|used| u64::from(*used)).sum();
    if used != u64::from(card.tickets_used) {
        let all = card.tickets_used;
        report.find(format!("{name} says {all} free tickets were used, its events say {used}."));
    }
    if card.tickets_max.is_some_and(|most| card.tickets_used > most) {
        report.find(format!("{name} gave more free tickets than it has."));
    }
    if card.credit < 0 {
        report.find(format!("{name} has a credit of {}.", card.credit));
    }
}

impl Rights {
    pub(super) fn add_pass(&mut self, pass: &Pass) {
        let used = pass.used.iter().map(|(event, sale)| Used::Pass(pass.id, *event, *sale));
        self.given.extend(used);
    }

    pub(super) fn add_code(&mut self, code: &SpecialTicket) {
        self.given.extend(code.used_by.map(|sale| Used::Code(code.hash, sale)));
    }

    /// What a sale has taken; each side drops what the other says, too.
    pub(super) fn add_sale(&mut self, sale: &Sale) {
        if !uses_rights(sale) {
            return;
        }
        for entitlement in &sale.entitlements {
            let used = match entitlement {
                Entitlement::Pass { pass, .. } => Used::Pass(*pass, sale.event, sale.id),
                Entitlement::SpecialTicket { hash, .. }
                | Entitlement::FederationCard { hash, .. } => Used::Code(*hash, sale.id),
                _ => continue,
            };
            self.taken.insert(used);
        }
    }

    pub(super) fn compare(&self, shard: Shard, report: &mut CheckReport) {
        for used in self.given.difference(&self.taken) {
            let (name, sale) = used.name();
            report.find(format!(
                "{name} of shard {} says that sale {sale} uses it, the sale does not.",
                shard.0
            ));
        }
        for used in self.taken.difference(&self.given) {
            let (name, sale) = used.name();
            report.find(format!(
                "Sale {sale} of shard {} uses {name}, which does not say so.",
                shard.0
            ));
        }
    }
}

impl Used {
    /// What it is called, without the code itself, and the number of the sale.
    fn name(self) -> (String, u32) {
        match self {
            Used::Pass(pass, event, sale) => {
                (format!("Pass {} for event {}", pass.0, event.0), sale.0)
            }
            Used::Code(hash, sale) => (format!("Code {hash:032x}"), sale.0),
        }
    }
}
