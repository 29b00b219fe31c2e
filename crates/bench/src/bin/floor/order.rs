//! The rows of one order, written without looking at anything.

use domain::attempt::{
    Approval, Attempt, AttemptState, CallVerb, Consent, GatewayCall, GatewayTerms, Verb,
};
use domain::facts::{Command, Facts, Halt, Key, Shards};
use domain::ids::{EventId, LineId, QuotaId, SaleId, Shard, TicketTypeId};
use domain::ledger::{Account, Posting, PostingKind, Source};
use domain::money::{Currency, Money};
use domain::quota::Quota;
use domain::record::Kind;
use domain::sale::{Line, NewSale, Place as TakenPlace, Sale, SaleState};
use domain::seller::edit_or_create;
use domain::time::Timestamp;
use domain::token::Secret;
use gateway::secret::YearMonth;
use gateway::{Card, CardNumber, Expiry, SecurityCode, SourceKind};

const SHARD: Shard = Shard(1);
const QUOTA: QuotaId = QuotaId(1);
const EVENT: EventId = EventId(1);
const PRICE: i64 = 4_000;
const FEE: i64 = 200;

/// Makes the two rows that every order changes: the shard's and the quota's.
#[derive(Debug)]
pub(crate) struct OpenShop;

impl Command for OpenShop {
    type Outcome = ();

    fn shards(&self) -> Shards {
        Shards::One(SHARD)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Key::seller(SHARD));
    }

    fn decide(&self, facts: &mut Facts<'_>, _now: Timestamp) -> Result<(), Halt> {
        edit_or_create(facts, SHARD)?;
        facts.put(Quota::new(SHARD, QUOTA, "everybody", None));
        Ok(())
    }
}

/// Writes a sale that waits for its money; answers with the call that brings it.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) terms: GatewayTerms,
}

impl Command for Place {
    type Outcome = GatewayCall;

    fn shards(&self) -> Shards {
        Shards::One(SHARD)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.extend([Key::seller(SHARD), quota_key()]);
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<GatewayCall, Halt> {
        let id = SaleId(facts.number(SHARD, SaleId::KIND)?);
        let line = LineId(facts.number(SHARD, LineId::KIND)?);
        if let Some(quota) = facts.edit::<Quota>(quota_key())? {
            quota.held += 1;
        }
        let key = format!("floor_{:x}", id.0);
        let attempt = Attempt::new(1, Verb::Charge, key, &self.terms, PRICE, now);
        let call = call(id, &attempt);
        facts.put(sale(id, line, attempt, now));
        Ok(call)
    }
}

/// Turns the sale into a ticket and books its money.
#[derive(Debug)]
pub(crate) struct Settle {
    pub(crate) sale: SaleId,
    pub(crate) approval: Approval,
}

impl Command for Settle {
    type Outcome = ();

    fn shards(&self) -> Shards {
        Shards::One(SHARD)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.extend([Sale::key_of(SHARD, self.sale), quota_key()]);
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        if let Some(sale) = facts.edit::<Sale>(Sale::key_of(SHARD, self.sale))? {
            sale.previous_state = Some(sale.state);
            sale.state = SaleState::Issued;
            sale.changed_at = now;
            sale.issued_at = Some(now);
            for attempt in &mut sale.attempts {
                attempt.state = AttemptState::Succeeded;
                attempt.moved = PRICE;
                attempt.approval = Some(self.approval.clone());
            }
        }
        if let Some(quota) = facts.edit::<Quota>(quota_key())? {
            quota.held -= 1;
            quota.sold += 1;
        }
        facts.post(posting(self.sale, now));
        Ok(())
    }
}

/// The card that every order pays with.
pub(crate) fn card(now: Timestamp) -> Option<gateway::Source> {
    let number = CardNumber::parse("4242424242424242").ok()?;
    let expiry = Expiry::parse("12", "2036").ok()?;
    let code = SecurityCode::parse("123", &number).ok()?;
    let card = Card::new(number, expiry, Some(code), YearMonth::of(now)).ok()?;
    Some(SourceKind::Card(card).into())
}

fn quota_key() -> Key {
    Key::number(SHARD, Kind::Quota, QUOTA.0)
}

fn sale(id: SaleId, line: LineId, attempt: Attempt, now: Timestamp) -> Sale {
    let new = NewSale {
        shard: SHARD,
        id,
        secret: Secret::default(),
        event: EVENT,
        currency: Currency::ISK,
    };
    Sale {
        total: PRICE,
        fee: FEE,
        lines: vec![Line {
            id: line,
            ticket_type: TicketTypeId(1),
            of_series: false,
            count: 1,
            unit_price: PRICE,
            total: PRICE,
            holders: Vec::new(),
            transferred_from: None,
        }],
        places: vec![TakenPlace { quota: QUOTA, count: 1 }],
        attempts: vec![attempt],
        ..Sale::new(new, now)
    }
}

fn call(sale: SaleId, attempt: &Attempt) -> GatewayCall {
    GatewayCall {
        shard: SHARD,
        sale,
        partner: None,
        attempt: attempt.number,
        gateway: attempt.terms.name.clone(),
        key: attempt.key.clone(),
        verb: CallVerb::Charge,
        token: None,
        reserves: false,
        consent: Consent::ThisCharge,
        handle: None,
        money: Money::new(PRICE, Currency::ISK),
        send_before: attempt.send_before,
        deadline: attempt.terms.deadline,
    }
}

fn posting(sale: SaleId, at: Timestamp) -> Posting {
    let empty = Posting {
        shard: SHARD,
        source: Source::Sale(sale),
        step: 1,
        kind: PostingKind::Sold,
        at,
        currency: Currency::ISK,
        legs: Vec::new(),
    };
    empty
        .debit(Account::GatewayClearing("sandbox".to_owned()), PRICE)
        .credit(Account::OwnerPayable(EVENT), PRICE - FEE)
        .credit(Account::PlatformFeeIncome, FEE)
}
