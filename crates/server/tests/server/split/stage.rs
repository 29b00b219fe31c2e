//! A folder with a database and a sandbox's log, programs that are killed over it, and what is
//! left of them.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use domain::attempt::{AttemptState, CallResult, GatewayCall, Next};
use domain::facts::Key;
use domain::ids::{EventId, Shard};
use domain::money::{Currency, Money};
use domain::sale::{Advance, AdvanceEvent, Sale, SaleState};
use domain::time::{Span, Timestamp};
use gateway::sandbox::{Operation, Sandbox, SandboxOptions, read_log, terms};
use gateway::secret::YearMonth;
use gateway::{
    Card, CardNumber, CardToken, Expiry, Gateway, PaymentRequest, Source, SourceKind, TokenUse,
};
use server::catalogue::{file, import};
use server::till::Till;
use store::{Clock, Options, Store};
use tempfile::TempDir;

use super::moody::{Mood, Moody};
use super::place::{CAP, PRICE, PlaceSplit, part};
use crate::shop::{NOON, TestClock};

const GATEWAY: &str = "sandbox";
const CARD: &str = "4242424242424242";
const GIFT_CARD: &str = "6006491234567891";
const OTHER_CARD: &str = "5555555555554444";
const DECLINED_CARD: &str = "4000000000000002";

/// The most looks of a janitor.
const LOOKS_MAX: usize = 100;

/// What the buyer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purse {
    /// A card, a gift card and a card, all good.
    Full,
    /// The same with less on the gift card than it is to pay.
    Poor,
    /// The last card is declined.
    Empty,
}

/// How a sale ended, and how many steps it took.
pub(crate) struct End {
    pub(crate) sale: Arc<Sale>,
    pub(crate) steps: usize,
}

/// See the module.
pub(crate) struct Stage {
    folder: TempDir,
    clock: Arc<TestClock>,
    store: Store,
    shard: Shard,
    event: EventId,
    tokens: HashMap<&'static str, String>,
}

