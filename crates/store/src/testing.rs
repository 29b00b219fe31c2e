//! A made-up ticket window for tests and benches.

mod bodies;
mod seats;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

use domain::attempt::{Approval, CallResult, GatewayTerms};
use domain::catalogue::{
    CatalogueItem, ChangeCatalogue, Event, EventPrice, EventRules, Organiser, OrganiserRules,
    QuotaLimit, TicketType,
};
use domain::effect::Owed;
use domain::facts::Command;
use domain::idempotency::{Identity, Marks};
use domain::ids::{EventId, QuotaId, SaleId, Shard, TicketTypeId};
use domain::ledger::Posting;
use domain::money::Currency;
use domain::offer::Offer;
use domain::payment::{Claims, Instrument, Method};
use domain::pricing::LineRequest;
use domain::record::{Kind, Record};
use domain::sale::{Advance, AdvanceEvent, Buyer, PlaceOrder, Tender};
use domain::time::{Span, Timestamp};
use domain::token::Secret;

use crate::batch::Core;
use crate::changes::{Due, Found};
use crate::clock::Clock;
use crate::engine::Engine;
use crate::error::{Fault, SubmitError};
use crate::job::submission;
use crate::queries::{self, check::CheckReport};
use crate::snapshot::{Balance, Reader, Snapshot};

pub use self::bodies::{decode_body, encode_body};
pub use self::seats::{Stadium, StadiumSize};

/// A summer's noon.
pub const NOON: Timestamp = Timestamp(1_782_000_000_000_000);

/// A type that costs something, counted against the ground.
pub const ADULT: TicketTypeId = TicketTypeId(1);
/// A type that is free of charge, counted against the ground.
pub const CHILD: TicketTypeId = TicketTypeId(2);
/// A dearer type, counted against ground and terrace.
pub const TERRACE: TicketTypeId = TicketTypeId(3);

/// Limits everybody.
pub const GROUND: QuotaId = QuotaId(1);
/// Limits the terrace.
pub const TERRACE_ROWS: QuotaId = QuotaId(2);

/// A clock that stands still until it is told to go.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that shows `now`.
    #[must_use]
    pub fn new(now: Timestamp) -> Arc<ManualClock> {
        Arc::new(ManualClock(AtomicI64::new(now.0)))
    }

    /// Moves the hand.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.0, Relaxed);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Relaxed))
    }
}

/// One seller with one event, three ticket types and two limits.
#[derive(Clone, Debug)]
pub struct Shop {
    /// Whose it is.
    pub shard: Shard,
    /// How often its catalogue was changed, as far as the shop knows.
    pub revision: u64,
    /// Whether the event is switched on.
    pub active: bool,
}

impl Shop {
    /// A shop whose catalogue is not stored yet.
    #[must_use]
    pub fn new(shard: Shard) -> Shop {
        Shop { shard, revision: 0, active: true }
    }

    /// Stores its catalogue as it is now; the limits stay as they are.
    #[must_use]
    pub fn publish(&self) -> ChangeCatalogue {
        let mut items = vec![
            CatalogueItem::Organiser(self.organiser()),
            CatalogueItem::Event(Box::new(self.event())),
        ];
        items.extend(self.ticket_types().map(CatalogueItem::TicketType));
        self.change(items)
    }

    /// Sets a limit.
    #[must_use]
    pub fn limit(&self, id: QuotaId, limit: Option<u32>) -> ChangeCatalogue {
        let name = format!("quota {}", id.0);
        self.change(vec![CatalogueItem::Quota(QuotaLimit { id, name, limit })])
    }

    fn change(&self, items: Vec<CatalogueItem>) -> ChangeCatalogue {
        ChangeCatalogue {
            seller: self.shard,
            revision_seen: self.revision,
            items,
            notes: Vec::new(),
        }
    }

    /// The event as the shop knows it.
    #[must_use]
    pub fn offer(&self) -> Offer {
        Offer {
            revision: self.revision,
            organiser: Arc::new(self.organiser()),
            series: None,
            venue: None,
            seat_map: None,
            event: Arc::new(self.event()),
            ticket_types: self.ticket_types().map(Arc::new).collect(),
        }
    }

    /// An order of `count` of one type. `seed` stands for everything random about it.
    #[must_use]
    pub fn order(&self, seed: u64, ticket_type: TicketTypeId, count: i64) -> PlaceOrder {
        self.order_of(Arc::new(self.offer()), seed, ticket_type, count)
    }

    /// The same with an offer made before.
    #[must_use]
    pub fn order_of(
        &self,
        offer: Arc<Offer>,
        seed: u64,
        ticket_type: TicketTypeId,
        count: i64,
    ) -> PlaceOrder {
        let random = u128::from(seed).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
        PlaceOrder {
            lines: vec![LineRequest {
                owner_type: Some(ticket_type),
                count,
                ..LineRequest::default()
            }],
            buyer: Buyer { phone: Some("+3545550123".to_owned()), ..Buyer::default() },
            tender: Tender { instrument: Some(card(true)), ..Tender::default() },
            marks: Marks { key: Some(identity(random, 1)), ..Marks::default() },
            ..PlaceOrder::new(offer, Secret(random.to_be_bytes()))
        }
    }

    fn organiser(&self) -> Organiser {
        Organiser {
            shard: self.shard,
            slug: format!("club-{}", self.shard.0),
            name: "Hekla".to_owned(),
            external_id: None,
            image_url: None,
            image_url2: None,
            fee_basis_points: 500,
            gateway: "sandbox".to_owned(),
            rules: OrganiserRules::default(),
        }
    }

