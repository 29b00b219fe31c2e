//! Customers' orders beside the sales that pay them: each is paid by what its sales say, and by at
//! most one of them at a time.

use std::collections::{BTreeMap, BTreeSet};

use domain::agency::{CustomerOrder, OrderState};
use domain::ids::{CustomerOrderId, SaleId, Shard};
use domain::sale::{Goods, Sale};

use super::CheckReport;

/// What orders and sales of one shard say of each other.
#[derive(Default)]
pub(super) struct Orders {
    /// Minor units that orders say are paid, less what their sales say.
    paid: BTreeMap<CustomerOrderId, i128>,
    /// The payments that orders name and that were not met yet.
    payments: BTreeSet<(CustomerOrderId, SaleId)>,
    /// The payments that orders say are under way.
    open: BTreeSet<(CustomerOrderId, SaleId)>,
}

impl Orders {
    pub(super) fn add(&mut self, order: &CustomerOrder, report: &mut CheckReport) {
        *self.paid.entry(order.id).or_default() += i128::from(order.paid);
        self.payments.extend(order.payments.iter().map(|sale| (order.id, *sale)));
        let renewals = order.subscription.iter().flat_map(|it| &it.renewals);
        self.payments.extend(renewals.map(|renewal| (order.id, renewal.sale)));
        self.open.extend(order.open.map(|sale| (order.id, sale)));
        let (id, shard) = (order.id.0, order.shard.0);
        let is_whole = order.paid == order.total();
        if matches!(order.state, OrderState::Paid | OrderState::Fulfilled) && !is_whole {
            report.find(format!(
                "Order {id} of shard {shard} is {}, but {} of {} is paid.",
                order.state.name(),
                order.paid,
                order.total()
            ));
        }
        if order.state.is_unpaid() && order.paid != 0 {
            report.find(format!("Order {id} of shard {shard} is unpaid and has {}.", order.paid));
        }
    }

    pub(super) fn add_sale(&mut self, sale: &Sale, report: &mut CheckReport) {
        let Goods::Order { order, ref renewal, .. } = sale.goods else { return };
        let (id, shard) = (sale.id.0, sale.shard.0);
        // A later period is paid beside the order's own price.
        if sale.issued_at.is_some() && renewal.is_none() {
            *self.paid.entry(order).or_default() -= i128::from(sale.total - sale.refunded());
        }
        if !self.payments.remove(&(order, sale.id)) {
            report.find(format!(
                "Sale {id} of shard {shard} pays order {}, which does not name it.",
                order.0
            ));
        }
        let is_open = self.open.remove(&(order, sale.id));
        if is_open && !sale.state.holds_places() {
            report.find(format!(
                "Order {} of shard {shard} waits for sale {id}, which is {}.",
                order.0,
                sale.state.name()
            ));
        }
    }

    pub(super) fn compare(self, shard: Shard, report: &mut CheckReport) {
        let shard = shard.0;
        for (order, by) in self.paid.into_iter().filter(|(_, by)| *by != 0) {
            report.find(format!(
                "Order {} of shard {shard} says that {by} more is paid than its sales do.",
                order.0
            ));
        }
        for (order, sale) in self.payments {
            report.find(format!(
                "Order {} of shard {shard} names sale {}, which is not there.",
                order.0, sale.0
            ));
        }
    }
}
