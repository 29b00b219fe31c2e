//! A shop whose fans have cards, a pass and a code.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::card::{Card, CardAddress, CardHolder, CardState, CardType};
use domain::catalogue::{CatalogueItem, ChangeCatalogue, Event, Organiser, Period};
use domain::facts::{Command, Facts, Halt, Key, Shards};
use domain::ids::{
    CardId, CardTypeId, EventId, PassId, PassTypeId, SaleId, SeriesId, Shard, TicketTypeId,
};
use domain::ledger::{Account, Posting, PostingKind, Source};
use domain::money::Currency;
use domain::pass::{Pass, PassType};
use domain::record::Kind;
use domain::seller::Seller;
use domain::special_ticket::SpecialTicket;
use domain::time::{Span, Timestamp};
use serde_json::Value;

use crate::client::Answer;
use crate::order::unpaid;
use crate::shop::{Engine, NOON, Shop, Traces};
use crate::signing::App;
use crate::telephone::{Device, NUMBER};

pub(crate) const CODE: &str = "VIP-2027-ABCDEF";

/// Credit on every card.
pub(crate) const CREDIT: i64 = 7_000;

/// The shop, and what belongs to the phone [`NUMBER`].
pub(crate) struct Cabinet {
    pub(crate) shop: Shop,
    pub(crate) app: App,
    /// The token of the phone on the device `phone`.
    pub(crate) token: String,
    /// Hekla's card: three free tickets, two for one event, and credit.
    pub(crate) card: CardAddress,
    /// The same of Esja, which is good at Hekla's events.
    pub(crate) friends_card: CardAddress,
    /// A card of Faxi, which is good at its own events only.
    pub(crate) strangers_card: CardAddress,
    /// Hekla's pass for an adult at every event of the league.
    pub(crate) pass: PassId,
    pub(crate) pass_type: PassTypeId,
    /// A pass that only the club itself gives out.
    pub(crate) staff_pass: PassTypeId,
    /// A pass that is not on sale.
    pub(crate) old_pass: PassTypeId,
}

/// Everything that an order with a right may change.
#[derive(Debug, PartialEq)]
pub(crate) struct Stock {
    traces: Traces,
    cards: Vec<Arc<Card>>,
    pass: Arc<Pass>,
    code: Arc<SpecialTicket>,
    sellers: Vec<Arc<Seller>>,
}

impl Cabinet {
    pub(crate) async fn open() -> Cabinet {
        Cabinet::over(Engine::Memory).await
    }

    pub(crate) async fn over(engine: Engine) -> Cabinet {
        let shop = Shop::with(engine, |sandbox| Arc::new(sandbox)).await;
        connect(&shop).await;
        let app = App::new(&shop).await;
        let token = Device { shop: &shop, app: &app, name: "phone" }.verified(NUMBER).await;
        let card = hand_out(&shop, "hekla").await;
        let (friends, strangers) = (hand_out(&shop, "esja").await, hand_out(&shop, "faxi").await);
        let cabinet = Cabinet {
            app,
            token,
            card: card.card,
            friends_card: friends.card,
            strangers_card: strangers.card,
            pass: card.pass,
            pass_type: card.pass_type,
            staff_pass: card.staff_pass,
            old_pass: card.old_pass,
            shop,
        };
        // The first order claims numbers, which a refused one would do as well.
        let warm = cabinet.shop.order(&unpaid(&cabinet.shop, "match", "child", 1)).await;
        assert_eq!(warm.code(), "OK", "{}", warm.text());
        cabinet
    }

    /// Orders with the app, on the phone's own device. Each order is signed at a time of its own.
    pub(crate) async fn order(&self, order: &Value) -> Answer {
        self.shop.clock.advance(Span::seconds(1));
        let device = Device { shop: &self.shop, app: &self.app, name: "phone" };
        device.order(&self.token, order).await
    }

    pub(crate) async fn stock(&self) -> Stock {
        let store = self.shop.store();
        let mut cards = Vec::new();
        for address in [self.card, self.friends_card, self.strangers_card] {
            cards.push(store.read::<Card>(Card::key_of(address)).await.unwrap().unwrap());
        }
        let mut sellers = Vec::new();
        for shard in store.sellers().await.unwrap() {
            sellers.push(store.read::<Seller>(Key::seller(shard)).await.unwrap().unwrap());
        }
        let hekla = self.card.shard;
        let code = SpecialTicket::key_of(hekla, SpecialTicket::hash_of(CODE));
        Stock {
            traces: self.shop.traces().await,
            cards,
            pass: store.read::<Pass>(Pass::key_of(hekla, self.pass)).await.unwrap().unwrap(),
            code: store.read::<SpecialTicket>(code).await.unwrap().unwrap(),
            sellers,
        }
    }

    /// The card as it is now.
    pub(crate) async fn card(&self, card: CardAddress) -> Arc<Card> {
        self.shop.store().read::<Card>(Card::key_of(card)).await.unwrap().unwrap()
    }
}

/// Esja's cards are good at Hekla's events; the match lets federation cards in, and the rush takes
/// no season cards.
async fn connect(shop: &Shop) {
    let hekla = Shard(shop.number("organiser", "hekla"));
    let esja = Shard(shop.number("organiser", "esja"));
    change::<Organiser>(shop, esja, Key::number(esja, Kind::Organiser, 0), |club| {
        club.rules.connected = vec![hekla];
    })
    .await;
    let event = |slug| Key::number(hekla, Kind::Event, shop.number("event", slug));
    change::<Event>(shop, hekla, event("match"), |event| {
        event.rules.federation_cards = Some("A, Press".into());
    })
    .await;
    change::<Event>(shop, hekla, event("rush"), |event| event.owner_cards_not_allowed = true).await;
}

