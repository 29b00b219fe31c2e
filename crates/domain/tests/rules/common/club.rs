//! One club with one event, three ticket types and two limits, all of them changeable.

use std::sync::Arc;

use domain::attempt::CallResult;
use domain::catalogue::{
    CatalogueItem, ChangeCatalogue, Event, EventPrice, EventRules, Organiser, OrganiserRules,
    QuotaLimit, Series, TicketType,
};
use domain::facts::{Halt, Key};
use domain::ids::{EventId, QuotaId, SaleId, SeriesId, Shard, TicketTypeId};
use domain::money::Currency;
use domain::offer::Offer;
use domain::payment::{Claims, Instrument, Method};
use domain::pricing::LineRequest;
use domain::quota::Quota;
use domain::record::Kind;
use domain::sale::{
    Advance, AdvanceEvent, Advanced, Holder, PlaceOrder, Placed, ReviewSale, Sale, Tender, Verdict,
};
use domain::seller::Seller;
use domain::time::Span;
use domain::token::Secret;

use super::{NOON, Till, resumable};

pub(crate) const SHARD: Shard = Shard(7);
pub(crate) const EVENT: EventId = EventId(11);

/// A type of the club: 5 000, counted against the ground.
pub(crate) const ADULT: TicketTypeId = TicketTypeId(1);
/// A type of the series: free of charge, counted against the ground.
pub(crate) const CHILD: TicketTypeId = TicketTypeId(2);
/// A type of the club: 7 000, here 6 000; at most 4, with holders; ground and terrace.
pub(crate) const TERRACE: TicketTypeId = TicketTypeId(3);

/// 10 places for everybody.
pub(crate) const GROUND: QuotaId = QuotaId(1);
/// 6 places of them.
pub(crate) const TERRACE_ROWS: QuotaId = QuotaId(2);

/// The parts of the catalogue, as a test may change them, and the till they were put into.
pub(crate) struct Club {
    pub(crate) till: Till,
    pub(crate) organiser: Organiser,
    pub(crate) series: Series,
    pub(crate) event: Event,
    pub(crate) types: Vec<TicketType>,
}

impl Club {
    pub(crate) fn new() -> Club {
        let mut club = Club {
            till: Till::new(),
            organiser: organiser(),
            series: series(),
            event: event(),
            types: vec![
                ticket_type(ADULT, Some(SHARD), 5_000),
                ticket_type(CHILD, None, 0),
                TicketType {
                    order_max: 4,
                    holder_required: true,
                    ..ticket_type(TERRACE, Some(SHARD), 7_000)
                },
            ],
        };
        club.publish();
        club.limit(GROUND, Some(10)).unwrap();
        club.limit(TERRACE_ROWS, Some(6)).unwrap();
        club
    }

    /// Puts the catalogue as it is now into the till.
    pub(crate) fn publish(&mut self) {
        let mut items = vec![
            CatalogueItem::Organiser(self.organiser.clone()),
            CatalogueItem::Series(self.series.clone()),
            CatalogueItem::Event(Box::new(self.event.clone())),
        ];
        items.extend(self.types.iter().cloned().map(CatalogueItem::TicketType));
        self.change(items).unwrap();
    }

    pub(crate) fn change(&mut self, items: Vec<CatalogueItem>) -> Result<u64, Halt> {
        let revision_seen = self.revision();
        self.till.run(&ChangeCatalogue { seller: SHARD, revision_seen, items, notes: Vec::new() })
    }

    pub(crate) fn limit(&mut self, id: QuotaId, limit: Option<u32>) -> Result<u64, Halt> {
        let name = format!("quota {}", id.0);
        self.change(vec![CatalogueItem::Quota(QuotaLimit { id, name, limit })])
    }

    pub(crate) fn revision(&self) -> u64 {
        let seller = self.till.find::<Seller>(Key::seller(SHARD));
        seller.map_or(0, |seller| seller.catalogue_revision)
    }

    /// The event as the catalogue shows it now.
    pub(crate) fn offer(&self) -> Offer {
        Offer {
            revision: self.revision(),
            organiser: Arc::new(self.organiser.clone()),
            series: Some(Arc::new(self.series.clone())),
            venue: None,
            seat_map: None,
            event: Arc::new(self.event.clone()),
            ticket_types: self.types.iter().cloned().map(Arc::new).collect(),
        }
    }

    /// An order of so many of each type, paid by card.
    pub(crate) fn order(&self, wanted: &[(TicketTypeId, i64)]) -> PlaceOrder {
        PlaceOrder {
            lines: wanted.iter().map(|(id, count)| line(*id, *count)).collect(),
            tender: paying(by_card(resumable())),
            ..PlaceOrder::new(Arc::new(self.offer()), Secret([9; 16]))
        }
    }

    pub(crate) fn place(&mut self, order: &PlaceOrder) -> Result<Placed, Halt> {
        self.till.run(order)
    }

    /// Places two adults by card over the given gateway; the first sale has number 1.
    pub(crate) fn place_two(&mut self, gateway: domain::attempt::GatewayTerms) -> Placed {
        let order = PlaceOrder { tender: paying(by_card(gateway)), ..self.order(&[(ADULT, 2)]) };
        self.place(&order).unwrap()
    }

    pub(crate) fn advance(&mut self, sale: SaleId, event: AdvanceEvent) -> Advanced {
        let partner = self.sale(sale).partner();
        self.till.run(&Advance { shard: SHARD, sale, partner, event }).unwrap()
    }

