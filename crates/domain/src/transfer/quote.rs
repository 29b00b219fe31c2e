//! What a move would cost, and whether it could be done (`domain.md` §4.2, §4.3).

use serde::{Deserialize, Serialize};

use super::rights;
use super::route::{Route, TargetLine};
use super::seat::free_seats;
use crate::books::paid_out;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::money::Money;
use crate::quota::Quota;
use crate::record::Kind;
use crate::refusal::{Code, Refusal};
use crate::sale::Sale;
use crate::time::Timestamp;

/// Who pays the difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The new ticket is dearer: its holder pays first.
    Topup,
    /// It is cheaper: the holder gets money back.
    Refund,
    /// It costs what was paid.
    Even,
}

impl Direction {
    /// The published name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Direction::Topup => "TOPUP",
            Direction::Refund => "REFUND",
            Direction::Even => "EVEN",
        }
    }
}

/// What a move costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Minor units that were paid for the ticket, store credit included.
    pub original: i64,
    /// Minor units that the new one costs today; 0 where a card or pass makes it free, too.
    pub target: i64,
    /// Places left of what is wanted, before the move; `None` for no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places_left: Option<u32>,
    /// The ticket was paid by cards that can take the difference back.
    #[serde(default)]
    pub refundable: bool,
    /// The old event was paid out to its organiser.
    #[serde(default)]
    pub paid_out: bool,
    /// The rights that made the old ticket free go along.
    #[serde(default)]
    pub rights_go_along: bool,
}

impl Quote {
    /// Target minus original price, in minor units.
    #[must_use]
    pub fn difference(&self) -> i64 {
        self.target - self.original
    }

    /// Who pays it.
    #[must_use]
    pub fn direction(&self) -> Direction {
        match self.difference() {
            more if more > 0 => Direction::Topup,
            0 => Direction::Even,
            _ => Direction::Refund,
        }
    }
}

/// Asks what a move would cost, and changes nothing.
#[derive(Clone, Debug)]
pub struct QuoteTransfer {
    /// From where to where; the seat is not looked at.
    pub route: Route,
}

/// A quote, and why the move could not be done now, if so.
#[derive(Clone, Debug)]
pub struct Quoted {
    /// What it would cost, as far as that can be said.
    pub quote: Quote,
    /// Why not.
    pub obstacle: Option<Refusal>,
}

impl Command for QuoteTransfer {
    type Outcome = Quoted;

    fn shards(&self) -> Shards {
        self.route.shards()
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        self.route.keys(keys);
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Quoted, Halt> {
        let sale = self.route.ticket(facts)?;
        let lines = self.route.lines(&sale);
        let (lines, unknown) = match lines {
            Ok(lines) => (lines, None),
            Err(refusal) => (Vec::new(), Some(refusal)),
        };
        let obstacle = self.route.check(&sale, &lines, now).err();
        let no_seat = [Code::SeatRequired, Code::SeatNotAllowed];
        let obstacle = obstacle.filter(|refusal| !no_seat.contains(&refusal.code));
        let mut quote = quote(&self.route, &sale, &lines, facts, now)?;
        if unknown.is_some() {
            quote.target = quote.original;
        }
        Ok(Quoted { quote, obstacle: unknown.or(obstacle) })
    }
}

/// What the move costs.
pub(super) fn quote(
    route: &Route,
    sale: &Sale,
    lines: &[TargetLine<'_>],
    facts: &Facts<'_>,
    now: Timestamp,
) -> Result<Quote, Halt> {
    let original = sale.value();
    let rights_go_along =
        original == 0 && rights::go_along(sale, &route.target, lines, facts, now)?;
    let price: i64 = lines.iter().map(|line| line.priced.total).sum();
    let target = if rights_go_along { 0 } else { price };
    let back = (original - target).max(0) - sale.credit_used();
    let on_cards = sale.funds().into_iter().filter(|fund| !fund.terms.is_refunded_by_hand());
    let on_cards: i64 = on_cards.map(|fund| fund.amount).sum();
    Ok(Quote {
        original,
        target,
        places_left: places_left(route, sale, lines, facts)?,
        refundable: on_cards > 0 && on_cards >= back,
        paid_out: paid_out(facts, sale.shard, sale.event)?.is_some(),
        rights_go_along,
    })
}

/// How many places there are for the new ticket. What the old one has of a quota that both need
/// counts, because the new one takes it over.
fn places_left(
    route: &Route,
    sale: &Sale,
    lines: &[TargetLine<'_>],
    facts: &Facts<'_>,
) -> Result<Option<u32>, Halt> {
    let mut left = free_seats(&route.target, lines, facts)?;
    for id in lines.iter().flat_map(|line| &line.priced.price_row.quotas) {
        let key = Key::number(route.target.shard(), Kind::Quota, id.0);
        let own = sale.places.iter().filter(|place| (sale.shard, place.quota) == (key.shard, *id));
        let own: u32 = own.map(|place| place.count).sum();
        let free = facts.look::<Quota>(key)?.and_then(Quota::free).map(|free| free + own);
        left = left.into_iter().chain(free).min();
    }
    Ok(left)
}

/// Compares the difference that the operator saw with what it is (`domain.md` §4.1).
pub(super) fn check_guard(quote: &Quote, seen: i64, sale: &Sale) -> Result<(), Refusal> {
    if quote.difference() == seen {
        return Ok(());
    }
    let difference = Money::new(quote.difference(), sale.currency).text();
    let message = format!(
        "The price difference is {difference} {} now; send it as expectedPriceDifference to agree.",
        sale.currency.code()
    );
    Err(Refusal::new(Code::PriceChanged, message))
}
