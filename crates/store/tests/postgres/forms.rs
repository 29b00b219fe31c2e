//! Old and new programs side by side: a new form of bodies is written when all can read it.

use std::time::Duration;

use store::postgres::{Settings, open};
use store::testing::ADULT;
use store::{BODY_VERSION, Codec, OpenError};

use crate::support::{Node, SELLER, console, database, until};

const ALIVE_WITHIN: Duration = Duration::from_millis(1_500);

fn settings(url: &str, name: &str, codec: Codec) -> Settings {
    Settings { codec, alive_within: ALIVE_WITHIN, ..Settings::of(url, name) }
}

/// While the old one lives everybody writes what it can read, and both read each other's rows.
/// When it has left, or has died and its time is over, the new one goes on to the new form; an
/// old one is then refused.
#[test]
fn the_new_form_comes_when_the_last_old_program_has_gone() {
    for dies in [false, true] {
        let Some(url) = database() else { return };
        let newest = "SELECT max(version) FROM sale";
        let mut old = Node::with(settings(&url, "old", Codec::default()));
        let shop = old.open_shop(SELLER, 100);
        let mut new = Node::with(settings(&url, "new", Codec::of_the_future()));
        for seed in 0..6 {
            assert_eq!(old.cluster.beat().unwrap().body_version, BODY_VERSION);
            assert_eq!(new.cluster.beat().unwrap().body_version, BODY_VERSION);
            let node = if seed % 2 == 0 { &mut new } else { &mut old };
            node.buy(&shop, seed).unwrap();
        }
        assert_eq!(console(&url, newest), [BODY_VERSION.to_string()]);
        assert_eq!((old.findings(), new.findings()), (Vec::new(), Vec::new()));
        if !dies {
            old.cluster.leave().unwrap();
            assert_eq!(new.cluster.beat().unwrap().body_version, BODY_VERSION + 1);
        }
        until("the new form is in force", || {
            new.cluster.beat().unwrap().body_version == BODY_VERSION + 1
        });
        new.order(&shop, 10, ADULT).unwrap();
        assert_eq!(console(&url, newest), [(BODY_VERSION + 1).to_string()]);
        assert_eq!(new.findings(), Vec::<String>::new());
        refuses_the_old(&url, &old);
    }
}

/// Neither a node that starts nor one that was silent too long goes on with an old program.
fn refuses_the_old(url: &str, silent: &Node) {
    let late = open(settings(url, "late", Codec::default())).err();
    let Some(OpenError::NewerBodies { found, known }) = late else { panic!("{late:?}") };
    assert_eq!((found, known), (BODY_VERSION + 1, BODY_VERSION));
    let silent = silent.cluster.beat().unwrap_err().to_string();
    let wanted = format!("went on to rows of form {}", BODY_VERSION + 1);
    assert!(silent.contains(&wanted), "{silent}");
}

/// A cluster of new programs writes the new form from its first heartbeat on.
#[test]
fn new_programs_alone_agree_at_once() {
    let Some(url) = database() else { return };
    let node = Node::with(settings(&url, "a", Codec::of_the_future()));
    assert_eq!(node.cluster.beat().unwrap().body_version, BODY_VERSION + 1);
    drop(node);
    until("the name is free", || open(settings(&url, "a", Codec::of_the_future())).is_ok());
}