/// An item of the catalogue that a test changes.
trait Item: domain::record::Aggregate {
    fn item(self) -> CatalogueItem;
}

impl Item for Organiser {
    fn item(self) -> CatalogueItem {
        CatalogueItem::Organiser(self)
    }
}

impl Item for Event {
    fn item(self) -> CatalogueItem {
        CatalogueItem::Event(Box::new(self))
    }
}

async fn change<A: Item>(shop: &Shop, seller: Shard, key: Key, change: impl FnOnce(&mut A)) {
    let mut item = (*shop.store().read::<A>(key).await.unwrap().unwrap()).clone();
    change(&mut item);
    let known = shop.store().read::<Seller>(Key::seller(seller)).await.unwrap().unwrap();
    let (revision_seen, items) = (known.catalogue_revision, vec![item.item()]);
    let change = ChangeCatalogue { seller, revision_seen, items, notes: Vec::new() };
    shop.store().submit(change).await.unwrap();
    shop.reload(seller).await;
}

async fn hand_out(shop: &Shop, organiser: &str) -> HandedOut {
    let command = HandOut {
        seller: Shard(shop.number("organiser", organiser)),
        series: SeriesId(shop.number("series", "league")),
        ticket_type: TicketTypeId(shop.number("ticket_type", "adult")),
        event: EventId(shop.number("event", "match")),
    };
    shop.store().submit(command).await.unwrap()
}

/// Gives the phone [`NUMBER`] one of everything that a club has.
struct HandOut {
    seller: Shard,
    series: SeriesId,
    ticket_type: TicketTypeId,
    event: EventId,
}

struct HandedOut {
    card: CardAddress,
    pass: PassId,
    pass_type: PassTypeId,
    staff_pass: PassTypeId,
    old_pass: PassTypeId,
}

impl Command for HandOut {
    type Outcome = HandedOut;

    fn shards(&self) -> Shards {
        Shards::One(self.seller)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Key::seller(self.seller));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<HandedOut, Halt> {
        let shard = self.seller;
        let kind = card_type(shard, CardTypeId(facts.number(shard, CardTypeId::KIND)?));
        let card = CardId(facts.number(shard, CardId::KIND)?);
        let mut number = || facts.number(shard, PassTypeId::KIND).map(PassTypeId);
        let (pass_type, staff_pass, old_pass) = (number()?, number()?, number()?);
        let pass = PassId(facts.number(shard, PassId::KIND)?);
        let holder = CardHolder { phone: Some(NUMBER.into()), ..CardHolder::default() };
        let card = Card { state: CardState::Active, ..Card::of_type(&kind, card, holder, now) };
        facts.post(gift_posting(&card, now));
        let card = facts.put(card);
        facts.put(kind);
        facts.put(self.pass_type(pass_type, now));
        facts.put(PassType { team_only: true, ..self.pass_type(staff_pass, now) });
        facts.put(PassType { active: false, ..self.pass_type(old_pass, now) });
        facts.put(self.pass(pass, pass_type, now));
        facts.put(self.special());
        let card = CardAddress { shard, id: card.id };
        Ok(HandedOut { card, pass, pass_type, staff_pass, old_pass })
    }
}

impl HandOut {
    fn pass_type(&self, id: PassTypeId, now: Timestamp) -> PassType {
        PassType {
            shard: self.seller,
            id,
            slug: "season".into(),
            name: "Season pass".into(),
            series: self.series,
            ticket_type: self.ticket_type,
            of_series: false,
            price: 30_000,
            currency: Currency::ISK,
            active: true,
            team_only: false,
            created_at: now,
            changed_at: now,
        }
    }

    fn pass(&self, id: PassId, pass_type: PassTypeId, now: Timestamp) -> Pass {
        Pass {
            shard: self.seller,
            id,
            pass_type,
            sale: SaleId(0),
            series: self.series,
            ticket_type: self.ticket_type,
            phone: Some(NUMBER.into()),
            active: true,
            used: BTreeMap::new(),
            created_at: now,
        }
    }

    /// A code for two adults at the match, for 1 000 each.
    fn special(&self) -> SpecialTicket {
        SpecialTicket {
            shard: self.seller,
            hash: SpecialTicket::hash_of(CODE),
            campaign: "sponsor".into(),
            event: Some(self.event),
            ticket_type: Some(self.ticket_type),
            price: 1_000,
            count: 2,
            used_by: None,
        }
    }
}

fn card_type(shard: Shard, id: CardTypeId) -> CardType {
    CardType {
        shard,
        id,
        slug: "gold".into(),
        name: "Gold".into(),
        description: None,
        active: true,
        team_only: false,
        sale: None,
        valid: Period { from: NOON, to: NOON.after(Span::hours(24 * 300)) },
        price: 20_000,
        currency: Currency::ISK,
        tickets_max: Some(3),
        tickets_per_event_max: Some(2),
        has_credit: true,
        credit: CREDIT,
        valid_for_connected: true,
        holder_required: false,
        quota: None,
        image_url: None,
        background_image_url: None,
    }
}

/// The credit of a card that is given away is the club's gift.
fn gift_posting(card: &Card, at: Timestamp) -> Posting {
    let posting = Posting {
        shard: card.shard,
        source: Source::Card(card.id),
        step: 0,
        kind: PostingKind::CardGiven,
        at,
        currency: card.currency,
        legs: Vec::new(),
    };
    let posting = posting.credit(Account::StoreCredit(card.id), card.credit);
    posting.debit(Account::StoreCreditPromo, card.credit)
}
