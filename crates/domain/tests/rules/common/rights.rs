//! Season cards, passes and codes that a test may hand out, and the law that they are used by
//! exactly those sales that say so.

use std::collections::BTreeMap;

use domain::audit::{AuditEvent, AuditNote};
use domain::card::{Card, CardAddress, CardHolder, CardState, CardType};
use domain::catalogue::Period;
use domain::ids::{
    CardId, CardTypeId, EventId, PassId, PassTypeId, SaleId, SeriesId, Shard, TicketTypeId,
};
use domain::money::Currency;
use domain::pass::{Pass, PassType};
use domain::record::Aggregate;
use domain::sale::refund::{RefundRequest, RefundSale, RefundWhat, RefundedSale};
use domain::sale::{Buyer, Entitlement, Sale, SaleState};
use domain::special_ticket::SpecialTicket;
use domain::time::Span;
use domain::token::Secret;

use super::{ADULT, Club, NOON, SHARD, Till};

/// A club whose cards are good at the events of [`SHARD`], too.
pub(crate) const FRIEND: Shard = Shard(8);
pub(crate) const FAN: &str = "+3545550101";
pub(crate) const PASS: PassId = PassId(3);
pub(crate) const PASS_TYPE: PassTypeId = PassTypeId(4);
pub(crate) const CODE: &str = "vip 7";

/// Whoever proved [`FAN`] with the app.
pub(crate) fn fan() -> Buyer {
    Buyer { phone: Some(FAN.into()), by_app: true, ..Buyer::default() }
}

/// The card of [`FAN`] at a club.
pub(crate) fn card_of(shard: Shard) -> CardAddress {
    CardAddress { shard, id: CardId(shard.0) }
}

/// A card of a club: three free tickets, two for one event, and 7 000 of credit.
pub(crate) fn card(shard: Shard) -> Card {
    let holder = CardHolder { phone: Some(FAN.into()), ..CardHolder::default() };
    let card = Card::of_type(&card_type(shard), card_of(shard).id, holder, NOON);
    Card { secret: Secret([3; 16]), ..card }
}

pub(crate) fn card_type(shard: Shard) -> CardType {
    CardType {
        shard,
        id: CardTypeId(shard.0),
        slug: "gold".into(),
        name: "Gold".into(),
        description: None,
        active: true,
        team_only: false,
        sale: None,
        valid: Period { from: NOON, to: NOON.after(Span::hours(24 * 365)) },
        price: 20_000,
        currency: Currency::ISK,
        tickets_max: Some(3),
        tickets_per_event_max: Some(2),
        has_credit: true,
        credit: 7_000,
        valid_for_connected: true,
        holder_required: false,
        quota: None,
        image_url: None,
        background_image_url: None,
    }
}

pub(crate) fn pass() -> Pass {
    Pass {
        shard: SHARD,
        id: PASS,
        pass_type: PASS_TYPE,
        sale: SaleId(0),
        series: SeriesId(3),
        ticket_type: ADULT,
        phone: Some(FAN.into()),
        active: true,
        used: BTreeMap::new(),
        created_at: NOON,
    }
}

pub(crate) fn pass_type() -> PassType {
    PassType {
        shard: SHARD,
        id: PASS_TYPE,
        slug: "season".into(),
        name: "Season".into(),
        series: SeriesId(3),
        ticket_type: ADULT,
        of_series: false,
        price: 30_000,
        currency: Currency::ISK,
        active: true,
        team_only: false,
        created_at: NOON,
        changed_at: NOON,
    }
}

/// A code for two adults at 1 000 each.
pub(crate) fn special() -> SpecialTicket {
    SpecialTicket {
        shard: SHARD,
        hash: SpecialTicket::hash_of(CODE),
        campaign: "sponsor".into(),
        event: Some(super::EVENT),
        ticket_type: Some(ADULT),
        price: 1_000,
        count: 2,
        used_by: None,
    }
}

