//! Exports and imports meet no node that sells.

use std::sync::{Arc, Mutex};

use store::cluster::{Beat, Cluster, Node};
use store::memory::MemoryDatabase;
use store::transfer::{Imported, TransferError};
use store::{Fault, Options, Store};

use super::{Empty, busy_shop, exported, exported_by, imported, opens, over};
use crate::common::{Bed, postgres_settings};

/// A register that is asked again and again; before each answer, somebody does something.
struct Register<F>(Mutex<u32>, F);

impl<F: Fn(u32) -> Vec<u32> + Send + Sync> Cluster for Register<F> {
    fn node(&self) -> u32 {
        1
    }

    fn beat(&self) -> Result<Beat, Fault> {
        let mut count = self.0.lock().unwrap();
        *count += 1;
        let node = |number| Node {
            number,
            name: format!("node {number}"),
            program_version: String::new(),
            body_version: 1,
            heard_before_us: 0,
        };
        let nodes = (self.1)(*count).into_iter().map(node).collect();
        Ok(Beat { clock_ahead_us: 0, leads: true, body_version: 1, nodes })
    }

    fn leave(&self) -> Result<(), Fault> {
        Ok(())
    }
}

/// Imports into `database` beside what `beat` does and tells, given how often it was asked.
fn imported_beside(
    database: &MemoryDatabase,
    stream: &[u8],
    beat: impl Fn(u32) -> Vec<u32> + Send + Sync + 'static,
) -> Result<Imported, TransferError> {
    let mut target = over(database);
    target.backend.cluster = Some(Arc::new(Register(Mutex::default(), beat)));
    imported(&mut target, stream)
}

/// A node that runs on the empty database could sell what has arrived of an import: it is asked
/// for when the mark is there, which whoever starts later sees. Then nothing is imported, and the
/// database is as open as before.
#[test]
fn no_node_sells_what_has_arrived_so_far() {
    let mut bed = Bed::memory();
    busy_shop(&mut bed);
    let (stream, _) = exported(&*bed.reader);
    let database = MemoryDatabase::default();
    let beside = database.clone();
    let told = imported_beside(&database, &stream, move |asked| {
        assert_eq!(opens(&beside).is_err(), asked > 1, "marked from the second question on");
        if asked == 1 { vec![1] } else { vec![1, 2] }
    });
    assert!(matches!(&told, Err(TransferError::NotAlone(_))), "{told:?}");
    assert!(told.unwrap_err().to_string().contains("(node 2)"));
    opens(&database).unwrap();
    imported_beside(&database, &stream, |_| vec![1]).unwrap();
}

/// What a node has stored before it went, unseen between two looks, is not mixed with an import.
#[test]
fn what_was_stored_meanwhile_is_kept_apart() {
    let mut bed = Bed::memory();
    busy_shop(&mut bed);
    let (stream, _) = exported(&*bed.reader);
    let database = MemoryDatabase::default();
    let beside = database.clone();
    let told = imported_beside(&database, &stream, move |asked| {
        if asked == 2 {
            drop(Bed::over(&beside));
        }
        vec![1]
    });
    assert!(matches!(told, Err(TransferError::NotEmpty)), "{told:?}");
    opens(&database).unwrap();
}

/// What a node sells behind an export's back would be missing where it arrives: one that lives
/// before is refused, and one that has come meanwhile leaves a stream without an end.
#[test]
fn nothing_is_exported_while_others_sell() {
    let mut bed = Bed::memory();
    busy_shop(&mut bed);
    for started in [1, 2] {
        let beat = move |asked| if asked < started { vec![1] } else { vec![1, 2] };
        let register = Register(Mutex::default(), beat);
        let told = exported_by(&*bed.reader, Some(&register));
        assert!(matches!(told, Err(TransferError::NotAlone(_))), "{started}: {told:?}");
    }
    exported_by(&*bed.reader, Some(&Register(Mutex::default(), |_| vec![1]))).unwrap();
}

/// The same on PostgreSQL with its own register: a node keeps both away until it leaves, and an
/// empty database in which it looked whether it can write is empty.
#[tokio::test(flavor = "multi_thread")]
async fn a_living_node_keeps_both_away() {
    let mut bed = Bed::memory();
    busy_shop(&mut bed);
    let (stream, _) = exported(&*bed.reader);
    let Some(settings) = postgres_settings() else { return };
    let seller = store::postgres::Settings { node_name: "seller".to_owned(), ..settings.clone() };
    let seller = Store::postgres(seller, Options::default()).unwrap();
    seller.probe().await.unwrap();
    let moved = tokio::task::spawn_blocking(move || {
        let backend = store::postgres::open(settings).unwrap();
        let mut target = Empty { backend, _folder: None };
        let cluster = target.backend.cluster.clone();
        let told = imported(&mut target, &stream).unwrap_err();
        assert!(told.to_string().contains("(seller)"), "{told}");
        let told = exported_by(&*target.backend.reader, cluster.as_deref()).unwrap_err();
        assert!(told.to_string().contains("(seller)"), "{told}");
        (target, stream)
    });
    let (mut target, stream) = moved.await.unwrap();
    seller.close().await.unwrap();
    let moved = tokio::task::spawn_blocking(move || imported(&mut target, &stream).map(drop));
    moved.await.unwrap().unwrap();
}
