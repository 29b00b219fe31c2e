//! Drawing a season: orders of seats and cards, and what is done with tickets, mostly so that
//! several people are at the same ticket at once.

use store::testing::{ADULT, CHILD, TERRACE};

use super::{Act, CardUse, Deed, Item, Order, Plan, Script, What};
use crate::dice::Dice;

/// How many of a hundred runs play a season.
const SEASON_PERCENT: u64 = 60;

/// How many of a hundred payments of a difference are treated badly at least.
const LEAST_FAULTY_PERCENT: u64 = 40;

/// When the deeds begin, and how long they go on, in milliseconds.
const DEEDS_FROM_MS: u64 = 1_000;
const DEEDS_MS: u64 = 150_000;

/// When an unpaid difference ends, in milliseconds after the move.
const TOPUP_ENDS_MS: u64 = 24 * 3_600_000;

impl Plan {
    pub(super) fn draw_season(&mut self, faulty: u64, dice: &mut Dice) {
        self.season = dice.percent(SEASON_PERCENT);
        if !self.season {
            return;
        }
        for seller in &mut self.sellers {
            seller.ground = seller.ground.max(dice.pick(&[3, 40]));
        }
        let numbers: Vec<u32> = self.orders().map(|order| order.number).collect();
        let (cards, tickets): (Vec<_>, Vec<_>) =
            numbers.iter().copied().partition(|_| dice.percent(15));
        for item in &mut self.items {
            if let Item::Order(order) = item {
                draw_order(order, &cards, dice);
            }
        }
        // Now and then something is tried with season cards that is meant for tickets.
        let of = if dice.percent(10) || tickets.is_empty() { numbers } else { tickets };
        self.draw_deeds(&of, faulty, dice);
    }

    /// What is done first with a ticket, and what goes with it or against it, at about one time.
    fn draw_deeds(&mut self, orders: &[u32], faulty: u64, dice: &mut Dice) {
        for _ in 0..dice.between(2, 14) {
            let order = dice.pick(orders);
            let mut at_ms = DEEDS_FROM_MS + dice.below(DEEDS_MS);
            let first = self.first_act(dice);
            self.draw_deed((order, at_ms, first), faulty, dice);
            if let Act::Move { .. } = first {
                at_ms += dice.pick(&[500, 20_000, TOPUP_ENDS_MS]);
            }
            for _ in 0..dice.below(6) {
                let span_ms = dice.pick(&[20, 600, 20_000]);
                let near_ms = at_ms.saturating_sub(300) + dice.below(span_ms);
                let next = self.next_act(first, dice);
                self.draw_deed((order, near_ms, next), faulty, dice);
            }
        }
    }

    fn draw_deed(&mut self, deed: (u32, u64, Act), faulty: u64, dice: &mut Dice) {
        let (order, at_ms, act) = deed;
        // Few deeds are paid for, so their payments go wrong more often.
        let faulty = faulty.max(LEAST_FAULTY_PERCENT);
        let script = if dice.percent(faulty) { Script::draw(dice) } else { Script::PLAIN };
        let node = dice.index(self.nodes.len());
        let number = u32::try_from(self.deeds().count()).unwrap_or(u32::MAX);
        self.items.push(Item::Deed(Deed { number, at_ms, node, order, act, script }));
    }

    fn first_act(&self, dice: &mut Dice) -> Act {
        match dice.below(20) {
            0..=11 => self.a_move(dice),
            12 => Act::GiveAway,
            13 => Act::Enter(1),
            14 => Act::Cancel,
            15 => Act::PayOut { seller: dice.index(self.sellers.len()), what: what(dice) },
            16 if dice.percent(40) => self.call_off(dice),
            _ => refund(dice),
        }
    }

    /// What goes with, or against, what was done first.
    fn next_act(&self, first: Act, dice: &mut Dice) -> Act {
        if let Act::Move { .. } = first {
            return match dice.below(16) {
                0..=6 => Act::PayTopup,
                7..=8 => Act::NoteTopup,
                9 => Act::GiveUp,
                10..=11 => Act::Enter(1),
                12..=13 => refund(dice),
                14 => Act::GiveAway,
                _ => self.a_move(dice),
            };
        }
        match dice.below(10) {
            0..=2 => self.a_move(dice),
            3..=4 => Act::Enter(u8::try_from(dice.between(1, 2)).unwrap_or(1)),
            5 => Act::GiveAway,
            6 => Act::Cancel,
            _ => refund(dice),
        }
    }

    fn a_move(&self, dice: &mut Dice) -> Act {
        Act::Move {
            seller: dice.index(self.sellers.len()),
            what: dice.pick(&[What::Final, What::Final, What::Seats(None), What::Match]),
            kind: dice.pick(&[None, None, Some(ADULT), Some(ADULT), Some(TERRACE), Some(CHILD)]),
            seat: u16::try_from(dice.below(10)).unwrap_or(0),
        }
    }

    fn call_off(&self, dice: &mut Dice) -> Act {
        let (seller, what) = (dice.index(self.sellers.len()), what(dice));
        Act::CallOff { seller, what, refunds: dice.percent(70) }
    }
}

/// Makes an order of the match one of something else, or pays it with a season card.
fn draw_order(order: &mut Order, cards: &[u32], dice: &mut Dice) {
    if cards.contains(&order.number) {
        order.what = What::Cards(u8::try_from(dice.between(1, 2)).unwrap_or(1));
        (order.lines, order.at_ms) = (Vec::new(), order.at_ms / 4);
        return;
    }
    order.what = what(dice);
    let is_seated = matches!(order.what, What::Seats(_));
    if is_seated || dice.percent(50) {
        let kind = if is_seated { ADULT } else { dice.pick(&[ADULT, TERRACE]) };
        order.lines = vec![(kind, dice.pick(&[1, 1, 1, 2, 3]))];
    }
    if !cards.is_empty() && dice.percent(40) {
        let how = dice.pick(&[CardUse::Free, CardUse::Credit, CardUse::Credit]);
        order.card = Some((dice.pick(cards), how));
    }
}

fn what(dice: &mut Dice) -> What {
    let chosen = u16::try_from(dice.below(6)).unwrap_or(0);
    dice.pick(&[What::Match, What::Final, What::Seats(None), What::Seats(Some(chosen))])
}

fn refund(dice: &mut Dice) -> Act {
    let amount = dice.pick(&[1, 500, 1_000, 5_000]);
    dice.pick(&[Act::RefundWhole, Act::RefundWhole, Act::RefundFirst, Act::RefundAmount(amount)])
}
