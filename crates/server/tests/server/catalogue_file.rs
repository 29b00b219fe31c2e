//! Cards, passes and single-use codes of a catalogue file, brought in once and again.

use domain::card::CardType;
use domain::catalogue::Event;
use domain::facts::{Command, Facts, Halt, Key, Shards};
use domain::ids::{SaleId, Shard};
use domain::pass::PassType;
use domain::record::Kind;
use domain::special_ticket::SpecialTicket;
use domain::time::Timestamp;
use server::catalogue::{file, import};
use store::{Options, Store};

const CLUB: &str = r#"
[[series]]
slug = "league"
name = "League"

[[organiser]]
slug = "hekla"
name = "Hekla"

[[ticket_type]]
slug = "guest"
series = "league"
name = "Guest"
price = "4500"

[[event]]
slug = "first"
organiser = "hekla"
name = "First"
starts = "2037-05-02T19:15:00"
price = [{ ticket_type = "guest" }]
"#;

const CARD: &str = r#"
[[card_type]]
slug = "gold"
organiser = "hekla"
name = "Gold"
valid_from = "2037-01-01T00:00:00"
valid_to = "2038-01-01T00:00:00"
sale_from = "2036-10-01T00:00:00"
sale_to = "2037-03-01T00:00:00"
price = "99.50"
currency = "EUR"
tickets = 10
tickets_per_event = 2
credit = "25.00"
limit = 100
team_only = true
valid_for_connected = true
holder_required = true
"#;

const PASS: &str = r#"
[[pass_type]]
slug = "season"
organiser = "hekla"
series = "league"
ticket_type = "guest"
name = "Season"
price = "20000"
"#;

const SPECIAL: &str = r#"
[[special_ticket]]
organiser = "hekla"
campaign = "Sponsors"
code = "Summer 2037"
event = "first"
ticket_type = "guest"
price = "500"
count = 2
"#;

/// Imports a file; answers the published number of its only item of a kind, or the refusal.
async fn brought_in(store: &Store, text: &str, kind: &str) -> Result<u32, String> {
    let file = file::parse(text)?;
    let imported = import::import(store, &file).await.map_err(|error| error.to_string())?;
    Ok(imported.iter().find(|item| item.kind == kind).map_or(0, |item| item.id))
}

async fn with_club() -> (Store, Shard) {
    let store = Store::memory(Options::default());
    let club = brought_in(&store, CLUB, "organiser").await.unwrap();
    (store, Shard(club))
}

#[tokio::test]
async fn a_kind_of_card_is_as_the_file_says() {
    // Proves that every member arrives, in minor units and in the venue's time, and that what a
    // later file leaves out goes back to its default under the same number.
    let (store, club) = with_club().await;
    let id = brought_in(&store, CARD, "card_type").await.unwrap();
    let key = Key::number(club, Kind::CardType, id);
    let card = store.read::<CardType>(key).await.unwrap().unwrap();
    assert_eq!((card.price, card.credit, card.currency.code()), (9_950, 2_500, "EUR"));
    assert_eq!((card.tickets_max, card.tickets_per_event_max), (Some(10), Some(2)));
    assert!(card.has_credit && card.team_only && card.valid_for_connected && card.holder_required);
    assert_eq!(card.valid.from, Timestamp(2_114_380_800_000_000));
    assert!(card.sale.is_some() && card.quota.is_some() && card.active);

    let is_default = |line: &str| {
        let lines = ["limit", "tickets =", "team_only", "valid_for", "holder"];
        lines.iter().any(|start| line.starts_with(start))
    };
    let short: Vec<_> = CARD.lines().filter(|line| !is_default(line)).collect();
    let short = short.join("\n");
    assert_eq!(brought_in(&store, &short, "card_type").await, Ok(id));
    let card = store.read::<CardType>(key).await.unwrap().unwrap();
    assert_eq!((card.tickets_max, card.quota), (Some(0), None));
    assert!(!card.team_only && !card.valid_for_connected && !card.holder_required);
}