impl Club {
    /// A club with cards of its own and of its friend, a pass, a code, and federation cards.
    pub(crate) fn with_rights() -> Club {
        let mut club = Club::new();
        club.event.rules.federation_cards = Some("A, press".into());
        club.publish();
        let mut friend = club.organiser.clone();
        friend.shard = FRIEND;
        friend.rules.connected = vec![SHARD];
        club.put(friend);
        for shard in [SHARD, FRIEND] {
            club.put(card_type(shard));
            club.put(card(shard));
        }
        club.put(pass());
        club.put(pass_type());
        club.put(special());
        club
    }

    /// Refunds everything that is left of a sale.
    pub(crate) fn refund_whole(&mut self, sale: SaleId) -> RefundedSale {
        let request = RefundRequest {
            what: RefundWhat::Whole,
            reason: "ill".into(),
            by: "a test".into(),
            fee_returned: None,
            force: false,
            reference: None,
        };
        let note = AuditNote {
            nonce: u64::from(sale.0),
            event: AuditEvent::Forbidden,
            subject: None,
            name: String::new(),
            by: "a test".into(),
            address: String::new(),
            detail: "refund".into(),
            count: 1,
        };
        let partner = self.sale(sale).partner();
        self.till.run(&RefundSale { shard: SHARD, sale, partner, request, note }).unwrap()
    }

    /// Puts an aggregate into the till by hand.
    pub(crate) fn put<A: Aggregate>(&mut self, aggregate: A) {
        let (key, record) = (aggregate.key(), A::into_record(aggregate.into()));
        self.till.records.insert(key, record);
    }

    /// Changes an aggregate by hand.
    pub(crate) fn change_by_hand<A: Aggregate>(&mut self, of: &A, change: impl FnOnce(&mut A)) {
        let mut aggregate = self.till.find::<A>(of.key()).unwrap().clone();
        change(&mut aggregate);
        self.put(aggregate);
    }
}

/// What is used of every right is what sales that hold or have it say.
pub(crate) fn check_rights(till: &Till) {
    let uses = |sale: &&Sale| sale.state.holds_places() || sale.state == SaleState::Issued;
    let used: Vec<(&Sale, &Entitlement)> = till
        .all::<Sale>()
        .filter(uses)
        .flat_map(|sale| sale.entitlements.iter().map(move |it| (sale, it)))
        .collect();
    till.all::<Card>().for_each(|card| check_card(card, &used));
    for pass in till.all::<Pass>() {
        let of_pass = used.iter().filter_map(|(sale, right)| match right {
            Entitlement::Pass { pass: id, .. } if *id == pass.id => Some((sale.event, sale.id)),
            _ => None,
        });
        assert_eq!(pass.used, of_pass.collect::<BTreeMap<EventId, SaleId>>(), "{pass:?}");
    }
    for special in till.all::<SpecialTicket>() {
        let of_code = used.iter().filter_map(|(sale, right)| match right {
            Entitlement::SpecialTicket { hash, .. } | Entitlement::FederationCard { hash, .. } => {
                (*hash == special.hash).then_some(sale.id)
            }
            _ => None,
        });
        let of_code: Vec<SaleId> = of_code.collect();
        assert_eq!(of_code, Vec::from_iter(special.used_by), "{special:?}");
    }
}

fn check_card(card: &Card, used: &[(&Sale, &Entitlement)]) {
    let address = CardAddress { shard: card.shard, id: card.id };
    let mut by_event: BTreeMap<EventId, u32> = BTreeMap::new();
    let mut credit = 0;
    for (sale, right) in used {
        match right {
            Entitlement::FreeTickets { card, count, .. } if *card == address => {
                *by_event.entry(sale.event).or_default() += count;
            }
            Entitlement::StoreCredit { card, amount, .. } if *card == address => credit += amount,
            _ => {}
        }
    }
    assert_eq!(card.tickets_used, by_event.values().sum::<u32>(), "{card:?}");
    assert_eq!(card.used_by_event, by_event, "{card:?}");
    assert!(card.credit >= 0 && card.tickets_max.is_none_or(|most| card.tickets_used <= most));
    if card.state != CardState::Refunded {
        assert_eq!(card.credit_granted - card.credit, credit, "{card:?}");
    }
}

/// Types that a pass or a code is not for.
pub(crate) const OTHER_TYPE: TicketTypeId = super::CHILD;
