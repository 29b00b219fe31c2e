//! Opening databases: together, refused, encrypted.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use store::OpenError;
use store::postgres::{Settings, has_keys, open};
use store::testing::ADULT;
use tokio::time::Instant;

use crate::support::{Node, SELLER, console, database, server};

fn refusal(settings: Settings) -> String {
    open(settings).err().expect("refused").to_string()
}

/// However many nodes start at once, the schema is made once.
#[test]
fn nodes_may_start_at_once() {
    let Some(url) = database() else { return };
    let numbers: Vec<u32> = std::thread::scope(|scope| {
        let url = &url;
        let start = |name| scope.spawn(move || Node::start(url, name).cluster.node());
        let starts = ["a", "b", "c", "d"].map(start);
        starts.into_iter().map(|start| start.join().unwrap()).collect()
    });
    assert_eq!(numbers.iter().collect::<std::collections::BTreeSet<_>>().len(), 4);
    let twice = "SELECT count(*) FROM migration GROUP BY version HAVING count(*) > 1";
    assert_eq!(console(&url, twice), [""; 0]);
    assert_eq!(console(&url, "SELECT max(version) = count(*) FROM migration"), ["t"]);
}

/// A name belongs to the node that is heard of while another one asks for it.
#[test]
fn a_name_in_use_is_refused() {
    let Some(url) = database() else { return };
    let first = Node::start(&url, "a");
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Relaxed) {
                first.cluster.beat().unwrap();
                std::thread::sleep(Duration::from_secs(1));
            }
        });
        for _ in 0..2 {
            let refused = open(Settings::of(&url, "a")).err();
            assert!(matches!(&refused, Some(OpenError::NameInUse(name)) if name == "a"));
        }
        done.store(true, Relaxed);
    });
    first.cluster.leave().unwrap();
    Node::start(&url, "a");
}

/// A node that was killed has its name back at once, and what is left of it is told to end.
#[test]
fn a_name_left_by_a_killed_node_is_taken_over() {
    let Some(url) = database() else { return };
    let first = Node::start(&url, "a");
    let began = Instant::now();
    let second = Node::start(&url, "a");
    assert!(began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
    assert_eq!(first.cluster.node(), second.cluster.node());
    let told = first.cluster.beat().unwrap_err().to_string();
    assert!(told.contains("another process has started"), "{told}");
    second.cluster.beat().unwrap();
}

/// Of several processes that want the name of a killed node, one gets it.
#[test]
fn a_name_is_taken_over_by_one() {
    let Some(url) = database() else { return };
    let settings = || Settings { alive_within: Duration::from_secs(1), ..Settings::of(&url, "a") };
    drop(Node::with(settings()));
    let opened: Vec<bool> = std::thread::scope(|scope| {
        let starts = [0; 4].map(|_| scope.spawn(|| open(settings()).is_ok()));
        starts.into_iter().map(|start| start.join().unwrap()).collect()
    });
    assert_eq!(opened.iter().filter(|opened| **opened).count(), 1);
}

/// A database that was put back to an earlier moment gives no start the number of a later one.
#[test]
fn an_incarnation_never_comes_again() {
    let Some(url) = database() else { return };
    let incarnation = || console(&url, "SELECT incarnation FROM node")[0].parse::<i64>().unwrap();
    Node::start(&url, "a").cluster.leave().unwrap();
    let first = incarnation();
    Node::start(&url, "a").cluster.leave().unwrap();
    assert!(incarnation() > first, "two starts within one second");
    let last = incarnation();
    console(&url, "UPDATE node SET incarnation = 1");
    std::thread::sleep(Duration::from_secs(2));
    Node::start(&url, "a");
    assert!(incarnation() > last, "{} after {last}", incarnation());
}

/// The first node's keys are those of all others, for good, and no number of tools disturbs it.
#[test]
fn other_keys_are_refused() {
    let Some(url) = database() else { return };
    let with_keys = |name: &str, keys: &str| Settings {
        keys_identity: Some(keys.to_owned()),
        alive_within: Duration::ZERO,
        ..Settings::of(&url, name)
    };
    Node::start(&url, "key create").cluster.leave().unwrap();
    assert!(!has_keys(&Settings::of(&url, "a")).unwrap(), "a tool brings none");
    drop(Node::with(with_keys("a", "first")));
    assert!(has_keys(&Settings::of(&url, "b")).unwrap());
    let refused = refusal(with_keys("b", "second"));
    assert!(refused.contains("Copy scan-code.key and fingerprint.key"), "{refused}");
    assert_eq!(console(&url, "SELECT count(*) FROM node WHERE name = 'b'"), ["0"]);
    drop(Node::with(with_keys("b", "first")));
    Node::start(&url, "check").cluster.leave().unwrap();
    console(&url, "DELETE FROM node");
    assert!(refusal(with_keys("a", "second")).contains("keys"));
}

/// Nodes that start at once with keys of their own do not all become the first.
#[test]
fn one_node_brings_the_keys() {
    let Some(url) = database() else { return };
    let opened: Vec<bool> = std::thread::scope(|scope| {
        let url = &url;
        let start = |name: &'static str| {
            let keys_identity = Some(name.to_owned());
            let settings = Settings { keys_identity, ..Settings::of(url, name) };
            scope.spawn(move || open(settings).is_ok())
        };
        let starts = ["a", "b", "c", "d"].map(start);
        starts.into_iter().map(|start| start.join().unwrap()).collect()
    });
    assert_eq!(opened.iter().filter(|opened| **opened).count(), 1);
}