    /// The answer to an attempt of a sale that touches another seller.
    pub(crate) fn advance_with(
        &mut self,
        partner: Option<Shard>,
        sale: SaleId,
        attempt: u8,
        result: CallResult,
    ) -> Advanced {
        let event = AdvanceEvent::Result(attempt, result);
        self.till.run(&Advance { shard: SHARD, sale, partner, event }).unwrap()
    }

    pub(crate) fn answer(&mut self, sale: SaleId, attempt: u8, result: CallResult) -> Advanced {
        self.advance(sale, AdvanceEvent::Result(attempt, result))
    }

    /// Lets time pass until the sale is due, and has the janitor look at it.
    pub(crate) fn resume_when_due(&mut self, sale: SaleId) -> Advanced {
        let due = self.sale(sale).due().unwrap();
        self.till.now = self.till.now.max(due);
        self.advance(sale, AdvanceEvent::Resume { node: 0 })
    }

    pub(crate) fn review(&mut self, sale: SaleId, verdict: Verdict) -> Result<Advanced, Halt> {
        self.review_of(None, sale, verdict)
    }

    /// The verdict about the attempt with the given number, or about the only one in doubt.
    pub(crate) fn review_of(
        &mut self,
        attempt: Option<usize>,
        sale: SaleId,
        verdict: Verdict,
    ) -> Result<Advanced, Halt> {
        let found = self.till.find::<Sale>(Sale::key_of(SHARD, sale));
        let key = |sale: &Sale, number: usize| sale.attempts[number - 1].key.clone();
        let payment = found.and_then(|sale| attempt.map(|number| key(sale, number)));
        let (partner, note) = (found.and_then(Sale::partner), None);
        self.till.run(&ReviewSale { shard: SHARD, sale, partner, payment, verdict, note })
    }

    pub(crate) fn sale(&self, sale: SaleId) -> &Sale {
        self.till.find::<Sale>(Sale::key_of(SHARD, sale)).unwrap()
    }

    /// Held and sold places of a quota.
    pub(crate) fn taken(&self, quota: QuotaId) -> (u32, u32) {
        let key = Key::number(SHARD, Kind::Quota, quota.0);
        let quota = self.till.find::<Quota>(key).unwrap();
        (quota.held, quota.sold)
    }
}

/// A holder with everything a type may ask for.
pub(crate) fn holder() -> Holder {
    Holder {
        name: Some("Anna".into()),
        phone: Some("+3545550100".into()),
        holder_id: Some("0101302989".into()),
    }
}

fn line(id: TicketTypeId, count: i64) -> LineRequest {
    let of_series = id == CHILD;
    LineRequest {
        series_type: of_series.then_some(id),
        owner_type: (!of_series).then_some(id),
        count,
        ..LineRequest::default()
    }
}

/// All of it with one instrument.
pub(crate) fn paying(instrument: Instrument) -> Tender {
    Tender { instrument: Some(instrument), ..Tender::default() }
}

/// A card over the given gateway.
pub(crate) fn by_card(gateway: domain::attempt::GatewayTerms) -> Instrument {
    Instrument::Usable {
        method: Method::Card,
        gateway,
        payer_phone: None,
        claims: Claims::default(),
    }
}

fn organiser() -> Organiser {
    Organiser {
        shard: SHARD,
        slug: "hekla".into(),
        name: "Hekla".into(),
        external_id: None,
        image_url: None,
        image_url2: None,
        fee_basis_points: 500,
        gateway: "resumable".into(),
        rules: OrganiserRules::default(),
    }
}

fn series() -> Series {
    Series {
        id: SeriesId(3),
        slug: "cup".into(),
        name: "Cup".into(),
        active: true,
        external_id: None,
        show_by_default: true,
        sport_gender_id: None,
        suspended: None,
    }
}

fn ticket_type(id: TicketTypeId, organiser: Option<Shard>, price: i64) -> TicketType {
    TicketType {
        organiser,
        id,
        slug: format!("type-{}", id.0),
        series: Some(SeriesId(3)),
        name: format!("Type {}", id.0),
        display: None,
        color: None,
        price,
        currency: Currency::ISK,
        order_max: 10,
        holder_required: false,
        transfer_blocked: false,
        shown_when_used: false,
        image_url: None,
    }
}

fn event() -> Event {
    let row = |ticket_type, price, quotas| EventPrice {
        ticket_type,
        price,
        quotas,
        sections: Vec::new(),
        withdrawn: false,
    };
    Event {
        organiser: SHARD,
        id: EVENT,
        slug: "hekla-esja".into(),
        series: Some(SeriesId(3)),
        venue: None,
        name: "Hekla – Esja".into(),
        description: None,
        detailed_description: None,
        external_reference: None,
        external_reference_type: None,
        visitor: None,
        starts_at: NOON.after(Span::hours(24 * 30)),
        ends_at: None,
        time_zone: "Atlantic/Reykjavik".into(),
        active: true,
        hidden: false,
        access_code: None,
        postponed: false,
        sale: None,
        owner_cards_not_allowed: false,
        seats_numbered: false,
        currency: Currency::ISK,
        prices: vec![
            row(ADULT, None, vec![GROUND]),
            row(CHILD, None, vec![GROUND]),
            row(TERRACE, Some(6_000), vec![GROUND, TERRACE_ROWS]),
        ],
        image_url: None,
        image_url2: None,
        rules: EventRules::default(),
    }
}
