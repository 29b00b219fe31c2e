//! Charging what has fallen due of a contract (`domain.md` §7.6): each try is a sale of its own,
//! which goes the way of every sale.
//!
//! A try is written down in one commit with the sale that makes it ([`Instalment::trying`]), and no
//! other is begun for the contract before it is known what came of that sale. So however often and
//! from wherever this is called, and whatever crashes, each try is made once; it carries the name
//! `inst_<contract>-<number>:<try>`.

use std::sync::Arc;

use super::Member;
use super::contract::{Contract, ContractState};
use super::instalment::{Instalment, InstalmentState};
use super::life::Calendar;
use super::overdue;
use super::tender::part_of;
use crate::attempt::{GatewayTerms, Next};
use crate::catalogue::Organiser;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{ContractId, EventId, SaleId, Shard};
use crate::language::Language;
use crate::money::basis_points_of;
use crate::profile::{self, PaymentProfile};
use crate::record::Kind;
use crate::sale::{Buyer, Goods, LetterAddress, NewSale, Placed, Sale};
use crate::time::Timestamp;
use crate::token::Secret;

/// Looks what the calendar has brought for one contract, and begins to charge the oldest payment
/// that has fallen due, if there is one.
#[derive(Clone, Debug)]
pub struct ChargeDue {
    /// The chain.
    pub shard: Shard,
    /// Which contract.
    pub contract: ContractId,
    /// The calendar of its store.
    pub calendar: Calendar,
    /// What a try is made with.
    pub with: TryWith,
}

/// What a try is made with.
#[derive(Clone, Debug)]
pub struct TryWith {
    /// The gateways that there are.
    pub gateways: Vec<GatewayTerms>,
    /// 128 random bits for the sale's handle.
    pub secret: Secret,
    /// Who asks for it; nobody where its day has come.
    pub buyer: Buyer,
}

/// A try that was begun, and what its sale needs next; `None` when there was nothing to charge.
pub type Charged = Option<(Arc<Sale>, Next)>;

impl Command for ChargeDue {
    type Outcome = Charged;