impl Stage {
    pub(crate) async fn open() -> Stage {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock::new(NOON));
        let store = open_store(&folder, &clock);
        let catalogue = file::parse(include_str!("../catalogue.toml")).unwrap();
        let imported = import::import(&store, &catalogue).await.unwrap();
        let number = |kind, slug| {
            let mut found = imported.iter().filter(|item| item.kind == kind && item.slug == slug);
            found.next().unwrap().id
        };
        let (shard, event) =
            (Shard(number("organiser", "hekla")), EventId(number("event", "match")));
        let sandbox = open_sandbox(&folder, &clock);
        let mut tokens = HashMap::new();
        for card in [CARD, GIFT_CARD, OTHER_CARD, DECLINED_CARD] {
            tokens.insert(card, keep(&sandbox, card).await);
        }
        Stage { folder, clock, store, shard, event, tokens }
    }

    /// Sells one thing; the program may be killed before a step, and then another one ends it.
    pub(crate) async fn sell(
        &mut self,
        purse: Purse,
        fate: (usize, Mood),
        kill: Option<usize>,
    ) -> End {
        let sandbox = open_sandbox(&self.folder, &self.clock);
        let balance = if purse == Purse::Poor { CAP - 250 } else { CAP };
        let balance = Money::new(balance, Currency::ISK);
        sandbox.set_balance(&GIFT_CARD[GIFT_CARD.len() - 4..], balance).await;
        let gateway = Moody::new(sandbox, fate);
        let placed = self.store.submit(self.order(purse)).await.unwrap();
        let (key, mut steps) = (Sale::key_of(self.shard, placed.sale.id), 1);
        let mut next = placed.next;
        loop {
            let dies = kill == Some(steps);
            next = match next {
                _ if dies => break,
                Next::Call(call) => {
                    let result = perform(&gateway, &call, self.clock.now()).await;
                    steps += 1;
                    if kill == Some(steps) {
                        break;
                    }
                    self.advance(&call, AdvanceEvent::Result(call.attempt, result)).await
                }
                Next::Mark(call) => self.advance(&call, AdvanceEvent::Marked(call.attempt)).await,
                Next::Wait(_) | Next::Done => break,
            };
            steps += 1;
        }
        drop(gateway);
        if kill.is_some() {
            self.reopen().await;
        }
        self.finish(key).await;
        let sale = self.store.read::<Sale>(key).await.unwrap().unwrap();
        self.check(&sale, &format!("{purse:?}, {fate:?}, killed before {kill:?}"));
        End { sale, steps }
    }

    fn order(&self, purse: Purse) -> PlaceSplit {
        let last = if purse == Purse::Empty { DECLINED_CARD } else { OTHER_CARD };
        let terms = terms(GATEWAY);
        let [first, gift_card, last] = [CARD, GIFT_CARD, last].map(|card| &self.tokens[card]);
        let parts = vec![
            part(first, &terms, Some(CAP), true),
            part(gift_card, &terms, Some(CAP), false),
            part(last, &terms, None, true),
        ];
        PlaceSplit { shard: self.shard, event: self.event, parts }
    }

    async fn advance(&self, call: &GatewayCall, event: AdvanceEvent) -> Next {
        let (shard, sale, partner) = (call.shard, call.sale, call.partner);
        self.store.submit(Advance { shard, sale, partner, event }).await.unwrap().next
    }

    /// The program is gone; another one opens what it has left.
    async fn reopen(&mut self) {
        let empty = Store::memory(Options::default());
        std::mem::replace(&mut self.store, empty).close().await.unwrap();
        self.store = open_store(&self.folder, &self.clock);
        // What is collected so far is in the books as well.
        let report = self.store.check().await.unwrap();
        assert_eq!(report.findings, Vec::<String>::new());
    }

    /// The janitor of a program with a gateway that answers everything.
    async fn finish(&self, key: Key) {
        let gateway: Arc<dyn Gateway> = Arc::new(open_sandbox(&self.folder, &self.clock));
        let gateways = HashMap::from([(GATEWAY.to_owned(), gateway)]);
        let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        let till = Till::new(self.store.clone(), clock, gateways, 1);
        for _ in 0..LOOKS_MAX {
            let sale = self.store.read::<Sale>(key).await.unwrap().unwrap();
            let Some(due) = sale.due() else { return };
            self.clock.set(due.max(self.clock.now()));
            let place = till.place().unwrap();
            till.resume(place, sale.shard, sale.id).await;
        }
        panic!("no end: {:?}", self.store.read::<Sale>(key).await);
    }

    /// The sandbox took the price or nothing, keeps nothing reserved, and was asked once a part.
    fn check(&self, sale: &Sale, story: &str) {
        let (mut taken, mut reserved) = (0, 0);
        for line in read_log(&self.log()).unwrap() {
            if !sale.attempts.iter().any(|attempt| attempt.key == line.key) {
                continue;
            }
            match line.request.operation {
                Operation::Sale => taken += line.moved(),
                Operation::Refund => taken -= line.moved(),
                Operation::Authorize => reserved += line.moved(),
                Operation::Void => reserved -= line.moved(),
                Operation::Capture => {
                    reserved -= line.moved();
                    taken += line.moved();
                }
                _ => {}
            }
        }
        let expected = if sale.state == SaleState::Issued { PRICE } else { 0 };
        assert_eq!((taken, reserved), (expected, 0), "{story}: {sale:?}");
        let review = sale.attempts.iter().any(|it| it.state == AttemptState::Review);
        assert!(!review, "{story}: {sale:?}");
        let ends = [SaleState::Issued, SaleState::PaymentFailed, SaleState::Returned];
        assert!(ends.contains(&sale.state), "{story}: {sale:?}");
    }

    /// Everything that was sold here is as the books say.
    pub(crate) async fn close(self) {
        let report = self.store.check().await.unwrap();
        assert_eq!(report.findings, Vec::<String>::new());
        assert_eq!((report.open_attempts, report.reviews), (0, 0), "{report:?}");
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("sandbox.log")
    }
}

async fn perform(gateway: &Moody, call: &GatewayCall, now: Timestamp) -> CallResult {
    let source = call.token.as_ref().map(|token| {
        let token = CardToken::parse(TokenUse::Multi, &token.0).unwrap();
        Source::from(SourceKind::Token(token))
    });
    gateway::perform(gateway, call, source.as_ref(), now).await
}

fn open_store(folder: &TempDir, clock: &Arc<TestClock>) -> Store {
    let clock = Arc::clone(clock) as Arc<dyn Clock>;
    let options = Options { clock, ..Options::default() };
    Store::sqlite(&folder.path().join("guichet.db"), options).unwrap()
}

fn open_sandbox(folder: &TempDir, clock: &Arc<TestClock>) -> Sandbox {
    let clock = Arc::clone(clock);
    let options = SandboxOptions {
        log: folder.path().join("sandbox.log"),
        answer_delay: Span::ZERO,
        clock: Arc::new(move || clock.now()),
    };
    Sandbox::open(&options, terms(GATEWAY)).unwrap()
}

/// The token of a card that the sandbox keeps.
async fn keep(sandbox: &Sandbox, number: &str) -> String {
    let expiry = Expiry::parse("12", "2031").unwrap();
    let this_month = YearMonth { year: 2027, month: 5 };
    let card = Card::new(CardNumber::parse(number).unwrap(), expiry, None, this_month).unwrap();
    let (key, money) = (format!("keep_{}", &number[12..]), Money::new(0, Currency::ISK));
    let request = PaymentRequest::new(&key, money, Span::seconds(1));
    let source = Source::from(SourceKind::Card(card));
    let kept = sandbox.tokenize(&request, &source, TokenUse::Multi).await.unwrap();
    kept.token.expose().to_owned()
}
