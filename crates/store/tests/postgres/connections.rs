//! Connections that break, servers that stop, transactions that the database ends: everything
//! happens exactly once, and everybody hears the truth.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use domain::ids::{SaleId, Shard};
use store::batch::Core;
use store::job::submission;
use store::postgres::{Settings, open};
use store::testing::{ADULT, NOON, answer, approved};
use store::{Fault, SubmitError};
use tokio::time::Instant;

use crate::proxy::{Cut, Proxy};
use crate::support::{
    Node, SELLER, console, database, own_server, server, touch_both, try_console, until,
};

/// Ends every session of a lane but tells nobody.
const TERMINATE_LANES: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()";

/// A COMMIT that does not arrive runs again; one that arrived is found in the lane row, answered
/// or not. Either way there is one sale, and the caller hears its number.
#[test]
fn a_cut_commit_happens_once() {
    let (Some(url), Some(server)) = (database(), server()) else { return };
    let proxy = Proxy::to(server.port());
    let mut node = Node::start(&proxy.url(&url), "a");
    let shop = node.open_shop(SELLER, 100);
    let mut expected = 0;
    for cut in [Cut::BeforePassedOn, Cut::WhilePassedOn, Cut::AfterAnswered] {
        for _ in 0..3 {
            proxy.cut_next_commit(cut);
            let seed = u64::from(expected);
            let placed = node.order_without_key(&shop, seed);
            expected += 1;
            assert_eq!(placed.unwrap().sale.id, SaleId(expected), "{cut:?}");
            assert!(proxy.has_cut(), "{cut:?}: nothing was cut");
            proxy.cut_next_commit(cut);
            node.run(answer(SELLER, SaleId(expected), approved())).unwrap();
        }
    }
    assert_eq!(node.findings(), Vec::<String>::new());
    assert_eq!(node.sales(), u64::from(expected));
    assert_eq!(console(&url, "SELECT count(*) FROM posting"), [expected.to_string()]);
}

/// The very first batch of a seller has no row to lock; a cut commit is found all the same.
#[test]
fn a_cut_first_commit_happens_once() {
    let Some(server) = server() else { return };
    for cut in [Cut::BeforePassedOn, Cut::WhilePassedOn, Cut::AfterAnswered] {
        let url = database().unwrap();
        let proxy = Proxy::to(server.port());
        let mut node = Node::start(&proxy.url(&url), "a");
        for shard in 1..6 {
            proxy.cut_next_commit(cut);
            assert_eq!(node.run(touch_both(Shard(shard), Shard(100 + shard))), Ok(1), "{cut:?}");
        }
        assert_eq!(console(&url, "SELECT sum(held) FROM quota"), ["10"], "{cut:?}");
    }
}

/// A session that an operator has ended, or the server for being idle, is replaced unnoticed.
#[test]
fn an_ended_session_is_replaced() {
    let Some(url) = database() else { return };
    let mut node = Node::start(&url, "a");
    let shop = node.open_shop(SELLER, 100);
    for seed in 0..5 {
        console(&url, TERMINATE_LANES);
        let placed = node.order_without_key(&shop, seed).unwrap();
        assert_eq!(u64::from(placed.sale.id.0), seed + 1);
        console(&url, TERMINATE_LANES);
        assert_eq!(node.findings(), Vec::<String>::new(), "the readers find another one too");
        console(&url, TERMINATE_LANES);
        // The register is asked again a little later by whoever asks it.
        assert!(node.cluster.beat().is_err());
        assert!(node.cluster.beat().unwrap().leads);
    }
}

/// Sessions are ended at any moment while orders come in: each is stored once, and so is each
/// that was answered.
#[test]
fn sessions_end_at_any_moment() {
    let Some(url) = database() else { return };
    let mut node = Node::start(&url, "a");
    let shop = node.open_shop(SELLER, 1_000);
    let done = AtomicBool::new(false);
    let sold = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Relaxed) {
                let _server_busy = try_console(&url, TERMINATE_LANES);
                std::thread::sleep(Duration::from_millis(150));
            }
        });
        let sold = sell(&mut node, &shop, 200);
        done.store(true, Relaxed);
        sold
    });
    judge(&url, &sold);
}

/// The server dies under load and comes back: what was answered is there, once, and nothing that
/// nobody was told of.
#[test]
fn a_server_restarts_under_load() {
    let Some(server) = own_server() else { return };
    let mut node = Node::start(&server.url(), "a");
    let shop = node.open_shop(SELLER, 1_000);
    let sold = std::thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..3 {
                std::thread::sleep(Duration::from_millis(300));
                server.restart().unwrap();
            }
        });
        sell(&mut node, &shop, 150)
    });
    judge(&server.url(), &sold);
}

/// What became of many orders.
#[derive(Default)]
struct Sold {
    /// The numbers of those that were answered well.
    answered: Vec<u32>,
    /// How many nobody could tell anything about.
    unknown: usize,
}

/// Orders one after another. A fault is allowed (the lane tries three times), a wrong answer is
/// not.
fn sell(node: &mut Node, shop: &store::testing::Shop, count: u64) -> Sold {
    let mut sold = Sold::default();
    for seed in 0..count {
        match node.order_without_key(shop, seed) {
            Ok(placed) => sold.answered.push(placed.sale.id.0),
            Err(SubmitError::Fault(Fault::Unknown(_))) => sold.unknown += 1,
            Err(SubmitError::Fault(Fault::Database(_))) => {}
            Err(error) => panic!("{error}"),
        }
    }
    sold
}

