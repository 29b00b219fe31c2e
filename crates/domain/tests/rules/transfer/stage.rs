//! Two clubs with events between which tickets move.

use std::sync::Arc;

use domain::attempt::{CallResult, GatewayTerms};
use domain::audit::{AuditEvent, AuditNote};
use domain::books::{EventBook, PaidOut};
use domain::catalogue::{CatalogueItem, ChangeCatalogue, Event, EventPrice, Organiser, TicketType};
use domain::enrolment::ProofOwner;
use domain::facts::{Halt, Key};
use domain::ids::{EventId, PayoutId, SaleId, Shard, TicketTypeId};
use domain::ledger::Account;
use domain::offer::Offer;
use domain::payment::{Claims, Instrument, Method};
use domain::record::{Aggregate as _, Record};
use domain::sale::{Advance, AdvanceEvent, Advanced, Placed, Sale};
use domain::seller::Seller;
use domain::token::Secret;
use domain::transfer::{
    Choice, EndTransfer, Ending, MoveTicket, Moved, NoteTopup, PayTopup, Route, SaleAddress,
    Transfer, session_hash,
};

use crate::common::{ADULT, Club, EVENT, GROUND, SHARD, approved, resumable};

/// The other club.
pub(super) const OTHER: Shard = Shard(8);

/// Another event of the first club.
pub(super) const REMATCH: EventId = EventId(12);

/// An event of the other club.
pub(super) const DERBY: EventId = EventId(21);

/// The session's handle.
pub(super) const SESSION: Secret = Secret([5; 16]);

/// What a type costs at every event: as much as an adult, less, more.
pub(super) const PRICES: [i64; 3] = [5_000, 3_500, 6_500];

/// The types of a club, in the order of [`PRICES`].
pub(super) fn types(shard: Shard) -> [TicketTypeId; 3] {
    let first = if shard == SHARD { 31 } else { 41 };
    [0, 1, 2].map(|index| TicketTypeId(first + index))
}

/// The first club with its till, and the other.
pub(super) struct Stage {
    pub(super) club: Club,
    other: Organiser,
    rematch: Event,
    derby: Event,
}

impl Stage {
    pub(super) fn new() -> Stage {
        Stage::of(Club::new())
    }

    /// The first club as it is, and the other.
    pub(super) fn of(club: Club) -> Stage {
        let other = Organiser { shard: OTHER, slug: "esja".into(), ..club.organiser.clone() };
        let event = |shard, id, quotas: Vec<_>| Event {
            organiser: shard,
            id,
            slug: format!("event-{}", id.0),
            prices: types(shard)
                .map(|ticket_type| EventPrice {
                    ticket_type,
                    price: None,
                    quotas: quotas.clone(),
                    sections: Vec::new(),
                    withdrawn: false,
                })
                .to_vec(),
            ..club.event.clone()
        };
        let rematch = event(SHARD, REMATCH, vec![GROUND]);
        let derby = event(OTHER, DERBY, Vec::new());
        let mut stage = Stage { club, other, rematch, derby };
        stage.publish();
        stage
    }

    /// Puts both catalogues as they are now into the till.
    pub(super) fn publish(&mut self) {
        for shard in [SHARD, OTHER] {
            let mut items: Vec<_> = self.types(shard).map(CatalogueItem::TicketType).collect();
            let event = if shard == SHARD { &self.rematch } else { &self.derby };
            let organiser = if shard == SHARD { &self.club.organiser } else { &self.other };
            items.push(CatalogueItem::Organiser(organiser.clone()));
            items.push(CatalogueItem::Event(Box::new(event.clone())));
            let revision_seen = self.revision(shard);
            let notes = Vec::new();
            let change = ChangeCatalogue { seller: shard, revision_seen, items, notes };
            self.club.till.run(&change).unwrap();
        }
    }

    fn types(&self, shard: Shard) -> impl Iterator<Item = TicketType> + use<> {
        let like = self.club.types[0].clone();
        types(shard).into_iter().zip(PRICES).map(move |(id, price)| TicketType {
            organiser: Some(shard),
            id,
            price,
            slug: format!("type-{}", id.0),
            ..like.clone()
        })
    }

    fn revision(&self, shard: Shard) -> u64 {
        let seller = self.club.till.find::<Seller>(Key::seller(shard));
        seller.map_or(0, |seller| seller.catalogue_revision)
    }

    pub(super) fn offer(&self, event: EventId) -> Arc<Offer> {
        let (event, shard) = match event {
            EVENT => (&self.club.event, SHARD),
            REMATCH => (&self.rematch, SHARD),
            _ => (&self.derby, OTHER),
        };
        let organiser = if shard == SHARD { &self.club.organiser } else { &self.other };
        let mut ticket_types: Vec<_> = self.types(shard).map(Arc::new).collect();
        ticket_types.extend(self.club.types.iter().cloned().map(Arc::new));
        let (organiser, event) = (Arc::new(organiser.clone()), Arc::new(event.clone()));
        let revision = self.revision(shard);
        Arc::new(Offer { revision, organiser, event, ticket_types, ..self.club.offer() })
    }

    /// One adult at the first event, paid by card.
    pub(super) fn buy(&mut self) -> SaleId {
        let order = self.club.order(&[(ADULT, 1)]);
        let id = self.club.place(&order).unwrap().sale.id;
        self.club.answer(id, 1, approved());
        id
    }

    /// Moves a ticket of the first club; the operator saw the right difference.
    pub(super) fn send(
        &mut self,
        sale: SaleId,
        event: EventId,
        kind: TicketTypeId,
        difference: i64,
    ) -> Result<Moved, Halt> {
        let choice = Choice { owner_type: Some(kind), ..Choice::default() };
        self.send_to(sale, event, choice, difference)
    }

