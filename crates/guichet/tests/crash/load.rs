//! Buyers who order without pause, and the time it takes until all they did is settled.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::buyers::{Buyers, Journal};
use crate::dice::Dice;
use crate::evidence::Evidence;
use crate::programs::Place;
use crate::shop::Shop;

/// The janitor asks about a silent gateway after 5 s and again after 15 s.
const SETTLE_LOOKS_MAX: u32 = 40;
const SETTLE_PAUSE: Duration = Duration::from_secs(2);

/// Longer than any node looks for its database.
const RECOVERY_LOOKS_MAX: u32 = 60;
const RECOVERY_PAUSE: Duration = Duration::from_millis(500);

/// Buyers on threads of their own.
pub(crate) struct Load {
    threads: Vec<JoinHandle<Journal>>,
    stop: Arc<AtomicBool>,
    answered: Arc<AtomicUsize>,
}

impl Load {
    pub(crate) fn start(buyers: u64, dice: &mut Dice, shop: &Shop) -> Load {
        let (stop, answered) = (Arc::<AtomicBool>::default(), Arc::<AtomicUsize>::default());
        let threads = (0..buyers).map(|number| {
            let buyers = Buyers::new(number, dice.split(), shop.clone(), Arc::clone(&stop));
            let buyers = buyers.counting(Arc::clone(&answered));
            thread::spawn(|| buyers.order_until_stopped())
        });
        Load { threads: threads.collect(), stop, answered }
    }

    /// How many orders were answered with a ticket so far.
    pub(crate) fn answered(&self) -> usize {
        self.answered.load(Ordering::Relaxed)
    }

    /// Waits until tickets are sold again.
    pub(crate) fn until_more_than(&self, before: usize) {
        for _ in 0..RECOVERY_LOOKS_MAX {
            if self.answered() > before {
                return;
            }
            thread::sleep(RECOVERY_PAUSE);
        }
        panic!("no ticket was sold any more; there were {before}");
    }

    /// Ends the load; answers what was wanted and heard.
    pub(crate) fn stop(self) -> Journal {
        self.stop.store(true, Ordering::Relaxed);
        self.threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    }
}

/// Gives the janitors time until every sale whose outcome can be known has one; for a database
/// that can be looked at while nodes are at work on it.
pub(crate) fn settle(place: &Place) -> Evidence {
    for _ in 0..SETTLE_LOOKS_MAX {
        thread::sleep(SETTLE_PAUSE);
        let evidence = place.evidence();
        if evidence.is_settled() {
            return evidence;
        }
    }
    place.evidence()
}