/// What was answered is there, once; of what was not, only what is unknown may be there.
fn judge(url: &str, Sold { answered, unknown }: &Sold) {
    let mut numbers = answered.clone();
    numbers.dedup();
    assert_eq!(numbers.len(), answered.len(), "no number was given out twice");
    assert!(answered.len() > 50, "most were answered: {}", answered.len());
    let node = Node::start(url, "judge");
    let stored = console(url, "SELECT number FROM sale ORDER BY number");
    for number in answered {
        assert!(stored.contains(&number.to_string()), "{number} was answered and is not there");
    }
    let more = stored.len() - answered.len();
    assert!(more <= *unknown, "{more} are there that nobody was told of; {unknown} are unknown");
    assert_eq!(node.findings(), Vec::<String>::new());
}

/// PostgreSQL ends one of two transactions that wait for each other: the batch runs again.
#[test]
fn a_deadlock_runs_again() {
    let Some(url) = database() else { return };
    let mut node = Node::start(&url, "a");
    node.open_shop(Shard(7), 10);
    node.open_shop(Shard(8), 10);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // Locks in the wrong order, and waits long enough that it is the lane that waits
            // longer and is ended.
            console(
                &url,
                "BEGIN; SET LOCAL deadlock_timeout = '10s';
                 SELECT 1 FROM shard WHERE shard = 8 FOR UPDATE; SELECT pg_sleep(0.5);
                 SELECT 1 FROM shard WHERE shard = 7 FOR UPDATE; COMMIT",
            );
        });
        let waiting = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(0.5)%'
            AND pid <> pg_backend_pid() AND wait_event = 'PgSleep'";
        until("the other one sleeps", || console(&url, waiting) == ["1"]);
        assert_eq!(node.run(touch_both(Shard(7), Shard(8))), Ok(1));
    });
    assert_eq!(console(&url, "SELECT sum(held) FROM quota WHERE number = 99"), ["2"]);
    // Two, where the lane was back before the other one had noticed that it was gone.
    let deadlocks = "SELECT deadlocks > 0 FROM pg_stat_database
        WHERE datname = current_database()";
    until("the deadlock is counted", || console(&url, deadlocks) == ["t"]);
}

/// A console that holds one seller's row stops that seller, who hears it, and keeps the others
/// waiting once; when it lets go, the seller sells again.
#[test]
fn a_held_seller_does_not_stop_the_others() {
    let Some(url) = database() else { return };
    let mut node = Node::start(&url, "a");
    let [held, free] = [Shard(7), Shard(8)].map(|shard| node.open_shop(shard, 100));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            console(
                &url,
                "BEGIN; SELECT 1 FROM shard WHERE shard = 7 FOR UPDATE; SELECT pg_sleep(9.5);
                 COMMIT",
            )
        });
        let sleeping = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
        until("the console sleeps", || console(&url, sleeping) == ["1"]);
        let (of_held, mut told) = submission(held.order(1, ADULT, 1));
        let (of_free, mut sold) = submission(free.order(1, ADULT, 1));
        let began = Instant::now();
        assert!(node.core.run(vec![of_held, of_free], NOON).is_empty());
        assert!(began.elapsed() < Duration::from_secs(9), "{:?}", began.elapsed());
        assert!(told.try_recv().unwrap().unwrap_err().to_string().contains("seller 7 is held"));
        assert_eq!(sold.try_recv().unwrap().unwrap().sale.id, SaleId(1));
        let began = Instant::now();
        for seed in 2..20 {
            node.order(&held, seed, ADULT).unwrap_err();
            node.order(&free, seed, ADULT).unwrap();
        }
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    });
    until("the seller sells again", || node.order(&held, 1, ADULT).is_ok());
    assert_eq!(node.findings(), Vec::<String>::new());
}

/// A second process under the same name cannot write what the first has written over: it is told
/// so, and stores nothing.
#[test]
fn a_second_process_of_the_same_name_is_fenced_off() {
    let Some(url) = database() else { return };
    let settings = || Settings { alive_within: Duration::ZERO, ..Settings::of(&url, "a") };
    let mut first = Node::with(settings());
    let shop = first.open_shop(SELLER, 10);
    let backend = open(settings()).unwrap();
    let lane = backend.lane_first;
    let mut second = Node {
        core: Core::new(backend.engines.into_iter().next().unwrap(), lane, 100).unwrap(),
        reader: backend.reader,
        cluster: backend.cluster.unwrap(),
    };
    assert_eq!(second.order(&shop, 1, ADULT).unwrap().sale.id, SaleId(1));
    let fenced = first.order(&shop, 2, ADULT).unwrap_err().to_string();
    assert!(fenced.contains("another process has started under this node's name"), "{fenced}");
    let silenced = first.cluster.beat().unwrap_err().to_string();
    assert!(silenced.contains("another process"), "{silenced}");
    assert_eq!(second.sales(), 1);
    assert_eq!(second.findings(), Vec::<String>::new());
}

/// While a frozen database keeps one beat waiting, the next is told so at once, and afterwards
/// all is as before.
#[test]
fn a_frozen_database_keeps_one_beat_waiting() {
    let Some(server) = own_server() else { return };
    let node = Node::start(&server.url(), "a");
    server.pause();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| node.cluster.beat());
        std::thread::sleep(Duration::from_millis(300));
        let began = Instant::now();
        let told = node.cluster.beat();
        let took = began.elapsed();
        server.resume();
        let told = told.unwrap_err().to_string();
        assert!(told.contains("still unanswered"), "{told}");
        assert!(took < Duration::from_secs(1), "{took:?}");
        assert!(waiting.join().unwrap().unwrap().leads);
    });
    assert!(node.cluster.beat().unwrap().leads);
}