    /// From a ticket of the first club to an event.
    pub(super) fn route(&self, sale: SaleId, event: EventId, choice: Choice) -> Route {
        let from = SaleAddress { shard: SHARD, id: sale };
        let known = self.club.sale(sale);
        let target = self.offer(event);
        let sellers = [SHARD, target.shard()];
        let card_seller = known.card_sellers().find(|seller| !sellers.contains(seller));
        Route { from, source: self.offer(known.event), target, choice, card_seller }
    }

    /// The same as [`Stage::send`], with a seat.
    pub(super) fn send_to(
        &mut self,
        sale: SaleId,
        event: EventId,
        choice: Choice,
        difference: i64,
    ) -> Result<Moved, Halt> {
        let route = self.route(sale, event, choice);
        let secret = Secret([u8::try_from(sale.0).unwrap_or(9); 16]);
        self.club.till.run(&MoveTicket {
            route,
            expected_difference: difference,
            may_owe: true,
            reason: None,
            by: "the office".into(),
            secret,
            session: session_hash(SESSION),
            identity: None,
            earlier: None,
            note: note(),
        })
    }

    /// Pays the difference over a gateway; the first attempt of the new ticket is number 1.
    pub(super) fn pay(
        &mut self,
        transfer: &Transfer,
        gateway: GatewayTerms,
    ) -> Result<Placed, Halt> {
        let claims = Claims::default();
        let instrument =
            Instrument::Usable { method: Method::Card, gateway, payer_phone: None, claims };
        self.club.till.run(&PayTopup {
            transfer: transfer.address(),
            source: transfer.from.shard,
            session: session_hash(SESSION),
            instrument: Some(instrument),
            amount_guard: None,
            currency_guard: None,
            owner: ProofOwner::default(),
        })
    }

    /// A person says that the difference of 1 500 was paid elsewhere.
    pub(super) fn note(&mut self, transfer: &Transfer) -> Result<Arc<Transfer>, Halt> {
        let command = self.word(transfer);
        self.club.till.run(&command)
    }

    /// That word, of an Admin.
    pub(super) fn word(&self, transfer: &Transfer) -> NoteTopup {
        let origin = self.ticket(transfer.to).origin;
        NoteTopup {
            transfer: transfer.address(),
            source: transfer.from.shard,
            card_seller: origin.and_then(|origin| origin.card_seller),
            session: session_hash(SESSION),
            reference: "bank 1".into(),
            amount: transfer.quote.difference(),
            by: "an Admin".into(),
            is_trusted: true,
            note: note(),
        }
    }

    /// A gateway's answer to an attempt of a ticket.
    pub(super) fn answer(
        &mut self,
        address: SaleAddress,
        attempt: u8,
        result: CallResult,
    ) -> Advanced {
        let SaleAddress { shard, id } = address;
        let partner = self.ticket(address).partner();
        let event = AdvanceEvent::Result(attempt, result);
        self.club.till.run(&Advance { shard, sale: id, partner, event }).unwrap()
    }

    /// The janitor looks at a transfer.
    pub(super) fn look(&mut self, transfer: &Transfer) -> Arc<Transfer> {
        let (source, why) = (transfer.from.shard, Ending::Due);
        self.club.till.run(&EndTransfer { transfer: transfer.address(), source, why }).unwrap()
    }

    pub(super) fn ticket(&self, address: SaleAddress) -> &Sale {
        self.club.till.find::<Sale>(Sale::key_of(address.shard, address.id)).unwrap()
    }

    pub(super) fn transfer(&self, known: &Transfer) -> &Transfer {
        self.club.till.find::<Transfer>(Transfer::key_of(known.address())).unwrap()
    }

    /// Says of an event of the first club that it was paid out.
    pub(super) fn pay_out(&mut self, event: EventId) {
        let key = EventBook::key_of(SHARD, event);
        let mut book = self.club.till.find::<EventBook>(key).unwrap().clone();
        book.paid_out = Some(PaidOut { at: self.club.till.now, payout: PayoutId(1) });
        book.payable = 0;
        self.club.till.records.insert(key, EventBook::into_record(Arc::new(book)));
    }

    /// Debits minus credits of an account of a seller, from a posting on.
    pub(super) fn booked(&self, since: usize, shard: Shard, account: &Account) -> i64 {
        let postings = self.club.till.postings[since..].iter();
        let legs = postings.filter(|posting| posting.shard == shard).flat_map(|it| &it.legs);
        legs.filter(|leg| leg.account == *account).map(|leg| leg.amount).sum()
    }

    /// Every account of a seller on which anything is booked from a posting on.
    pub(super) fn accounts(&self, since: usize) -> Vec<(Shard, String, i64)> {
        let postings = self.club.till.postings[since..].iter();
        let mut names: Vec<_> = postings
            .flat_map(|posting| posting.legs.iter().map(|leg| (posting.shard, leg.account.clone())))
            .collect();
        names.sort();
        names.dedup();
        let sums = names.into_iter().map(|(shard, account)| {
            (shard, account.to_string(), self.booked(since, shard, &account))
        });
        sums.filter(|(_, _, sum)| *sum != 0).collect()
    }

    /// Puts a record as it is into the till.
    pub(super) fn put(&mut self, record: Record) {
        self.club.till.records.insert(record.key(), record);
    }
}

/// The gateway of the first club and of the other.
pub(super) fn gateway() -> GatewayTerms {
    resumable()
}

fn note() -> AuditNote {
    AuditNote {
        nonce: 1,
        event: AuditEvent::TicketMoved,
        subject: None,
        name: String::new(),
        by: "the office".into(),
        address: String::new(),
        detail: String::new(),
        count: 1,
    }
}
