//! One run: a runtime of its own with a clock that waits for nobody.

use std::cell::RefCell;
use std::panic::{set_hook, take_hook};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Once};

use domain::facts::Command;
use domain::planted::{self, Bug};
use store::batch::Core;
use store::testing::{GROUND, Shop, TERRACE_ROWS, run_alone};
use tokio::runtime::Builder;

use crate::engine::SimEngine;
use crate::judge::Violation;
use crate::life::Life;
use crate::node::{Node, Turners};
use crate::plan::Plan;
use crate::world::{World, sleep_ms};
use crate::{deeds, people, season};

/// Longer than any run takes: a day of questions, the person's pause, a late repeat.
const RUN_MS_MAX: u64 = 12 * 24 * 3_600_000;

/// The first looks whether all is over come soon, later ones now and then.
const LOOK_MS_MAX: u64 = 600_000;

/// The lane that sets up the catalogue, with a node number that no fault names.
const SETUP_LANE: u32 = 1_000;
const SETUP_NODE: usize = 1_000;

/// What came of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What must not have been; `None` when all was well.
    pub violation: Option<Violation>,
    /// What happened, sentence by sentence, if that was wanted.
    pub story: Vec<String>,
}

thread_local! {
    /// The first assertion that failed in a run of this thread; `None` outside runs.
    static PANIC: RefCell<Option<Option<String>>> = const { RefCell::new(None) };
}

/// Plays a plan through, with one bug planted if wanted.
///
/// # Panics
/// When the system can make no runtime.
#[must_use]
pub fn run(plan: Plan, bug: Option<Bug>, story: bool) -> Outcome {
    note_panics();
    PANIC.set(Some(None));
    planted::choose(bug);
    let turners = Arc::<Turners>::default();
    let on_park = Arc::clone(&turners);
    let runtime = Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .on_thread_park(move || on_park.wake())
        .build()
        .expect("a runtime of one thread");
    let (world, violation) = runtime.block_on(async {
        let world = World::new(plan, turners, story);
        play(&world).await;
        let violation = world.judge().violation().cloned();
        (world, violation)
    });
    drop(runtime);
    world.bury();
    planted::choose(None);
    let assertion = PANIC.take().flatten();
    let rule = "no rule fails its own assertion";
    let assertion = assertion.map(|finding| Violation { rule, finding });
    Outcome { violation: violation.or(assertion), story: world.story() }
}

async fn play(world: &Arc<World>) {
    open_shops(world);
    for index in 0..world.plan.nodes.len() {
        Node::start(world, index);
    }
    for order in world.plan.orders() {
        world.spawn_busy(people::buy(Arc::clone(world), order.clone()));
    }
    for deed in world.plan.deeds() {
        world.spawn_busy(deeds::perform(Arc::clone(world), deed.clone()));
    }
    for change in world.plan.changes() {
        world.spawn_busy(people::change(Arc::clone(world), *change));
    }
    tokio::spawn(people::review(Arc::clone(world)));
    wait_for_end(world).await;
    let book = world.book();
    world.judge().sees_end(&world.database, &book, world.now());
}

/// Until all is over and still is ten minutes later: a node that stood still may have had more.
async fn wait_for_end(world: &Arc<World>) {
    let mut pause_ms = 5_000;
    let mut seen_over = false;
    loop {
        let over = is_over(world);
        if over && seen_over || world.judge().violation().is_some() {
            return;
        }
        if world.elapsed_ms() > RUN_MS_MAX {
            return world.judge().sees_no_end();
        }
        seen_over = over;
        pause_ms = LOOK_MS_MAX.min(pause_ms * 5 / 4);
        sleep_ms(if over { LOOK_MS_MAX } else { pause_ms }).await;
    }
}

fn is_over(world: &World) -> bool {
    let (judge, busy) = (world.judge(), world.busy.load(Relaxed));
    busy == 0 && judge.is_over()
}

/// Writes every seller's catalogue before the first node starts.
fn open_shops(world: &Arc<World>) {
    let life = Arc::new(Life::new(world, SETUP_NODE));
    let Ok(mut core) = Core::new(SimEngine::new(&life), SETUP_LANE, 1) else { return };
    let sellers = &world.plan.sellers;
    let all: Vec<_> = sellers.iter().map(|seller| seller.shard).collect();
    if world.plan.season {
        submit(world, &mut core, season::draw());
    }
    for seller in sellers {
        let mut shop = Shop::new(seller.shard);
        let mut open = |command: &dyn Fn(&Shop) -> domain::catalogue::ChangeCatalogue| {
            submit(world, &mut core, command(&shop));
            shop.revision += 1;
        };
        open(&Shop::publish);
        open(&|shop| shop.limit(GROUND, Some(seller.ground)));
        open(&|shop| shop.limit(TERRACE_ROWS, Some(seller.terrace)));
        if world.plan.season {
            open(&|shop| season::publish(shop, seller.places, &all));
        }
    }
}

fn submit<C: Command>(world: &World, core: &mut Core<SimEngine>, command: C) {
    if let Err(error) = run_alone(core, command, world.now()) {
        world.judge().blame("the catalogue can be set up", || error.to_string());
    }
}

/// Rules assert, and a lane goes on without the command; the judge wants to know.
fn note_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| {
            let noted = PANIC.with_borrow_mut(|noted| match noted {
                Some(first) => {
                    first.get_or_insert_with(|| panic.to_string());
                    true
                }
                None => false,
            });
            if !noted {
                before(panic);
            }
        }));
    });
}
