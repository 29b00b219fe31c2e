//! A node from its start to its death: the product's store, lanes, money loop and jobs, and what
//! the simulator adds to turn them.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use domain::ids::EventId;
use domain::offer::Offer;
use gateway::Gateway;
use server::jobs::work::Worker;
use server::jobs::{janitor, outbox};
use server::till::Till;
use store::lane::Lane;
use store::{Backend, Clock, Options, Store};
use tokio::sync::{Notify, watch};

use crate::dice::Dice;
use crate::engine::SimEngine;
use crate::gateway_model::{SimGateway, terms};
use crate::life::Life;
use crate::plan::Place;
use crate::world::{NodeClock, World, lock, sleep_ms};

/// The most sales a node has under way.
const SALES_MAX: u32 = 64;

/// Lane numbers of a node begin at a multiple of this.
const LANES_MAX: usize = 8;

/// How often a job looks while orders come in, in milliseconds.
const JOB_PAUSE_MS: u64 = 1_700;

/// How long after the start looks may still find something new at any time.
const RUSH_END_MS: u64 = 120_000;

/// The longest a job sleeps.
const JOB_PAUSE_MAX_MS: u64 = 3_600_000;

/// One life of a node with all it has in memory.
pub(crate) struct Node {
    pub(crate) life: Arc<Life>,
    pub(crate) store: Store,
    pub(crate) till: Till,
    pub(crate) clock: Arc<dyn Clock>,
    /// What it has read of the catalogue, by the seller's index.
    pub(crate) offers: Mutex<BTreeMap<(usize, EventId), Arc<Offer>>>,
    lanes: Mutex<Vec<Lane<SimEngine>>>,
    turner: Notify,
}

/// The living nodes, asked each time nothing can go on by itself whether a lane has work.
#[derive(Default)]
pub(crate) struct Turners(Mutex<Vec<Option<Arc<Node>>>>);

impl Turners {
    /// Wakes who turns the lanes that have work.
    pub(crate) fn wake(&self) {
        for node in lock(&self.0).iter().flatten() {
            if node.life.runs() && node.has_work() {
                node.turner.notify_one();
            }
        }
    }

    pub(crate) fn get(&self, node: usize) -> Option<Arc<Node>> {
        lock(&self.0).get(node).cloned().flatten()
    }

    pub(crate) fn take(&self, node: usize) -> Option<Arc<Node>> {
        lock(&self.0).get_mut(node).and_then(Option::take)
    }

    pub(crate) fn clear(&self) {
        lock(&self.0).clear();
    }

    fn put(&self, node: Arc<Node>) {
        let mut nodes = lock(&self.0);
        let index = node.life.node;
        let length = nodes.len().max(index + 1);
        nodes.resize(length, None);
        nodes[index] = Some(node);
    }
}

impl Node {
    /// Starts node `index` with an empty memory.
    pub(crate) fn start(world: &Arc<World>, index: usize) {
        let life = Arc::new(Life::new(world, index));
        let clock: Arc<dyn Clock> = Arc::new(NodeClock { world: Arc::clone(world), node: index });
        let plan = &world.plan.nodes[index];
        let options = Options {
            clock: Arc::clone(&clock),
            batch_max: plan.batch_max,
            cache_entries_max: plan.cache_entries_max,
            ..Options::default()
        };
        let backend = Backend {
            engines: (0..plan.lanes).map(|_| SimEngine::new(&life)).collect(),
            lane_first: u32::try_from((index + 1) * LANES_MAX).unwrap_or(u32::MAX),
            reader: Arc::new(world.database.clone()),
            cluster: None,
            readers_max: store::READERS_MAX,
        };
        let Ok((store, lanes)) = Store::driven(backend, options) else {
            let what = || format!("node {index}");
            return world.judge().blame("a node starts after a crash", what);
        };
        let till = Till::new(store.clone(), Arc::clone(&clock), gateways(&life), SALES_MAX);
        let (offers, turner) = (Mutex::default(), Notify::new());
        let lanes = Mutex::new(lanes);
        let node = Arc::new(Node { life, store, till, clock, offers, lanes, turner });
        world.turners.put(Arc::clone(&node));
        node.start_tasks();
    }

    fn start_tasks(self: &Arc<Node>) {
        let node = Arc::clone(self);
        tokio::spawn(async move { node.turn_lanes().await });
        let node = Arc::clone(self);
        tokio::spawn(async move { node.run_janitor().await });
        let node = Arc::clone(self);
        tokio::spawn(async move { node.run_outbox().await });
        if self.life.world.plan.season {
            let node = Arc::clone(self);
            tokio::spawn(async move { node.run_work().await });
        }
    }

    fn has_work(&self) -> bool {
        lock(&self.lanes).iter().any(|lane| lane.waiting() > 0)
    }

    /// Turns one of its lanes each time there is work, after a short while in which more comes.
    async fn turn_lanes(&self) {
        let world = &self.life.world;
        let mut dice = Dice::of(&[world.plan.seed, self.life.node as u64, world.elapsed_ms()]);
        loop {
            self.turner.notified().await;
            sleep_ms(dice.pick(&[0, 0, 1, 3, 12])).await;
            self.life.pass(Place::Batch).await;
            self.turn_one(&mut dice);
            self.life.pass(Place::Committed).await;
        }
    }

    fn turn_one(&self, dice: &mut Dice) {
        let mut lanes = lock(&self.lanes);
        let index = dice.index(lanes.len());
        lanes[index].step();
    }

    async fn run_janitor(&self) {
        loop {
            self.life.pass(Place::Janitor).await;
            let _ = janitor::round(&self.store, &self.till, &*self.clock).await;
            self.sleep().await;
        }
    }

    async fn run_outbox(&self) {
        loop {
            self.life.pass(Place::Outbox).await;
            let _ = outbox::round(&self.store).await;
            self.sleep().await;
        }
    }

    async fn run_work(&self) {
        let clock = Arc::clone(&self.clock);
        let worker = Worker::new(self.store.clone(), self.till.clone(), clock);
        let (_going_on, stop) = watch::channel(false);
        loop {
            self.life.pass(Place::Work).await;
            let _ = worker.round(&stop).await;
            self.sleep().await;
        }
    }

    /// Sleeps as a job does between two looks. Once no orders come in any more, looks that could
    /// find nothing are left out.
    async fn sleep(&self) {
        let world = &self.life.world;
        let (now_ms, next_ms) = (world.elapsed_ms(), world.judge().next_due_in_ms(world.now()));
        let longest_ms = if now_ms < RUSH_END_MS { 5_000 } else { JOB_PAUSE_MAX_MS };
        sleep_ms(next_ms.clamp(JOB_PAUSE_MS, longest_ms)).await;
    }
}

fn gateways(life: &Arc<Life>) -> HashMap<String, Arc<dyn Gateway>> {
    let gateway = |resumable| -> Arc<dyn Gateway> { Arc::new(SimGateway::new(life, resumable)) };
    [true, false].map(|resumable| (terms(resumable).name, gateway(resumable))).into()
}
