//! Commits that wait for a copy on another server, and servers that take over.

use std::time::Duration;

use domain::ids::SaleId;
use store::postgres::{Settings, open};
use store::testing::{ADULT, Shop};
use store::{Fault, OpenError, SubmitError};

use crate::support::{Node, SELLER, console, own_server, server, until};

const WAITING: &str = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'";

/// Does something whose commit waits for a standby that is not there, until an operator ends the
/// waiting.
fn while_waiting_is_ended<T: Send>(url: &str, end: &str, work: impl FnOnce() -> T + Send) -> T {
    console(url, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    console(url, "SELECT pg_reload_conf()");
    until("the server waits for its standby", || {
        console(url, "SHOW synchronous_standby_names") == ["nobody"]
    });
    let done = std::thread::scope(|scope| {
        let working = scope.spawn(work);
        until("the commit waits", || !console(url, WAITING).is_empty());
        console(url, &format!("SELECT {end}(pid) FROM ({WAITING}) AS waiting"));
        working.join().unwrap()
    });
    console(url, "ALTER SYSTEM RESET synchronous_standby_names");
    console(url, "SELECT pg_reload_conf()");
    until("the server waits no more", || console(url, "SHOW synchronous_standby_names") == [""]);
    done
}

/// The standby is gone and an operator ends the waiting: the commit is stored and may yet be
/// lost, so nobody is told that it is done.
#[test]
fn a_commit_that_no_longer_waits_is_unknown() {
    let Some(server) = own_server() else { return };
    let url = server.url();
    let mut node = Node::start(&url, "a");
    let shop = node.open_shop(SELLER, 10);
    for (seed, end) in [(1, "pg_cancel_backend"), (2, "pg_terminate_backend")] {
        let told = while_waiting_is_ended(&url, end, || node.order(&shop, seed, ADULT));
        assert!(matches!(told, Err(SubmitError::Fault(Fault::Unknown(_)))), "{end}: {told:?}");
    }
    // Here nothing was lost after all, and memory follows.
    assert_eq!(node.order(&shop, 3, ADULT).unwrap().sale.id, SaleId(3));
    assert_eq!(node.findings(), Vec::<String>::new());
}

/// A registration that may yet be lost is none: its number could be given again.
#[test]
fn a_registration_that_no_longer_waits_is_refused() {
    let Some(server) = own_server() else { return };
    let url = server.url();
    drop(Node::start(&url, "a"));
    for end in ["pg_cancel_backend", "pg_terminate_backend"] {
        let settings = Settings { alive_within: Duration::ZERO, ..Settings::of(&url, "b") };
        let opened = while_waiting_is_ended(&url, end, || open(settings).err());
        assert!(matches!(opened, Some(OpenError::Database(_))), "{end}: {opened:?}");
    }
}

/// The primary is lost and the synchronous standby takes over: the node finds it, what was
/// answered is there, and the sale that was under way happens once.
#[test]
fn the_standby_takes_over() {
    if server().is_none() {
        return;
    }
    let options = postgres_fixture::Options { synchronous_standby: true, ..Default::default() };
    let primary = postgres_fixture::Server::start(options).unwrap();
    let standby = primary.standby().unwrap();
    let hosts = format!("127.0.0.1:{},127.0.0.1:{}", primary.port(), standby.port());
    let url = primary.url().replace(&format!("127.0.0.1:{}", primary.port()), &hosts);
    let mut node = Node::with(Settings {
        reconnect_within: Duration::from_secs(60),
        ..Settings::of(&url, "a")
    });
    let shop: Shop = node.open_shop(SELLER, 1_000);
    let sold = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(300));
            primary.kill();
            standby.promote().unwrap();
        });
        (0..200)
            .map(|seed| node.order_without_key(&shop, seed).unwrap().sale.id.0)
            .collect::<Vec<_>>()
    });
    let expected: Vec<u32> = (1..=200).collect();
    assert_eq!(sold, expected, "each answered, each once");
    assert_eq!(node.sales(), 200);
    assert_eq!(node.findings(), Vec::<String>::new());
    assert_eq!(console(&standby.url(), "SELECT count(*) FROM sale"), ["200"]);
}
