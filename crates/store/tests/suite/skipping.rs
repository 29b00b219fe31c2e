//! Numbers that may have been given out after the moment to which a database was brought back.

use std::path::Path;

use domain::facts::Key;
use domain::ids::{NumberKind, SaleId};
use domain::record::Aggregate as _;
use domain::seller::Seller;
use store::batch::Core;
use store::engine::Engine;
use store::memory::MemoryDatabase;
use store::snapshot::Reader;
use store::sqlite::Settings;
use store::testing::{ADULT, GROUND, NOON, Shop, answer, approved, check, run_alone};
use store::{AloneError, Backend, NextNumbers, SkipError, postgres, skip_numbers};

use crate::common::{SELLER, postgres_settings};

/// At least 5 000 numbers are five blocks.
const SKIPPED: u32 = 5 * 1_024;

/// Opens the shop, orders, pays and leaves; answers the sale's number.
fn sell<E: Engine>(backend: Backend<E>, seed: u64) -> SaleId {
    let Backend { engines, lane_first, reader, cluster, .. } = backend;
    let engine = engines.into_iter().next().unwrap();
    let mut core = Core::new(engine, lane_first, 1_000).unwrap();
    let mut shop = Shop::new(SELLER);
    shop.revision = revision(&*reader);
    shop.revision = run_alone(&mut core, shop.publish(), NOON).unwrap();
    shop.revision = run_alone(&mut core, shop.limit(GROUND, None), NOON).unwrap();
    let sale = run_alone(&mut core, shop.order(seed, ADULT, 1), NOON).unwrap().sale.id;
    run_alone(&mut core, answer(SELLER, sale, approved()), NOON).unwrap();
    assert_eq!(check(&*reader).unwrap().findings, Vec::<String>::new());
    cluster.into_iter().for_each(|cluster| cluster.leave().unwrap());
    sale
}

fn revision(reader: &dyn Reader) -> u64 {
    let mut seller = None;
    reader.read(&mut |view| seller = view.record(&Key::seller(SELLER)).unwrap()).unwrap();
    seller.as_ref().and_then(Seller::from_record).map_or(0, |seller| seller.catalogue_revision)
}

fn skip<E: Engine>(mut backend: Backend<E>, numbers: u32) -> Result<NextNumbers, SkipError> {
    let skipped = skip_numbers(&mut backend, numbers, NOON);
    backend.cluster.iter().for_each(|cluster| cluster.leave().unwrap());
    skipped
}

fn skips<E: Engine>(open: impl Fn() -> Backend<E>) {
    let next = skip(open(), 5_000).unwrap();
    let expected = NumberKind::ALL.into_iter().map(|kind| (kind, SKIPPED)).collect::<Vec<_>>();
    assert_eq!(next, expected, "where nothing is known, all may have been given out");
    assert_eq!(sell(open(), 1), SaleId(SKIPPED));
    let next = skip(open(), 5_000).unwrap();
    assert!(next.contains(&(NumberKind::Sale, 2 * SKIPPED + 1_024)), "{next:?}");
    assert_eq!(sell(open(), 2), SaleId(2 * SKIPPED + 1_024));
    let all = skip(open(), u32::MAX);
    assert!(matches!(all, Err(SkipError::TooMany { .. })), "{all:?}");
}

/// On each engine, what was claimed or may have been is not given out again, what is sold
/// afterwards holds together, and some numbers are always left.
#[test]
fn numbers_go_on_far_above() {
    let database = MemoryDatabase::default();
    skips(|| Backend::single(database.connect(), std::sync::Arc::new(database.clone())));
    let folder = tempfile::tempdir().unwrap();
    skips(|| file(folder.path()));
    if let Some(settings) = postgres_settings() {
        skips(|| postgres::open(settings.clone()).unwrap());
    }
}

fn file(folder: &Path) -> Backend<impl Engine + use<>> {
    let (engine, reader) = store::sqlite::open(Settings::of(&folder.join("guichet.db"))).unwrap();
    Backend::single(engine, reader)
}

/// Where another node may sell with the numbers to be skipped, none are.
#[test]
fn nothing_is_skipped_while_others_sell() {
    let Some(settings) = postgres_settings() else { return };
    let seller = postgres::open(settings.clone()).unwrap();
    let other = postgres::Settings { node_name: "other".to_owned(), ..settings };
    let mut other = postgres::open(other).unwrap();
    let told = skip_numbers(&mut other, 5_000, NOON);
    let living = AloneError::Others(vec!["a".to_owned()]);
    assert_eq!(told, Err(SkipError::NotAlone(living)));
    assert_eq!(sell(seller, 1), SaleId(1));
    skip_numbers(&mut other, 5_000, NOON).unwrap();
}