    fn shards(&self) -> Shards {
        Shards::One(self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.extend([Key::seller(self.shard), Contract::key_of(self.shard, self.contract)]);
        keys.push(Key::number(self.shard, Kind::Organiser, 0));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Charged, Halt> {
        let known = facts.share::<Contract>(Contract::key_of(self.shard, self.contract))?;
        let is_due = |contract: &Arc<Contract>| contract.due().is_some_and(|due| due <= now);
        let Some(known) = known.filter(is_due) else { return Ok(None) };
        let Calendar { today, tomorrow_at } = self.calendar;
        let mut contract = Contract::clone(&known);
        contract.follow_calendar(today, facts, now)?;
        let Some(number) = contract.oldest_due(today) else {
            contract.life.look_at = Some(tomorrow_at);
            facts.put(contract);
            return Ok(None);
        };
        contract.life.look_at = None;
        let payer = profile::preferred(facts, self.shard, contract.member, now);
        self.with.begin(contract, number, payer, self.calendar, (facts, now))
    }
}

impl Contract {
    /// The number of the payment that is charged first on `today`: what has waited longest. What
    /// fell due on another day than what was tried today waits until tomorrow, so that a clock that
    /// leaps ahead takes one payment of a member, and not those of a year.
    fn oldest_due(&self, today: super::Date) -> Option<u16> {
        if self.trying().is_some() {
            return None;
        }
        let is_due =
            |it: &&Instalment| self.is_charged(it) && it.next_day().is_some_and(|day| day <= today);
        let due = self.instalments.iter().filter(is_due);
        let oldest = due.min_by_key(|it| (it.payment.due, it.number))?;
        let is_tried = |it: &Instalment| it.tries > 0 && it.tried_on == Some(today);
        let is_another = |it: &Instalment| is_tried(it) && it.payment.due != oldest.payment.due;
        (!self.instalments.iter().any(is_another)).then_some(oldest.number)
    }

    /// What a cancelled contract still owes is charged once there is another means of paying.
    fn is_charged(&self, instalment: &Instalment) -> bool {
        match self.state {
            ContractState::Active => true,
            ContractState::Cancelled => instalment.state == InstalmentState::PastDue,
            _ => false,
        }
    }

    /// The payment of a number.
    #[must_use]
    pub fn instalment(&self, number: u16) -> Option<&Instalment> {
        self.instalments.iter().find(|instalment| instalment.number == number)
    }

    pub(super) fn instalment_mut(&mut self, number: u16) -> Option<&mut Instalment> {
        self.instalments.iter_mut().find(|instalment| instalment.number == number)
    }
}

impl TryWith {
    /// Begins a try. Without a means of paying nothing is tried, and people are asked.
    ///
    /// # Errors
    /// [`Halt::Missing`]; what [`part_of`] refuses.
    pub(super) fn begin(
        &self,
        mut contract: Contract,
        number: u16,
        payer: Result<Arc<PaymentProfile>, Halt>,
        calendar: Calendar,
        (facts, now): (&mut Facts<'_>, Timestamp),
    ) -> Result<Charged, Halt> {
        let Some(instalment) = contract.instalment(number).cloned() else { return Ok(None) };
        let parts = match payer.and_then(|payer| Ok(part_of(&payer, None, &self.gateways)?)) {
            _ if instalment.payment.total() == 0 => Vec::new(),
            Ok(part) => vec![part],
            Err(Halt::Refused(refusal)) => {
                if let Some(instalment) = contract.instalment_mut(number) {
                    instalment.cannot_try(refusal.code, calendar.today);
                }
                if contract.instalment(number).is_none_or(|it| it.retry_on.is_none()) {
                    overdue::ask_people(&mut contract, number, None, facts, now)?;
                }
                facts.put(contract);
                return Ok(None);
            }
            Err(halt) => return Err(halt),
        };
        let sale = self.sale(&contract, &instalment, facts, now)?;
        if let Some(instalment) = contract.instalment_mut(number) {
            instalment.begin_try(sale.id, calendar.today);
        }
        facts.put(contract);
        let Placed { sale, next, .. } = sale.start_split(parts, facts, now)?;
        Ok(Some((sale, next)))
    }

    fn sale(
        &self,
        contract: &Contract,
        instalment: &Instalment,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Sale, Halt> {
        let shard = contract.shard;
        let id = SaleId(facts.number(shard, SaleId::KIND)?);
        let (event, secret, currency) = (EventId(0), self.secret, contract.terms.currency);
        let payment = &instalment.payment;
        let chain = facts.look::<Organiser>(Key::number(shard, Kind::Organiser, 0))?;
        let fee = chain.map_or(0, |chain| chain.fee_basis_points);
        let fee = basis_points_of(payment.amount, fee);
        let goods = Goods::Instalment {
            contract: contract.id,
            number: instalment.number,
            tax: payment.tax,
            tax_jurisdiction: contract.terms.jurisdiction.clone(),
        };
        let attempt = instalment.tries.saturating_add(1);
        let name = format!("inst_{}-{}:{attempt}", contract.id.0, instalment.number);
        let letters = letter_address(contract, facts)?;
        let buyer = Buyer { letters, app_meta_data: Some(name), ..self.buyer.clone() };
        let new = NewSale { shard, id, secret, event, currency };
        Ok(Sale { goods, total: payment.total(), fee, buyer, ..Sale::new(new, now) })
    }
}

/// Where the contract's member is written to.
pub(super) fn letter_address(
    contract: &Contract,
    facts: &Facts<'_>,
) -> Result<Option<LetterAddress>, Halt> {
    let member = facts.look::<Member>(Member::key_of(contract.shard, contract.member))?;
    let to = member.and_then(|member| member.email.clone());
    Ok(to.map(|to| LetterAddress { to, language: Language::default() }))
}
