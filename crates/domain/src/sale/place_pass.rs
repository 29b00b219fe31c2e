//! Ordering a team pass (`domain.md` §3.1 `teamPass`): no event, no places, one price.

use super::card_use::CardUser;
use super::{Buyer, Goods, NewSale, Placed, Sale, Tender};
use crate::books::OwnerBook;
use crate::catalogue::Organiser;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::idempotency::Marks;
use crate::ids::{EventId, PassTypeId, SaleId, Shard};
use crate::money::{Money, basis_points_of};
use crate::pass::PassType;
use crate::pricing::guard_price;
use crate::record::Kind;
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;
use crate::token::Secret;

/// Orders one pass. It will belong to the buyer's phone.
#[derive(Clone, Debug)]
pub struct PlacePass {
    /// The club that sells it.
    pub shard: Shard,
    /// Which kind.
    pub pass_type: PassTypeId,
    /// The price the client saw, in minor units.
    pub price_guard: Option<i64>,
    /// Who orders.
    pub buyer: Buyer,
    /// What the buyer pays with.
    pub tender: Tender,
    /// 128 random bits for the handle.
    pub secret: Secret,
    /// By what the request is known when it comes again.
    pub marks: Marks,
}

impl Command for PlacePass {
    type Outcome = Placed;

    fn shards(&self) -> Shards {
        let house = self.marks.signature.map(|_| Shard::HOUSE);
        let partner = self.tender.credit.map(|card| card.shard);
        match (house, partner.filter(|partner| *partner != self.shard)) {
            (None, None) => Shards::One(self.shard),
            (Some(other), None) | (None, Some(other)) => Shards::Two(other, self.shard),
            (Some(house), Some(partner)) => Shards::Three(house, self.shard, partner),
        }
    }

    fn keys(&self, now: Timestamp, keys: &mut Vec<Key>) {
        let kind = PassType::key_of(self.shard, self.pass_type);
        let club = Key::number(self.shard, Kind::Organiser, 0);
        keys.extend([Key::seller(self.shard), OwnerBook::key_of(self.shard), kind, club]);
        self.marks.keys(self.shard, now, keys);
        self.tender.keys(self.shard, keys);
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Placed, Halt> {
        if let Some(sale) = self.marks.repeat(self.shard, facts, now)? {
            return Ok(Placed::again(sale));
        }
        let kind = facts.share::<PassType>(PassType::key_of(self.shard, self.pass_type))?;
        let kind = kind.ok_or_else(|| {
            Refusal::new(Code::TeamPassNotValid, "There is no such team pass to buy.")
        })?;
        self.check_sale(&kind)?;
        let mut sale = self.begin(&kind, facts, now)?;
        let user = CardUser::of(&self.buyer, self.shard);
        sale.use_credit(&self.tender, &user, facts, now)?;
        self.tender.check_currency(kind.currency)?;
        guard_price(self.price_guard, Money::new(kind.price, kind.currency), &kind.name)?;
        sale.use_tender(&self.tender, facts, now)?;
        self.marks.remember(self.shard, sale.id, facts, now);
        sale.start_payment(&self.tender, facts, now)
    }
}

impl PlacePass {
    fn check_sale(&self, kind: &PassType) -> Result<(), Refusal> {
        if !kind.active {
            let message = "This team pass is not on sale.";
            return Err(Refusal::new(Code::SaleNotActive, message));
        }
        if kind.team_only && self.buyer.by_app {
            let message = "Only the club itself gives this team pass out.";
            return Err(Refusal::new(Code::TeamUseOnly, message));
        }
        Ok(())
    }

    fn begin(&self, kind: &PassType, facts: &mut Facts<'_>, now: Timestamp) -> Result<Sale, Halt> {
        let new = NewSale {
            shard: self.shard,
            id: SaleId(facts.number(self.shard, SaleId::KIND)?),
            secret: self.secret,
            event: EventId(0),
            currency: kind.currency,
        };
        let club = facts.look::<Organiser>(Key::number(self.shard, Kind::Organiser, 0))?;
        let fee_basis_points = club.map_or(0, |club| club.fee_basis_points);
        Ok(Sale {
            goods: Goods::Pass { pass_type: kind.id, pass: None },
            total: kind.price,
            fee: basis_points_of(kind.price, fee_basis_points),
            buyer: self.buyer.clone(),
            ..Sale::new(new, now)
        })
    }
}
