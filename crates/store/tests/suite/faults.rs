//! What a full or broken disk does.

use std::sync::Arc;

use store::batch::Core;
use store::engine::Engine as _;
use store::sqlite::Settings;
use store::testing::{ADULT, GROUND, NOON, Shop, check, run_alone};
use store::{Fault, SubmitError};
use store_vfs::{Faults, FileKind, Layer, Plan, Trouble};

use crate::common::SELLER;

/// Orders before, during and after the trouble; answers how the second one went.
fn order_through(plan: Plan) -> Result<u32, SubmitError> {
    let faults = Arc::<Faults>::default();
    let layer = Layer { faults: Arc::clone(&faults), ..Layer::default() };
    let layer = store_vfs::register(layer).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings::of(&folder.path().join("guichet.db"));
    let (engine, reader) = store::sqlite::open(settings.through(layer)).unwrap();
    let mut core = Core::new(engine, 1, 100).unwrap();
    let mut shop = Shop::new(SELLER);
    shop.revision = run_alone(&mut core, shop.publish(), NOON).unwrap();
    shop.revision = run_alone(&mut core, shop.limit(GROUND, Some(9)), NOON).unwrap();
    let mut order = |seed| {
        let placed = run_alone(&mut core, shop.order(seed, ADULT, 1), NOON);
        placed.map(|placed| placed.sale.id.0)
    };
    assert_eq!(order(1), Ok(1));
    faults.plan(plan);
    let told = order(2);
    faults.clear();
    let next = if told.is_ok() { 3 } else { 2 };
    assert_eq!(order(3), Ok(next), "all is well again, and nothing is left of what failed");
    let report = check(&*reader).unwrap();
    assert_eq!((report.findings, report.sales), (Vec::new(), next.into()));
    core.engine().close().unwrap();
    told
}

/// A disk that stays full is a fault, and nothing is stored; one that fails once is tried
/// again, and the order happens once.
#[test]
fn trouble_with_the_log_is_survived() {
    for at_sync in [false, true] {
        for trouble in [Trouble::DiskFull, Trouble::Broken] {
            let plan = Plan { file: FileKind::Log, at_sync, after: 0, times: 1, trouble };
            let told = order_through(plan);
            assert_eq!(told, Ok(2), "once: {plan:?}");
            let told = order_through(Plan { times: u32::MAX, ..plan });
            let fault =
                matches!(told, Err(SubmitError::Fault(Fault::Database(_) | Fault::Unknown(_))));
            assert!(fault, "always: {plan:?}: {told:?}");
        }
    }
}
