//! A command that sells one thing for parts.

use domain::attempt::GatewayTerms;
use domain::facts::{Command, Facts, Halt, Key, Shards};
use domain::ids::{EventId, LineId, SaleId, Shard, TicketTypeId};
use domain::money::Currency;
use domain::phone::SavedToken;
use domain::sale::{Line, NewSale, Placed, Sale, TenderPart};
use domain::time::Timestamp;
use domain::token::Secret;

/// What the sale costs.
pub(crate) const PRICE: i64 = 3_000;

/// The most that each of the first two parts pays.
pub(crate) const CAP: i64 = 1_000;

/// Places a sale of one admission without places, so that any number of them can be sold.
pub(crate) struct PlaceSplit {
    pub(crate) shard: Shard,
    pub(crate) event: EventId,
    pub(crate) parts: Vec<TenderPart>,
}

impl Command for PlaceSplit {
    type Outcome = Placed;

    fn shards(&self) -> Shards {
        Shards::One(self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Key::seller(self.shard));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Placed, Halt> {
        let (shard, event, currency) = (self.shard, self.event, Currency::ISK);
        let id = SaleId(facts.number(shard, SaleId::KIND)?);
        let line = Line {
            id: LineId(facts.number(shard, LineId::KIND)?),
            ticket_type: TicketTypeId(0),
            of_series: false,
            count: 1,
            unit_price: PRICE,
            total: PRICE,
            holders: Vec::new(),
            transferred_from: None,
        };
        let secret = Secret([u8::try_from(id.0 % 256).unwrap_or(0); 16]);
        let sale = Sale {
            total: PRICE,
            lines: vec![line],
            ..Sale::new(NewSale { shard, id, secret, event, currency }, now)
        };
        sale.start_split(self.parts.clone(), facts, now)
    }
}

/// A part that reserves, or one that can only sell.
pub(crate) fn part(
    token: &str,
    terms: &GatewayTerms,
    cap: Option<i64>,
    reserves: bool,
) -> TenderPart {
    let (token, terms) = (SavedToken(token.to_owned()), terms.clone());
    TenderPart { cap, terms, token, profile: None, reserves, shown: String::new() }
}
