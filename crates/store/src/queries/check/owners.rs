//! What organisers are owed: the books that rules decide by, beside the balances.

use std::collections::BTreeMap;

use domain::books::{EventBook, OwnerBook};
use domain::ids::{EventId, Shard};
use domain::ledger::Account;

use super::CheckReport;
use crate::snapshot::Balance;

/// What the event books and the owner book of one shard say, less the balances.
#[derive(Default)]
pub(super) struct Owners {
    /// Minor units of the event's currency.
    events: BTreeMap<EventId, i128>,
    /// By account and currency; debit positive.
    apart: BTreeMap<(Account, String), i128>,
    /// Events that were paid out.
    paid_out: Vec<EventId>,
}

impl Owners {
    pub(super) fn add_event(&mut self, book: &EventBook) {
        *self.events.entry(book.event).or_default() -= i128::from(book.payable);
        if book.paid_out.is_some() {
            self.paid_out.push(book.event);
        }
    }

    pub(super) fn add_owner(&mut self, book: &OwnerBook) {
        let sums = [
            (&book.cards, Account::OwnerPayableCards, -1),
            (&book.passes, Account::OwnerPayablePasses, -1),
            (&book.orders, Account::OwnerPayableOrders, -1),
            (&book.contracts, Account::OwnerPayableContracts, -1),
            (&book.receivable, Account::OwnerReceivable, 1),
        ];
        for (amounts, account, sign) in sums {
            for (currency, amount) in amounts {
                let key = (account.clone(), currency.clone());
                *self.apart.entry(key).or_default() += sign * i128::from(*amount);
            }
        }
    }

    pub(super) fn compare(mut self, shard: Shard, balances: &[Balance], report: &mut CheckReport) {
        for balance in balances {
            let amount = i128::from(balance.amount);
            match &balance.account {
                Account::OwnerPayable(event) => {
                    if self.paid_out.contains(event) {
                        report.find(format!(
                            "Event {} of shard {} was paid out, but its balance is {amount}.",
                            event.0, shard.0
                        ));
                    }
                    *self.events.entry(*event).or_default() -= amount;
                }
                account @ (Account::OwnerPayableCards
                | Account::OwnerPayablePasses
                | Account::OwnerPayableOrders
                | Account::OwnerPayableContracts
                | Account::OwnerReceivable) => {
                    let key = (account.clone(), balance.currency.clone());
                    *self.apart.entry(key).or_default() -= amount;
                }
                _ => {}
            }
        }
        self.tell(shard, report);
    }

    fn tell(self, shard: Shard, report: &mut CheckReport) {
        for (event, by) in self.events.into_iter().filter(|(_, by)| *by != 0) {
            report.find(format!(
                "The book of event {} of shard {} differs from its balance by {by}.",
                event.0, shard.0
            ));
        }
        for ((account, currency), by) in self.apart.into_iter().filter(|(_, by)| *by != 0) {
            report.find(format!(
                "The owner's book of shard {} differs from the balance of {account} by {by} \
                 {currency}.",
                shard.0
            ));
        }
    }
}
