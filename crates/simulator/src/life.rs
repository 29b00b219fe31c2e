//! One life of one node: whether it lives, stands still, or meets a fault at its next step.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use crate::plan::{Effect, Place};
use crate::world::{World, lock};

/// From a node's start to its death.
pub(crate) struct Life {
    pub(crate) world: Arc<World>,
    pub(crate) node: usize,
    dead: AtomicBool,
    paused_until: Mutex<Option<Instant>>,
}

impl Life {
    pub(crate) fn new(world: &Arc<World>, node: usize) -> Life {
        let (world, paused_until) = (Arc::clone(world), Mutex::default());
        Life { world, node, dead: AtomicBool::new(false), paused_until }
    }

    pub(crate) fn die(&self) {
        self.dead.store(true, Relaxed);
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.dead.load(Relaxed)
    }

    /// Whether its tasks may make progress now.
    pub(crate) fn runs(&self) -> bool {
        !self.is_dead() && self.pause().is_none()
    }

    /// A step that a task of the node takes: here it may die or stand still. Who has died never
    /// comes back from it.
    pub(crate) async fn pass(&self, place: Place) {
        self.go_on().await;
        match self.world.strike(self.node, place) {
            Some(Effect::Crash { down_ms }) => self.world.crash(self.node, place, down_ms),
            Some(Effect::Pause { for_ms }) => self.stand_still(place, for_ms),
            _ => return,
        }
        self.go_on().await;
    }

    /// What breaks in a step of a lane. A crash has happened when this returns.
    pub(crate) fn strike_lane(&self, place: Place) -> Option<Effect> {
        let effect = self.world.strike(self.node, place)?;
        match effect {
            Effect::Crash { down_ms } | Effect::CrashCommitted { down_ms } => {
                self.world.crash(self.node, place, down_ms);
            }
            _ => self.world.tell(|| {
                format!("A lane of node {} and the database: {place:?}, {effect:?}.", self.node)
            }),
        }
        Some(effect)
    }

    async fn go_on(&self) {
        loop {
            if self.is_dead() {
                std::future::pending::<()>().await;
            }
            match self.pause() {
                Some(until) => tokio::time::sleep_until(until).await,
                None => return,
            }
        }
    }

    fn pause(&self) -> Option<Instant> {
        let mut paused_until = lock(&self.paused_until);
        if paused_until.is_some_and(|until| until <= Instant::now()) {
            *paused_until = None;
        }
        *paused_until
    }

    fn stand_still(&self, place: Place, for_ms: u64) {
        self.world.tell(|| format!("Node {} stands still for {for_ms} ms ({place:?}).", self.node));
        *lock(&self.paused_until) = Some(Instant::now() + Duration::from_millis(for_ms));
    }
}
