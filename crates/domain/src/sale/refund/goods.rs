//! What ends with a refund, and what it is worth: admissions, a team pass, season cards.

use super::{EndedCard, RefundRequest, RefundWhat, invalid};
use crate::agency;
use crate::card::{Card, CardAddress, CardState, CardType};
use crate::catalogue::Event;
use crate::club;
use crate::facts::{Facts, Halt, Key};
use crate::ids::{CardId, LineId, QuotaId};
use crate::pass::Pass;
use crate::record::Kind;
use crate::refusal::{Code, Refusal};
use crate::sale::{Entitlement, Goods, Line, Place, Sale};
use crate::time::Timestamp;

/// What a refund ended.
#[derive(Clone, Debug, Default)]
pub(super) struct Ended {
    /// Minor units that it is worth.
    pub(super) value: i64,
    /// Nothing of the sale is good any more.
    pub(super) all: bool,
    /// The admissions that end.
    pub(super) admissions: Vec<u16>,
    /// The season cards that end.
    pub(super) cards: Vec<EndedCard>,
}

/// Which rights end with some admissions of an order.
#[derive(Clone, Debug, Default)]
struct RightsEnding {
    /// The lines of which the last admission ends, and with it the pass or the code that paid.
    lines: Vec<LineId>,
    /// How many admissions end of the lines that neither a pass nor a code paid for.
    others: u32,
    /// How many of those stay good.
    others_left: u32,
}

impl RightsEnding {
    /// What of a right is given back, and what of it stays in use.
    fn split(&self, right: Entitlement) -> (Option<Entitlement>, Option<Entitlement>) {
        let ends = match &right {
            Entitlement::FreeTickets { card, card_type, count } => {
                let back = self.others.min(*count);
                let of = |count: u32| Entitlement::FreeTickets {
                    card: *card,
                    card_type: *card_type,
                    count,
                };
                let some = |count: u32| (count > 0).then(|| of(count));
                return (some(back), some(*count - back));
            }
            Entitlement::Pass { line, .. } | Entitlement::SpecialTicket { line, .. } => {
                self.lines.contains(line)
            }
            Entitlement::FederationCard { .. } => self.others > 0 && self.others_left == 0,
            Entitlement::StoreCredit { .. } | Entitlement::GiveAway { .. } => false,
        };
        if ends { (Some(right), None) } else { (None, Some(right)) }
    }
}

