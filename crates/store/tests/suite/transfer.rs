//! Moving everything from one database to another, whatever the engines.

mod alone;
mod kinds;

use std::sync::Arc;

use domain::attempt::{CallResult, DeclineReason};
use domain::ids::SaleId;
use store::batch::Core;
use store::cluster::Cluster;
use store::engine::Engine;
use store::memory::{MemoryDatabase, MemoryEngine};
use store::postgres::PostgresEngine;
use store::snapshot::Reader;
use store::sqlite::{Settings, SqliteEngine};
use store::testing::{
    ADULT, CHILD, ManualClock, NOON, Shop, TERRACE, answer, approved, check, dump, run_alone,
};
use store::transfer::{Imported, Totals, TransferError, export, import};
use store::{Attachment, Backend, OpenError, Options, Store};
use tempfile::TempDir;

use crate::common::{Bed, SELLER, postgres_settings, rule};

/// An empty database of some engine.
struct Empty<E> {
    backend: Backend<E>,
    _folder: Option<TempDir>,
}

fn in_memory() -> Empty<MemoryEngine> {
    over(&MemoryDatabase::default())
}

fn over(database: &MemoryDatabase) -> Empty<MemoryEngine> {
    Empty { backend: backend_of(database), _folder: None }
}

fn backend_of(database: &MemoryDatabase) -> Backend<MemoryEngine> {
    Backend::single(database.connect(), Arc::new(database.clone()))
}

fn in_a_file() -> Empty<SqliteEngine> {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings::of(&folder.path().join("guichet.db"));
    let (engine, reader) = store::sqlite::open(settings).unwrap();
    Empty { backend: Backend::single(engine, reader), _folder: Some(folder) }
}

/// `None` where there is no PostgreSQL.
fn in_postgres() -> Option<Empty<PostgresEngine>> {
    let backend = store::postgres::open(postgres_settings()?).unwrap();
    Some(Empty { backend, _folder: None })
}

fn key() -> Attachment {
    Attachment::new("scan-code.key".to_owned(), vec![7; 32]).unwrap()
}

/// A shop with sales in every state that a machine leaves behind, and effects owed.
fn busy_shop<E: Engine>(bed: &mut Bed<E>) {
    for (seed, ticket_type) in [(1, ADULT), (2, TERRACE), (3, CHILD)] {
        bed.buy(seed, ticket_type);
    }
    let open = bed.order(4, ADULT).unwrap().sale.id;
    let declined = bed.order(5, ADULT).unwrap().sale.id;
    let no = CallResult::Declined(DeclineReason::Soft);
    bed.run(answer(SELLER, declined, no)).unwrap();
    let effect = move || domain::effect::Effect::SaleNeedsReview {
        sale: open,
        reason: "It is \"unknown\".\n".to_owned(),
    };
    bed.run(rule(move |facts| facts.owe(SELLER, effect()))).unwrap();
    bed.run(crate::callers::create("Anna")).unwrap();
}

fn exported(reader: &dyn Reader) -> (Vec<u8>, Totals) {
    exported_by(reader, None).unwrap()
}

fn exported_by(
    reader: &dyn Reader,
    cluster: Option<&dyn Cluster>,
) -> Result<(Vec<u8>, Totals), TransferError> {
    let mut stream = Vec::new();
    let totals = export((reader, cluster), NOON, &[key()], &mut stream, &mut |_| {})?;
    Ok((stream, totals))
}

fn imported<E: Engine>(into: &mut Empty<E>, mut stream: &[u8]) -> Result<Imported, TransferError> {
    let length = Some(stream.len() as u64);
    let unpack = |files: &[Attachment]| {
        assert_eq!(files, [key()]);
        Ok(())
    };
    let source: (&mut dyn std::io::BufRead, _) = (&mut stream, length);
    import(&mut into.backend, source, unpack, &mut |_| {})
}

/// From each engine to each: both sides agree, everything arrives, and the stream of the new
/// database is the old one's, letter by letter.
#[test]
fn everything_arrives() {
    let (mut memory, mut file) = (Bed::memory(), Bed::sqlite());
    busy_shop(&mut memory);
    busy_shop(&mut file);
    let mut postgres = Bed::postgres();
    postgres.iter_mut().for_each(busy_shop);
    let sources = [Some(memory.reader), Some(file.reader), postgres.map(|bed| bed.reader)];
    for source in sources.iter().flatten() {
        arrives(&**source, in_memory());
        arrives(&**source, in_a_file());
        in_postgres().into_iter().for_each(|target| arrives(&**source, target));
    }
}

fn arrives<E: Engine>(source: &dyn Reader, mut target: Empty<E>) {
    let (stream, totals) = exported(source);
    let told = imported(&mut target, &stream).unwrap();
    assert_eq!((&told.sent, &told.arrived), (&totals, &totals));
    assert_eq!((told.check.sales, told.check.postings, told.check.outbox), (5, 2, 1));
    assert_eq!(totals.rows["idempotency"], 5);
    let (old, mut new) = (dump(source).unwrap(), dump(&*target.backend.reader).unwrap());
    new.shards.retain(|shard| old.shards.contains(shard));
    assert_eq!(old, new);
    assert_eq!(exported(&*target.backend.reader).0, stream);
}

