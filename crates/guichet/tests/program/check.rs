//! The check beside a server that sells.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::program::guichet;
use crate::till::{Buyer, demo};

/// Checks a few times; answers how many sales each check has seen.
fn sales_seen(data: &Path) -> Vec<u32> {
    let check = || {
        let output = guichet(&["check"], data);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(said.ends_with("all is well\n"), "{said}{output:?}");
        said.split(' ').next().unwrap().parse().unwrap()
    };
    (0..5).map(|_| check()).collect()
}

fn buy_until(stop: &AtomicBool, buyer: &Buyer, address: std::net::SocketAddr, name: &str) {
    let mut bought = 0;
    while !stop.load(Ordering::Relaxed) {
        bought += 1;
        buyer.buy(address, &format!("{name} buys for the {bought}. time"));
    }
}

/// Proves that a check beside a server that sells sees one moment, so that nothing half done looks
/// wrong; that it sees what was sold a moment ago; and that the server does not mind.
#[test]
fn a_running_till_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (program, buyer) = demo("demo", folder.path(), &data);
    buyer.buy(program.address, "before");
    let (address, stop) = (program.address, AtomicBool::new(false));
    let seen = thread::scope(|scope| {
        for name in ["Anna", "Jón"] {
            let (stop, buyer) = (&stop, &buyer);
            scope.spawn(move || buy_until(stop, buyer, address, name));
        }
        let seen = thread::Builder::new().spawn_scoped(scope, || sales_seen(&data)).unwrap().join();
        stop.store(true, Ordering::Relaxed);
        seen.unwrap()
    });
    assert!(seen[0] >= 1 && seen.is_sorted() && seen[4] > seen[0], "{seen:?}");
    buyer.buy(program.address, "after");
    program.terminate();
    assert!(program.wait().success());
}

/// Proves that what is wrong in a running till's database is found, and told by the exit code.
#[test]
fn a_fault_is_found_beside_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (program, buyer) = demo("demo", folder.path(), &data);
    buyer.buy(program.address, "one");
    let connection = rusqlite::Connection::open(data.join("guichet.db")).unwrap();
    connection.execute_batch("UPDATE balance SET amount = amount + 1").unwrap();
    let output = guichet(&["check"], &data);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("wrong: ") && said.contains("balance"), "{said}");
    assert_eq!(output.status.code(), Some(1));
    drop(connection);
    program.kill();
}