impl Sale {
    /// Ends the goods that are asked for, and gives back what they had taken.
    pub(super) fn end_goods(
        &mut self,
        request: &RefundRequest,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Ended, Halt> {
        let goods = self.goods.clone();
        match (&request.what, &goods) {
            (RefundWhat::Amount(amount), Goods::Admissions | Goods::Pass { .. }) => {
                self.check_amount(*amount)?;
                Ok(Ended { value: *amount, ..Ended::default() })
            }
            (what @ (RefundWhat::Whole | RefundWhat::Amount(_)), Goods::Order { .. }) => {
                self.end_order(what, facts, now)
            }
            (RefundWhat::Payment(amount), Goods::Contract { .. } | Goods::Instalment { .. }) => {
                self.end_payment(*amount, facts, now)
            }
            (RefundWhat::Whole, Goods::Admissions) => {
                let admissions = self.good_admissions().collect();
                self.end_admissions(admissions, request.force, facts, now)
            }
            (RefundWhat::Admissions(wanted), Goods::Admissions) => {
                let admissions = self.checked_admissions(wanted)?;
                self.end_admissions(admissions, request.force, facts, now)
            }
            (RefundWhat::Whole, Goods::Pass { pass, .. }) => {
                if let Some(pass) = pass {
                    self.end_pass(Pass::key_of(self.shard, *pass), request.force, facts)?;
                }
                self.give_back(facts, now)?;
                Ok(Ended { value: self.value_left(), all: true, ..Ended::default() })
            }
            (RefundWhat::Whole, Goods::Cards { cards, .. }) => {
                let open = self.cards_open(cards, facts)?;
                self.end_cards(&open, None, request.force, facts, now)
            }
            (RefundWhat::Cards(wanted), Goods::Cards { .. }) => {
                self.end_cards(wanted, None, request.force, facts, now)
            }
            (RefundWhat::PartOfCard { card, amount }, Goods::Cards { .. }) => {
                self.end_cards(&[*card], Some(*amount), true, facts, now)
            }
            _ => Err(invalid("This order has no such part that could be paid back.").into()),
        }
    }

    /// Ends all that is left of it, used or not, without anything that goes back.
    pub(super) fn end_for_nothing(
        &mut self,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Vec<EndedCard>, Halt> {
        match self.goods.clone() {
            Goods::Cards { cards, .. } => {
                let open = self.cards_open(&cards, facts)?;
                return Ok(self.end_cards(&open, Some(0), true, facts, now)?.cards);
            }
            Goods::Pass { pass: Some(pass), .. } => {
                self.end_pass(Pass::key_of(self.shard, pass), true, facts)?;
            }
            _ => {}
        }
        self.give_back(facts, now)?;
        Ok(Vec::new())
    }

    /// The admissions that still let somebody in, from 1.
    pub fn good_admissions(&self) -> impl Iterator<Item = u16> {
        let last = u16::try_from(self.admissions()).unwrap_or(u16::MAX);
        (1..=last).filter(|number| self.is_good(*number))
    }

    /// Minor units of its price that were not promised back yet.
    fn value_left(&self) -> i64 {
        self.total - self.refunded()
    }

    /// Of an order any part may go back; it ends with the last.
    fn end_order(
        &self,
        what: &RefundWhat,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Ended, Halt> {
        let value = match what {
            RefundWhat::Amount(amount) => *amount,
            _ => self.value_left(),
        };
        self.check_amount(value)?;
        agency::refunded(self, value, facts, now)?;
        Ok(Ended { value, all: value == self.value_left(), ..Ended::default() })
    }

    /// Of a payment of a contract any part may go back.
    fn end_payment(
        &self,
        amount: Option<i64>,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Ended, Halt> {
        let value = amount.unwrap_or(self.value_left());
        self.check_amount(value)?;
        let all = value == self.value_left();
        club::refund::refunded(self, all, facts, now)?;
        Ok(Ended { value, all, ..Ended::default() })
    }

    fn check_amount(&self, amount: i64) -> Result<(), Refusal> {
        if amount <= 0 {
            return Err(invalid("The amount to pay back must be above zero."));
        }
        if amount > self.value_left() {
            let left = self.money(self.value_left().max(0)).text();
            let message = format!("Only {left} of its price is left to pay back.");
            return Err(Refusal::new(Code::RefundExceedsPaid, message));
        }
        Ok(())
    }

    fn checked_admissions(&self, wanted: &[u16]) -> Result<Vec<u16>, Refusal> {
        let mut admissions = wanted.to_vec();
        admissions.sort_unstable();
        admissions.dedup();
        if admissions.is_empty() {
            return Err(invalid("Name at least one admission, counted from 1."));
        }
        for number in &admissions {
            if *number == 0 || u32::from(*number) > self.admissions() {
                let message = format!("The order has no admission {number}.");
                return Err(invalid(message));
            }
            if !self.is_good(*number) {
                let message = format!("Admission {number} was paid back before.");
                return Err(Refusal::new(Code::NotRefundable, message));
            }
        }
        Ok(admissions)
    }

    fn end_admissions(
        &mut self,
        admissions: Vec<u16>,
        force: bool,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Ended, Halt> {
        let used = self.scans.iter().any(|scan| admissions.contains(&scan.admission));
        if used && !force {
            let message = "The ticket was used at the gate; only an Admin may refund it, by force.";
            return Err(Refusal::new(Code::TicketUsed, message).into());
        }
        let all = admissions.len() == self.good_admissions().count();
        if all {
            self.give_back(facts, now)?;
            return Ok(Ended { value: self.value_left(), all, admissions, ..Ended::default() });
        }
        let value = self.value_of(&admissions).min(self.value_left());
        self.give_back_part(&admissions, facts, now)?;
        Ok(Ended { value, all, admissions, ..Ended::default() })
    }

    /// What these admissions are worth: of each line those that were paid go before those that
    /// came from a card or a pass, so that a part is never worth less than its price.
    fn value_of(&self, admissions: &[u16]) -> i64 {
        let worth = |line: &Line, ended: u32| match ended {
            all if all >= line.count => line.total,
            some => line.total.min(i64::from(some) * line.unit_price),
        };
        let values = self.lines_with_numbers().map(|(line, numbers)| {
            let good = numbers.clone().filter(|number| self.is_good(*number)).count();
            let ending = numbers.filter(|number| admissions.contains(number)).count();
            let ended_before = line.count.saturating_sub(count(good));
            worth(line, ended_before + count(ending)) - worth(line, ended_before)
        });
        values.sum()
    }

    /// Its lines, each with the numbers of its admissions.
    fn lines_with_numbers(&self) -> impl Iterator<Item = (&Line, std::ops::Range<u16>)> {
        let mut first = 1_u16;
        self.lines.iter().map(move |line| {
            let next = first.saturating_add(u16::try_from(line.count).unwrap_or(u16::MAX));
            let numbers = first..next;
            first = next;
            (line, numbers)
        })
    }

    /// Gives back places and seats of some admissions. Which quotas a line counts against is told
    /// by the event; if that has changed since, no more is kept than there are admissions left, and
    /// the rest is given back with the last admission.
    fn give_back_part(
        &mut self,
        admissions: &[u16],
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        let key = Key::number(self.shard, Kind::Event, self.event.0);
        let prices = facts.share::<Event>(key)?;
        let mut freed: Vec<Place> = Vec::new();
        for (line, numbers) in self.lines_with_numbers() {
            let ending = count(numbers.filter(|number| admissions.contains(number)).count());
            let rows = prices.iter().flat_map(|event| &event.prices);
            let row = rows.clone().find(|row| row.ticket_type == line.ticket_type);
            for quota in row.iter().flat_map(|row| &row.quotas) {
                freed.push(Place { quota: *quota, count: ending });
            }
        }
        let left = count(self.good_admissions().count() - admissions.len());
        let places = self.take_out(&freed, left);
        let seats = (1_u16..).zip(&self.seats);
        let seats = seats.filter(|(number, _)| admissions.contains(number));
        let seats = seats.map(|(_, seat)| *seat).collect();
        let part = Sale { places, seats, refunds: Vec::new(), ..self.clone() };
        part.give_back(facts, now)?;
        self.return_rights(admissions, facts, now)
    }

    /// Gives back the rights that were used for these admissions.
    fn return_rights(
        &mut self,
        admissions: &[u16],
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        let ending = self.rights_ending(admissions);
        let mut kept = Vec::new();
        for right in std::mem::take(&mut self.entitlements) {
            let (back, rest) = ending.split(right);
            if let Some(back) = back {
                self.return_one(&back, facts, now)?;
            }
            kept.extend(rest);
        }
        self.entitlements = kept;
        Ok(())
    }

    fn rights_ending(&self, admissions: &[u16]) -> RightsEnding {
        let mut ending = RightsEnding::default();
        for (line, numbers) in self.lines_with_numbers() {
            let good = count(numbers.clone().filter(|number| self.is_good(*number)).count());
            let ended = count(numbers.filter(|number| admissions.contains(number)).count());
            if !self.is_covered(line.id) {
                ending.others += ended;
                ending.others_left += good - ended;
            } else if ended > 0 && ended == good {
                ending.lines.push(line.id);
            }
        }
        ending
    }

    /// Takes places out of the sale: those that are `freed`, and what is more than the `left`
    /// admissions can have.
    fn take_out(&mut self, freed: &[Place], left: u32) -> Vec<Place> {
        let sum = |quota: QuotaId| -> u32 {
            freed.iter().filter(|place| place.quota == quota).map(|place| place.count).sum()
        };
        let mut out = Vec::new();
        for place in &mut self.places {
            let kept = place.count.saturating_sub(sum(place.quota)).min(left);
            out.push(Place { quota: place.quota, count: place.count - kept });
            place.count = kept;
        }
        self.places.retain(|place| place.count > 0);
        out.retain(|place| place.count > 0);
        out
    }

    fn end_pass(&self, key: Key, force: bool, facts: &mut Facts<'_>) -> Result<(), Halt> {
        let Some(pass) = facts.edit::<Pass>(key)? else { return Ok(()) };
        if !pass.used.is_empty() && !force {
            let message = "The pass was used; only an Admin may refund it, by force.";
            return Err(Refusal::new(Code::NotRefundable, message).into());
        }
        pass.active = false;
        Ok(())
    }

    /// The cards of the order that were not paid back yet.
    fn cards_open(&self, cards: &[CardId], facts: &Facts<'_>) -> Result<Vec<CardId>, Halt> {
        let mut open = Vec::new();
        for id in cards {
            let card = facts.look::<Card>(self.card_key(*id))?;
            if card.is_some_and(|card| card.state != CardState::Refunded) {
                open.push(*id);
            }
        }
        Ok(open)
    }

    fn card_key(&self, id: CardId) -> Key {
        Card::key_of(CardAddress { shard: self.shard, id })
    }

    fn end_cards(
        &mut self,
        wanted: &[CardId],
        amount: Option<i64>,
        force: bool,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Ended, Halt> {
        let mut ended = Ended::default();
        for id in wanted {
            let card = self.end_card(*id, amount, force, facts, now)?;
            ended.value += card.value;
            ended.cards.push(card);
        }
        let Goods::Cards { cards, .. } = &self.goods else { return Ok(ended) };
        ended.all = self.cards_open(cards, facts)?.is_empty();
        if ended.all {
            self.give_back(facts, now)?;
        }
        Ok(ended)
    }

    /// Ends one card (`domain.md` §7.2: at its price only while nothing of it was used).
    fn end_card(
        &mut self,
        id: CardId,
        amount: Option<i64>,
        force: bool,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<EndedCard, Halt> {
        let is_ours = matches!(&self.goods, Goods::Cards { cards, .. } if cards.contains(&id));
        let card = facts.edit::<Card>(self.card_key(id))?.filter(|_| is_ours);
        let Some(card) = card else {
            return Err(Refusal::new(Code::OwnerCardNotFound, "The order has no such card.").into());
        };
        let value = value_of_card(card, amount, force)?;
        let gift = (card.credit_granted - card.price_paid).max(0);
        let (credit_left, gift_left) = (card.credit, card.credit.min(gift));
        card.state = CardState::Refunded;
        card.credit = 0;
        card.refunded = value;
        card.changed_at = now;
        let card_type = card.card_type;
        self.free_card(CardType::key_of(self.shard, card_type), facts, now)?;
        Ok(EndedCard { id, value, credit_left, gift_left })
    }

    /// Gives back the place that one card of a limited kind had.
    fn free_card(&mut self, kind: Key, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        let kind = facts.share::<CardType>(kind)?;
        let Some(quota) = kind.and_then(|kind| kind.quota) else { return Ok(()) };
        let Some(place) = self.places.iter_mut().find(|place| place.quota == quota) else {
            return Ok(());
        };
        place.count -= 1;
        self.places.retain(|place| place.count > 0);
        let places = vec![Place { quota, count: 1 }];
        Sale { places, seats: Vec::new(), ..self.clone() }.give_back(facts, now)
    }
}

fn value_of_card(card: &Card, amount: Option<i64>, force: bool) -> Result<i64, Refusal> {
    let refuse = |code, message: &str| Err(Refusal::new(code, message));
    if card.state == CardState::Refunded {
        return refuse(Code::NotRefundable, "The card was paid back before.");
    }
    let is_used = card.tickets_used > 0 || card.credit != card.credit_granted;
    match amount {
        Some(amount) if amount > card.price_paid => {
            refuse(Code::RefundExceedsPaid, "More than was paid for the card.")
        }
        Some(amount) if amount < 0 => Err(invalid("The amount may not be below zero.")),
        Some(amount) => Ok(amount),
        None if is_used && !force => {
            let message = "The card was used; end it with a part of its price.";
            refuse(Code::NotRefundable, message)
        }
        None => Ok(card.price_paid),
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
