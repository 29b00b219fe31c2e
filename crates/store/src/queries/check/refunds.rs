//! Money that is owed back, and whether anybody sees to it.

use std::collections::BTreeSet;

use domain::ids::SaleId;
use domain::sale::Sale;
use domain::task::Task;

use super::CheckReport;

/// The sales whose refund a person is asked to make.
#[derive(Default)]
pub(super) struct Refunds {
    asked: BTreeSet<SaleId>,
}

impl Refunds {
    pub(super) fn add_task(&mut self, task: &Task) {
        if task.done.is_none() && task.kind.is_refund() {
            self.asked.extend(task.sale);
        }
    }

    /// What is owed back is on its way, or an open task tells a person.
    pub(super) fn check(&self, sale: &Sale, report: &mut CheckReport) {
        let owed = sale.owed();
        if owed > 0 && !sale.has_open_refund() && !self.asked.contains(&sale.id) {
            report.find(format!(
                "Sale {} of shard {} owes {owed} back, but no refund is under way and no open task \
                 asks for it.",
                sale.id.0, sale.shard.0
            ));
        }
    }
}
