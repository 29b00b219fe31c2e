//! High availability: the primary database server dies under load, its standby takes over.

use std::thread;
use std::time::Duration;

use postgres_fixture::{Options, Server};

use crate::dice::Dice;
use crate::load::{Load, settle};
use crate::nodes::Cluster;
use crate::number_from;

const SEED: u64 = 20_270_504;
const BUYERS: u64 = 8;
/// How long orders are taken before and after the death.
const LOAD: Duration = Duration::from_secs(3);

#[test]
fn no_answered_order_is_lost_with_the_primary() {
    // Proves that with a synchronous standby and a connection string that names both servers,
    // two nodes find the new primary by themselves and every answered order is there.
    if let Err(why) = postgres_fixture::shared() {
        return println!("skipped: {why}");
    }
    let primary = Server::start(Options { synchronous_standby: true, ..Options::default() });
    let primary = primary.unwrap();
    let standby = primary.standby().unwrap();
    let hosts = format!("127.0.0.1:{},127.0.0.1:{}", primary.port(), standby.port());
    let url = format!("postgres://guichet@{hosts}/guichet?target_session_attrs=read-write");
    let mut dice = Dice::new(number_from("GUICHET_CRASH_SEED", SEED));
    let mut cluster = Cluster::open(url);
    cluster.start();
    let load = Load::start(BUYERS, &mut dice, &cluster.shop);
    thread::sleep(LOAD);
    primary.kill();
    standby.promote().unwrap();
    let sold_before = load.answered();
    thread::sleep(LOAD);
    load.until_more_than(sold_before);
    let journal = load.stop();
    let evidence = settle(&cluster.place).with_journal(journal);
    cluster.stop();
    cluster.must_stand(&evidence);
}