/// Where something was sold, there were keys, although an import does not bring their identity.
#[test]
fn who_has_sold_has_keys() {
    let Some(url) = database() else { return };
    let mut node = Node::start(&url, "a");
    let shop = node.open_shop(SELLER, 1);
    assert!(!has_keys(&Settings::of(&url, "b")).unwrap());
    node.order(&shop, 1, ADULT).unwrap();
    assert!(has_keys(&Settings::of(&url, "b")).unwrap());
}

/// A server that does not keep what it has confirmed is not used.
#[test]
fn careless_settings_are_refused() {
    let Some(url) = database() else { return };
    for value in ["off", "local"] {
        let database = url.rsplit('/').next().unwrap();
        console(&url, &format!("ALTER DATABASE {database} SET synchronous_commit = {value}"));
        let refused = refusal(Settings::of(&url, "a"));
        assert!(refused.contains("synchronous_commit"), "{refused}");
    }
    let database = url.rsplit('/').next().unwrap();
    console(&url, &format!("ALTER DATABASE {database} SET synchronous_commit = on"));
    let serializable = "SET default_transaction_isolation = serializable";
    console(&url, &format!("ALTER DATABASE {database} {serializable}"));
    Node::start(&url, "a").open_shop(SELLER, 1);
}

/// A changed migration is noticed; a newer one is welcome if it says that it only expands.
#[test]
fn strange_schemas_are_refused() {
    let Some(url) = database() else { return };
    drop(Node::start(&url, "a"));
    console(&url, "INSERT INTO migration VALUES (99, 'later', 'SELECT 1', true)");
    drop(Node::start(&url, "b"));
    console(&url, "UPDATE migration SET expands = false WHERE version = 99");
    let newer = open(Settings::of(&url, "c")).err();
    assert!(matches!(newer, Some(OpenError::Newer { found: 99, .. })), "{newer:?}");
    console(&url, "UPDATE migration SET expands = true, sql = 'other' WHERE version IN (1, 99)");
    let diverged = open(Settings::of(&url, "c")).err();
    assert!(matches!(diverged, Some(OpenError::Diverged(1))), "{diverged:?}");
}

/// Encryption is used where it is asked for, checked against the right roots, and never left out.
#[test]
fn encryption_is_required_and_checked() {
    if server().is_none() {
        return;
    }
    let (server, root) =
        postgres_fixture::Server::start_with_tls(postgres_fixture::Options::default()).unwrap();
    let settings = |url: &str, mode: &str, root: Option<PathBuf>| Settings {
        root_certificate: root,
        ..Settings::of(&format!("{url}?sslmode={mode}"), "a")
    };
    let node = Node::with(settings(&server.url(), "verify-full", Some(root.clone())));
    let encrypted = "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
        WHERE application_name = 'guichet a'";
    assert_eq!(console(&server.url(), encrypted), ["t"]);
    drop(node);
    let unknown = refusal(settings(&server.url(), "require", None));
    assert!(unknown.contains("certificate"), "{unknown}");
    let plain = crate::support::server().unwrap();
    let refused = refusal(settings(&plain.url(), "require", Some(root)));
    assert!(refused.contains("sslmode=disable"), "{refused}");
}
