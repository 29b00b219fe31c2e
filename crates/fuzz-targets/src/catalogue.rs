//! The catalogue file of an operator.

use std::sync::OnceLock;

use server::catalogue::file::{self, CatalogueFile};
use server::catalogue::import::import;
use store::{Options, Store};
use tokio::runtime::{Builder, Runtime};

/// Files with more are read and not imported, which takes a store each.
const IMPORTED_MAX: usize = 16;

/// A file is read or refused with a sentence; what is imported once is imported again the same.
pub(crate) fn catalogue(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let Ok(file) = file::parse(text) else { return };
    let items = file.organiser.len() + file.venue.len() + file.ticket_type.len();
    if items + file.series.len() + file.event.len() <= IMPORTED_MAX {
        runtime().block_on(imported_twice(&file));
    }
}

async fn imported_twice(file: &CatalogueFile) {
    let store = Store::memory(Options::default());
    let Ok(first) = import(&store, file).await else { return };
    let second = import(&store, file).await.expect("what was imported can be imported again");
    assert_eq!(first.len(), second.len());
    let report = store.check().await.expect("a store in memory can be read");
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Builder::new_current_thread().enable_all().build().expect("a runtime"))
}
