//! Several nodes over one PostgreSQL: killed at random under load, each other's work taken over.

use std::net::SocketAddr;

use bench::program::Program;
use tempfile::TempDir;

use crate::dice::Dice;
use crate::evidence::Evidence;
use crate::load::{Load, settle};
use crate::programs::{GatewayPace, Place};
use crate::shop::Shop;
use crate::{judge, number_from};

const NODES: u64 = 2;
const ROUNDS: u64 = 3;
const SEED: u64 = 20_270_503;
const BUYERS: u64 = 8;
/// A round's load lasts a random part of this.
const ROUND_MS_MAX: u64 = 900;

/// A database server, the gateway and the nodes.
pub(crate) struct Cluster {
    folder: TempDir,
    pub(crate) place: Place,
    sandbox: Program,
    nodes: Vec<Option<Program>>,
    /// How many nodes were started; the name of a node just killed would be watched for 3 s.
    starts: u32,
    pub(crate) shop: Shop,
}

impl Cluster {
    /// Everything but the nodes.
    pub(crate) fn open(database: String) -> Cluster {
        let folder = tempfile::tempdir().unwrap();
        let place = Place { folder: folder.path().to_owned(), database: Some(database) };
        let shop = place.prepare();
        let sandbox = place.start_sandbox(GatewayPace::Usual);
        let nodes = (0..NODES).map(|_| None).collect();
        Cluster { folder, place, sandbox, nodes, starts: 0, shop }
    }

    /// Starts every node that does not run.
    pub(crate) fn start(&mut self) {
        let gateway = self.sandbox.address();
        for node in self.nodes.iter_mut().filter(|node| node.is_none()) {
            self.starts += 1;
            *node = Some(self.place.start_node(&format!("node-{}", self.starts), gateway));
        }
        let running: Vec<SocketAddr> = self.nodes.iter().flatten().map(Program::address).collect();
        self.shop.moves_to(running);
    }

    fn kill(&mut self, number: u64) {
        let number = usize::try_from(number).unwrap();
        self.nodes[number].take().unwrap().kill().unwrap();
    }

    /// Ends every node as an operator would.
    pub(crate) fn stop(&mut self) {
        for node in self.nodes.iter_mut().filter_map(Option::take) {
            node.stop().unwrap();
        }
    }

    /// Fails with everything kept if the judge finds anything.
    pub(crate) fn must_stand(self, evidence: &Evidence) {
        println!("{}", evidence.summary());
        let findings = judge::findings(evidence);
        if !findings.is_empty() {
            let kept = self.folder.keep();
            panic!("files in {}:\n{}", kept.display(), findings.join("\n"));
        }
    }
}

#[test]
fn no_kill_of_a_node_loses_or_doubles_money() {
    // Proves for nodes that share a database what the test over one folder proves: whichever is
    // killed, its buyers' money and places are accounted for, the work it left is taken over,
    // and nothing is sold twice by two nodes.
    let server = match postgres_fixture::shared() {
        Ok(server) => server,
        Err(why) => return println!("skipped: {why}"),
    };
    let rounds = number_from("GUICHET_CRASH_ROUNDS", ROUNDS);
    let mut dice = Dice::new(number_from("GUICHET_CRASH_SEED", SEED));
    let mut cluster = Cluster::open(server.create_database("nodes").unwrap());
    let load = Load::start(BUYERS, &mut dice, &cluster.shop);
    for _ in 0..rounds {
        cluster.start();
        std::thread::sleep(std::time::Duration::from_millis(dice.below(ROUND_MS_MAX)));
        cluster.kill(dice.below(NODES));
    }
    cluster.start();
    let journal = load.stop();
    let evidence = settle(&cluster.place).with_journal(journal);
    cluster.stop();
    cluster.must_stand(&evidence);
}