    fn event(&self) -> Event {
        let price = |ticket_type, quotas| EventPrice {
            ticket_type,
            price: None,
            quotas,
            sections: Vec::new(),
            withdrawn: false,
        };
        Event {
            organiser: self.shard,
            id: EventId(1),
            slug: "hekla-esja".to_owned(),
            series: None,
            venue: None,
            name: "Hekla – Esja".to_owned(),
            description: None,
            detailed_description: None,
            external_reference: None,
            external_reference_type: None,
            visitor: None,
            starts_at: NOON.after(Span::hours(24 * 365 * 50)),
            ends_at: None,
            time_zone: "Atlantic/Reykjavik".to_owned(),
            active: self.active,
            hidden: false,
            access_code: None,
            postponed: false,
            sale: None,
            owner_cards_not_allowed: false,
            seats_numbered: false,
            currency: Currency::ISK,
            prices: vec![
                price(ADULT, vec![GROUND]),
                price(CHILD, vec![GROUND]),
                price(TERRACE, vec![GROUND, TERRACE_ROWS]),
            ],
            image_url: None,
            image_url2: None,
            rules: EventRules::default(),
        }
    }

    fn ticket_types(&self) -> impl Iterator<Item = TicketType> {
        let shard = self.shard;
        [(ADULT, "adult", 5_000), (CHILD, "child", 0), (TERRACE, "terrace", 7_000)]
            .map(|(id, name, price)| TicketType {
                organiser: Some(shard),
                id,
                slug: name.to_owned(),
                series: None,
                name: name.to_owned(),
                display: None,
                color: None,
                price,
                currency: Currency::ISK,
                order_max: 50,
                holder_required: false,
                transfer_blocked: false,
                shown_when_used: false,
                image_url: None,
            })
            .into_iter()
    }
}

/// A caller's key with its body's fingerprint.
#[must_use]
pub fn identity(hash: u128, fingerprint: u128) -> Identity {
    Identity { hash, fingerprint }
}

/// What a gateway promises: to be asked or not.
#[must_use]
pub fn terms(resumable: bool) -> GatewayTerms {
    GatewayTerms {
        name: "sandbox".to_owned(),
        resumable,
        send_within: Span::seconds(10),
        deadline: Span::seconds(30),
        push: None,
    }
}

/// A card of such a gateway.
#[must_use]
pub fn card(resumable: bool) -> Instrument {
    let gateway = terms(resumable);
    let claims = Claims::default();
    Instrument::Usable { method: Method::Card, gateway, payer_phone: None, claims }
}

/// The gateway approves.
#[must_use]
pub fn approved() -> CallResult {
    CallResult::Approved(Approval {
        reference: "pay_1f0c2a5b77".to_owned(),
        auth_code: Some("123456".to_owned()),
        card_mask: Some("424242******4242".to_owned()),
    })
}

/// Brings a result to the first attempt of a sale.
#[must_use]
pub fn answer(shard: Shard, sale: SaleId, result: CallResult) -> Advance {
    Advance { shard, sale, partner: None, event: AdvanceEvent::Result(1, result) }
}

/// Runs one command alone in a core, without a thread.
///
/// # Errors
/// What the command or the store says.
///
/// # Panics
/// When the core forgets to answer.
pub fn run_alone<E: Engine, C: Command>(
    core: &mut Core<E>,
    command: C,
    now: Timestamp,
) -> Result<C::Outcome, SubmitError> {
    let (job, mut outcome) = submission(command);
    let later = core.run(vec![job], now);
    assert!(later.is_empty(), "a single command was put off");
    outcome.try_recv().expect("every job of a batch is answered")
}

/// Everything stored, in a form that can be compared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dump {
    /// Every shard with a row.
    pub shards: Vec<Shard>,
    /// Every aggregate, by shard and kind.
    pub records: Vec<Record>,
    /// The books.
    pub postings: Vec<Posting>,
    /// What they add up to.
    pub balances: Vec<(Shard, Balance)>,
    /// The work table.
    pub due: Vec<Due>,
    /// The finder.
    pub found: Vec<Found>,
    /// What is owed.
    pub outbox: Vec<Owed>,
}

/// Reads everything.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub fn dump(reader: &dyn Reader) -> Result<Dump, Fault> {
    let mut answer = Err(Fault::Stopped);
    reader.read(&mut |view| answer = dump_view(view))?;
    answer
}

fn dump_view(view: &dyn Snapshot) -> Result<Dump, Fault> {
    let mut dump =
        Dump { shards: view.shards()?, outbox: view.outbox(None, u32::MAX)?, ..Dump::default() };
    for shard in dump.shards.clone() {
        for kind in Kind::ALL {
            dump.records.extend(queries::all(view, *kind, shard)?);
        }
        dump.postings.extend(view.postings(shard, SaleId(0), SaleId(u32::MAX))?);
        dump.balances.extend(view.balances(shard)?.into_iter().map(|row| (shard, row)));
        dump.due.extend(view.due_of(shard)?);
        dump.found.extend(view.found_of(shard, None, u32::MAX)?);
    }
    dump.balances.sort_by_key(|(shard, row)| (*shard, row.account.to_string()));
    Ok(dump)
}

/// Checks everything, as [`crate::Store::check`] does.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub fn check(reader: &dyn Reader) -> Result<CheckReport, Fault> {
    let mut answer = Err(Fault::Stopped);
    reader.read(&mut |view| answer = queries::check::check(view))?;
    answer
}
