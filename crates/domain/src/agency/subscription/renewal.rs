//! A later period was paid: its money is booked once, as a sale of its own.

use super::{PaidPeriod, RENEWALS_MAX, Renewal, Subscription};
use crate::agency::{Agency, CustomerOrder};
use crate::attempt::{Approval, Attempt, CallResult, Verb};
use crate::catalogue::Organiser;
use crate::facts::{Facts, Halt, Key};
use crate::ids::{EventId, SaleId};
use crate::money::basis_points_of;
use crate::payment::Method;
use crate::record::{Kind, word};
use crate::sale::{Goods, NewSale, OrderPaymentKind, Sale};
use crate::time::Timestamp;
use crate::token::Secret;

/// The most periods that are booked in one commit; the rest follows in the next ones.
const AT_ONCE_MAX: usize = 10;

impl Subscription {
    /// Books paid periods that are not booked yet; false when more of them are left. A gateway may
    /// tell of them in any order, and of each as often as it likes.
    pub(super) fn book_paid(
        &mut self,
        order: &CustomerOrder,
        paid: &[PaidPeriod],
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<bool, Halt> {
        let is_new = |it: &&PaidPeriod| {
            let is_known = self.renewals.iter().any(|known| known.invoice == it.invoice);
            !is_known && it.amount > 0
        };
        let mut new: Vec<_> = paid.iter().filter(is_new).cloned().collect();
        let count = new.len();
        new.truncate(AT_ONCE_MAX.min(RENEWALS_MAX.saturating_sub(self.renewals.len())));
        for period in &new {
            let sale = self.book(order, period, facts, now)?;
            self.renewals.push(Renewal { invoice: period.invoice.clone(), sale });
        }
        Ok(new.len() == count)
    }

    fn book(
        &self,
        order: &CustomerOrder,
        period: &PaidPeriod,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<SaleId, Halt> {
        let shard = order.shard;
        let id = SaleId(facts.number(shard, SaleId::KIND)?);
        let agency = facts.look::<Agency>(Agency::key_of(shard))?;
        let tax_jurisdiction = agency.map(|it| it.tax_jurisdiction.clone()).unwrap_or_default();
        let organiser = facts.look::<Organiser>(Key::number(shard, Kind::Organiser, 0))?;
        let fee_basis_points = organiser.map_or(0, |organiser| organiser.fee_basis_points);
        let tax = self.tax_in(period.amount);
        // Nobody is given its handle, so that it need not be drawn.
        let told = format!("{:032x} {}", order.uid.0, period.invoice);
        let secret = Secret(word("renewal", &told).to_be_bytes());
        let new = NewSale { shard, id, secret, event: EventId(0), currency: order.currency };
        let goods = Goods::Order {
            order: order.id,
            kind: OrderPaymentKind::Card,
            tax,
            tax_jurisdiction,
            renewal: Some(period.invoice.clone()),
        };
        let charge = self.charge_of(period, now);
        let mut sale = Sale {
            goods,
            total: period.amount,
            fee: basis_points_of(period.amount - tax, fee_basis_points),
            method: Some(Method::Card),
            attempts: vec![charge.clone()],
            ..Sale::new(new, now)
        };
        sale.issue(Some(&charge), facts, now)?;
        facts.put(sale);
        Ok(id)
    }

    /// The gateway took it by itself, so that it is over when it is first heard of, and has no key
    /// but the gateway's own name.
    fn charge_of(&self, period: &PaidPeriod, now: Timestamp) -> Attempt {
        let key = period.payment.clone();
        let mut charge = Attempt::new(1, Verb::Charge, key, &self.terms, period.amount, now);
        let reference = period.payment.clone();
        charge.record(&CallResult::Approved(Approval { reference, ..Approval::default() }), now);
        charge
    }

    /// Minor units of tax in a period of this amount: the gateway may have taken another one than
    /// was agreed, for instance less a credit.
    fn tax_in(&self, amount: i64) -> i64 {
        let (tax, whole) = (i128::from(self.recurring.tax), i128::from(self.recurring.amount));
        let part = i128::from(amount) * tax / whole.max(1);
        i64::try_from(part).unwrap_or(0).min(amount)
    }
}