/// A moved installation goes on: a repeat gets its sale, numbers go on where they were, an open
/// payment is settled.
#[test]
fn a_moved_installation_sells_on() {
    let mut bed = Bed::memory();
    busy_shop(&mut bed);
    let before = bed.order(6, ADULT).unwrap().sale.id;
    let (stream, _) = exported(&*bed.reader);
    sells_on(&bed.shop, before, &stream, in_memory());
    sells_on(&bed.shop, before, &stream, in_a_file());
    in_postgres().into_iter().for_each(|target| sells_on(&bed.shop, before, &stream, target));
}

fn sells_on<E: Engine>(shop: &Shop, before: SaleId, stream: &[u8], mut target: Empty<E>) {
    imported(&mut target, stream).unwrap();
    let engine = target.backend.engines.remove(0);
    let mut core = Core::new(engine, target.backend.lane_first + 1, 100).unwrap();
    let mut order = |seed| run_alone(&mut core, shop.order(seed, ADULT, 1), NOON).unwrap();
    assert_eq!(order(6).sale.id, before, "a repeat");
    assert_eq!(order(7).sale.id.0, before.0 + 1, "the next number");
    run_alone(&mut core, answer(SELLER, before, approved()), NOON).unwrap();
    let report = check(&*target.backend.reader).unwrap();
    assert_eq!((report.findings, report.sales), (Vec::new(), 7));
}

fn opens(database: &MemoryDatabase) -> Result<(), OpenError> {
    let options = Options { clock: ManualClock::new(NOON), ..Options::default() };
    Store::start(backend_of(database), options).map(drop)
}

/// A stream that was cut off or changed anywhere is noticed, and what has arrived of it does
/// not sell.
#[test]
fn half_a_stream_does_not_sell() {
    let mut bed = Bed::memory();
    busy_shop(&mut bed);
    let (stream, _) = exported(&*bed.reader);
    let text = String::from_utf8(stream.clone()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let without = |index: usize| {
        let rest = lines.iter().enumerate().filter(|(line, _)| *line != index);
        rest.map(|(_, line)| format!("{line}\n")).collect::<String>().into_bytes()
    };
    let mut streams = vec![
        stream[..stream.len() - 1].to_vec(),
        stream[..stream.len() / 2].to_vec(),
        without(lines.len() - 1),
        text.replace("adult", "abult").into_bytes(),
        text.replace("\"amount\":5000", "\"amount\":5001").into_bytes(),
        [stream.as_slice(), b"{}\n"].concat(),
    ];
    streams.extend((1..lines.len() - 1).map(without));
    for stream in streams {
        let database = MemoryDatabase::default();
        let mut target = over(&database);
        let told = imported(&mut target, &stream).unwrap_err();
        assert!(matches!(told, TransferError::Broken { .. }), "{told}");
        let again = imported(&mut target, &exported(&*bed.reader).0).unwrap_err();
        assert!(matches!(again, TransferError::Unfinished), "{again}");
        assert!(matches!(opens(&database), Err(OpenError::Unfinished)));
    }
}

/// What does not hold together where it comes from is moved as it is, noticed, and not sold on.
#[test]
fn what_is_wrong_is_noticed() {
    let mut bed = Bed::sqlite();
    busy_shop(&mut bed);
    let text = String::from_utf8(exported(&*bed.reader).0).unwrap();
    // As if somebody had spoilt a balance: the lines are whole, and the digest is right.
    let spoilt = text.replace("\"amount\":-250}", "\"amount\":-251}");
    assert_ne!(spoilt, text);
    let told = imported(&mut in_memory(), &resealed(&spoilt)).unwrap_err();
    assert!(matches!(told, TransferError::Differs(_)), "{told}");
}

/// The same lines with the digest that belongs to them.
fn resealed(text: &str) -> Vec<u8> {
    use sha2::{Digest as _, Sha256};
    let lines: Vec<String> = text.lines().map(|line| format!("{line}\n")).collect();
    let (header, rest) = lines.split_first().unwrap();
    let (end, rows) = rest.split_last().unwrap();
    let digest = Sha256::digest(rows.concat());
    let seal = Sha256::new().chain_update(header).chain_update(digest).finalize();
    let hex: String = seal.iter().map(|byte| format!("{byte:02x}")).collect();
    let (before, _) = end.split_once("\"sha256\":\"").unwrap();
    format!("{header}{}{before}\"sha256\":\"{hex}\"}}}}\n", rows.concat()).into_bytes()
}

/// Nothing is mixed with what is there, and nothing strange is taken in.
#[test]
fn only_an_empty_database_is_filled() {
    let mut bed = Bed::memory();
    busy_shop(&mut bed);
    let (stream, _) = exported(&*bed.reader);
    let mut target = in_a_file();
    imported(&mut target, &stream).unwrap();
    assert!(matches!(imported(&mut target, &stream), Err(TransferError::NotEmpty)));
    let text = String::from_utf8(stream).unwrap();
    let header = text.lines().next().unwrap();
    for (strange, with) in [
        (header, "Dear sir or madam"),
        ("\"guichet_export\":1", "\"guichet_export\":2"),
        ("scan-code.key", "../scan-code.key"),
    ] {
        let told = imported(&mut in_memory(), text.replace(strange, with).as_bytes()).unwrap_err();
        assert!(matches!(told, TransferError::Foreign(_)), "{with}: {told}");
    }
}