#[tokio::test]
async fn a_kind_of_pass_names_its_series_and_type() {
    // Proves that a pass may give a type of the series, and that it keeps its number.
    let (store, club) = with_club().await;
    let id = brought_in(&store, PASS, "pass_type").await.unwrap();
    let dearer = PASS.replace("20000", "25000");
    assert_eq!(brought_in(&store, &dearer, "pass_type").await, Ok(id));
    let key = Key::number(club, Kind::PassType, id);
    let pass = store.read::<PassType>(key).await.unwrap().unwrap();
    assert_eq!((pass.price, pass.of_series, pass.name.as_str()), (25_000, true, "Season"));
}

/// Says that a code was used, as an order does.
struct Use(Key);

impl Command for Use {
    type Outcome = ();

    fn shards(&self) -> Shards {
        Shards::One(self.0.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(self.0);
    }

    fn decide(&self, facts: &mut Facts<'_>, _now: Timestamp) -> Result<(), Halt> {
        facts.edit::<SpecialTicket>(self.0)?.unwrap().used_by = Some(SaleId(7));
        Ok(())
    }
}

#[tokio::test]
async fn a_code_that_was_used_stays_used() {
    // Proves that a code is found however it is typed, and that no later file frees it.
    let (store, club) = with_club().await;
    brought_in(&store, SPECIAL, "special_ticket").await.unwrap();
    let key = SpecialTicket::key_of(club, SpecialTicket::hash_of("sum mer2037"));
    let special = store.read::<SpecialTicket>(key).await.unwrap().unwrap();
    assert_eq!((special.price, special.count, special.used_by), (500, 2, None));
    assert!(special.event.is_some() && special.ticket_type.is_some());
    store.submit(Use(key)).await.unwrap();
    brought_in(&store, &SPECIAL.replace("Sponsors", "Others"), "special_ticket").await.unwrap();
    let special = store.read::<SpecialTicket>(key).await.unwrap().unwrap();
    assert_eq!(special.used_by, Some(SaleId(7)));
}

/// Cancels an event, as the back office does.
struct Cancel(Key);

impl Command for Cancel {
    type Outcome = ();

    fn shards(&self) -> Shards {
        Shards::One(self.0.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(self.0);
    }

    fn decide(&self, facts: &mut Facts<'_>, _now: Timestamp) -> Result<(), Halt> {
        facts.edit::<Event>(self.0)?.unwrap().rules.cancelled = true;
        Ok(())
    }
}

#[tokio::test]
async fn a_cancelled_event_stays_cancelled() {
    // Proves that a file that still names the event does not sell it again.
    let (store, club) = with_club().await;
    let id = brought_in(&store, CLUB, "event").await.unwrap();
    let key = Key::number(club, Kind::Event, id);
    store.submit(Cancel(key)).await.unwrap();
    brought_in(&store, &CLUB.replace("First", "First, again"), "event").await.unwrap();
    let event = store.read::<Event>(key).await.unwrap().unwrap();
    assert!(event.rules.cancelled && event.name == "First, again", "{event:?}");
}

#[tokio::test]
async fn what_is_refused_changes_nothing() {
    // Proves each refusal: what is wrong, the words that say it, and that nothing came in.
    let cases = [
        (CARD, "hekla", "nobody", "no organiser \"nobody\""),
        (CARD, "99.50", "99.505", "99.505"),
        (CARD, "sale_to = \"2037-03-01T00:00:00\"", "", "sale"),
        (CARD, "2038-01-01", "2036-01-01", "valid"),
        (CARD, "team_only", "teamonly", "teamonly"),
        (PASS, "\"league\"", "\"cup\"", "no series \"cup\""),
        (PASS, "\"guest\"", "\"adult\"", "no ticket_type \"adult\""),
        (SPECIAL, "Summer 2037", "Sum 37", "8 to 64 characters"),
        (SPECIAL, "\"first\"", "\"last\"", "no event \"last\""),
    ];
    for (text, right, wrong, words) in cases {
        let (store, club) = with_club().await;
        let before = store.read::<domain::seller::Seller>(Key::seller(club)).await.unwrap();
        let refused = brought_in(&store, &text.replace(right, wrong), "none").await.unwrap_err();
        assert!(refused.contains(words), "{words} is missing in {refused}");
        let after = store.read::<domain::seller::Seller>(Key::seller(club)).await.unwrap();
        assert_eq!(before, after, "{wrong}");
    }
}
