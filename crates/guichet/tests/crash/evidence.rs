//! What is known after the last round: the buyers' journal, the database, the gateway's log.

use std::collections::HashMap;
use std::sync::Arc;

use domain::attempt::{CallResult, Verb};
use domain::sale::{Sale, SaleState};
use gateway::sandbox::{LogLine, Operation};

use crate::buyers::Journal;
use crate::exchange::Answer;

/// A sale as the database has it.
#[derive(Clone, Debug)]
pub(crate) struct SaleFacts {
    pub(crate) number: u32,
    pub(crate) tag: String,
    pub(crate) token: String,
    pub(crate) state: SaleState,
    pub(crate) total: i64,
    pub(crate) charge_keys: Vec<String>,
}

/// What the gateway did under the key of one charge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Movements {
    /// How often money was taken.
    pub(crate) charges: u32,
    /// Minor units taken.
    pub(crate) taken: i64,
    /// Minor units given back.
    pub(crate) returned: i64,
    /// The gateway itself says that it does not know, and will never say more.
    pub(crate) faulty: bool,
}

/// Everything the judge may look at.
#[derive(Debug, Default)]
pub(crate) struct Evidence {
    pub(crate) journal: Journal,
    pub(crate) sales: Vec<SaleFacts>,
    pub(crate) movements: HashMap<String, Movements>,
    /// What `guichet check` found wrong.
    pub(crate) complaint: Option<String>,
}

impl Evidence {
    pub(crate) fn new(sales: &[Arc<Sale>], log: &[LogLine], complaint: Option<String>) -> Evidence {
        let sales = sales.iter().map(|sale| facts(sale)).collect();
        Evidence { journal: Vec::new(), sales, movements: movements(log), complaint }
    }

    pub(crate) fn with_journal(self, journal: Journal) -> Evidence {
        Evidence { journal, ..self }
    }

    /// Whether nothing is left for the janitor to find out.
    pub(crate) fn is_settled(&self) -> bool {
        !self.sales.iter().any(|sale| self.is_open(sale) && !self.is_faulty(sale))
    }

    /// Whether the outcome of a sale is still to come, and so its money may be anywhere.
    pub(crate) fn is_open(&self, sale: &SaleFacts) -> bool {
        sale.state.holds_places() || sale.state == SaleState::Returning
    }

    pub(crate) fn is_faulty(&self, sale: &SaleFacts) -> bool {
        self.movements_of(sale).any(|movements| movements.faulty)
    }

    /// What the gateway did for a sale, charge by charge.
    pub(crate) fn movements_of(&self, sale: &SaleFacts) -> impl Iterator<Item = &Movements> {
        sale.charge_keys.iter().filter_map(|key| self.movements.get(key))
    }

    /// What a person wants to know of a run that passed: that it was a real one.
    pub(crate) fn summary(&self) -> String {
        let answers = self.journal.iter().flat_map(|wish| &wish.answers);
        let silent = answers.filter(|answer| **answer == Answer::Silence).count();
        let in_state = |state| self.sales.iter().filter(|sale| sale.state == state).count();
        format!(
            "{} orders, {silent} times no answer; {} sales: {} issued, {} failed, {} expired, \
             {} open, {} given back; {} charges",
            self.journal.len(),
            self.sales.len(),
            in_state(SaleState::Issued),
            in_state(SaleState::PaymentFailed),
            in_state(SaleState::Expired),
            self.sales.iter().filter(|sale| self.is_open(sale)).count(),
            in_state(SaleState::Returned),
            self.movements.values().map(|movements| movements.charges).sum::<u32>(),
        )
    }
}

fn facts(sale: &Sale) -> SaleFacts {
    let charges = sale.attempts.iter().filter(|attempt| attempt.verb == Verb::Charge);
    SaleFacts {
        number: sale.id.0,
        tag: sale.buyer.app_meta_data.clone().unwrap_or_default(),
        token: sale.token().text(),
        state: sale.state,
        total: sale.total,
        charge_keys: charges.map(|attempt| attempt.key.clone()).collect(),
    }
}

fn movements(log: &[LogLine]) -> HashMap<String, Movements> {
    let mut movements: HashMap<String, Movements> = HashMap::new();
    for line in log {
        match line.request.operation {
            Operation::Sale => {
                let movements = movements.entry(line.key.clone()).or_default();
                movements.charges += u32::from(line.moved() > 0);
                movements.taken += line.moved();
                movements.faulty |=
                    matches!(line.outcome, CallResult::Unknown(_)) && line.handling.changes_book();
            }
            Operation::Refund => {
                let charge = line.request.charge.clone().unwrap_or_default();
                movements.entry(charge).or_default().returned += line.moved();
            }
            _ => {}
        }
    }
    movements
}
