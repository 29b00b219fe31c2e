//! A layer passes everything on, tells what it did, and fails when told to.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};
use store_vfs::{Event, Faults, FileKind, Layer, Operation, Plan, Trouble, Witness, register};

#[derive(Default)]
struct Events(Mutex<Vec<Event>>);

impl Witness for Events {
    fn saw(&self, event: Event) {
        self.0.lock().unwrap().push(event);
    }
}

impl Events {
    fn take(&self) -> Vec<Event> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

fn open(folder: &tempfile::TempDir, layer: &str) -> Connection {
    let path = folder.path().join("test.db");
    let connection =
        Connection::open_with_flags_and_vfs(path, OpenFlags::default(), layer).unwrap();
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL").unwrap();
    connection.execute_batch("CREATE TABLE IF NOT EXISTS number (value INTEGER)").unwrap();
    connection
}

fn insert(connection: &Connection, value: i64) -> Option<ErrorCode> {
    let done = connection.execute("INSERT INTO number VALUES (?1)", [value]);
    done.err().map(|error| error.sqlite_error_code().unwrap())
}

fn sum(connection: &Connection) -> i64 {
    connection
        .query_row("SELECT coalesce(sum(value), 0) FROM number", [], |row| row.get(0))
        .unwrap()
}

/// A commit is some writes to the log and then a sync of it; folding the log in writes and
/// syncs the file. Another connection without the layer reads the same.
#[test]
fn what_reaches_the_disk_is_told_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let events = Arc::<Events>::default();
    let witness = Some(Arc::clone(&events) as Arc<dyn Witness>);
    let layer = register(Layer { witness, ..Layer::default() }).unwrap();
    let connection = open(&folder, &layer);
    events.take();
    assert_eq!(insert(&connection, 5), None);
    let seen = events.take();
    assert!(seen.len() >= 3 && seen.iter().all(|event| event.file == FileKind::Log), "{seen:?}");
    let (last, writes) = seen.split_last().unwrap();
    assert!(matches!(last.operation, Operation::Sync { .. }), "{last:?}");
    let is_write =
        |event: &Event| matches!(event.operation, Operation::Write { length, .. } if length > 0);
    assert!(writes.iter().all(is_write), "{writes:?}");
    let fold = "PRAGMA wal_checkpoint(TRUNCATE)";
    connection.query_row(fold, [], |_| Ok(())).unwrap();
    let seen = events.take();
    let main = |event: &&Event| event.file == FileKind::Main;
    assert!(seen.iter().filter(main).any(is_write), "{seen:?}");
    assert!(
        seen.iter().filter(main).any(|event| matches!(event.operation, Operation::Sync { .. }))
    );
    assert!(
        seen.contains(&Event { file: FileKind::Log, operation: Operation::Truncate { size: 0 } })
    );
    assert_eq!(sum(&Connection::open(folder.path().join("test.db")).unwrap()), 5);
}

/// What is planned happens as often as planned, nothing of a failed commit is left, and then
/// all is well.
#[test]
fn trouble_comes_and_goes() {
    for (trouble, at_sync, expected) in [
        (Trouble::DiskFull, false, ErrorCode::DiskFull),
        (Trouble::Broken, false, ErrorCode::SystemIoFailure),
        (Trouble::Broken, true, ErrorCode::SystemIoFailure),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let faults = Arc::<Faults>::default();
        let layer = Layer { faults: Arc::clone(&faults), ..Layer::default() };
        let connection = open(&folder, &register(layer).unwrap());
        let plan = Plan { file: FileKind::Log, at_sync, after: 0, times: 2, trouble };
        faults.plan(plan);
        let told: Vec<_> = (0..3).map(|_| insert(&connection, 1)).collect();
        assert_eq!(told, [Some(expected), Some(expected), None], "{plan:?}");
        faults.plan(Plan { after: 1_000_000, ..plan });
        faults.clear();
        assert_eq!(insert(&connection, 1), None);
        assert_eq!(sum(&connection), 2);
    }
}

/// A slow disk is slow.
#[test]
fn each_sync_takes_longer() {
    let folder = tempfile::tempdir().unwrap();
    let delay = Duration::from_millis(30);
    let connection = open(&folder, &store_vfs::register_delay(delay).unwrap());
    #[expect(clippy::disallowed_methods, reason = "a test of time measures it")]
    let start = std::time::Instant::now();
    assert_eq!(insert(&connection, 1), None);
    assert!(start.elapsed() >= delay);
}
