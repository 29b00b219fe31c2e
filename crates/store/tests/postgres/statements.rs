//! The tables can be spread by shard: every statement names one, and so does every key.

use std::collections::BTreeSet;

use domain::attempt::CallResult;
use domain::ids::{EventId, SaleId, Shard};
use domain::record::Kind;
use domain::sale::{ReviewSale, Verdict};
use store::OpenError;
use store::job::outbox_done;
use store::postgres::{Settings, distribute, distribution, statements_seen};
use store::snapshot::{Snapshot, WorkKind};
use store::testing::{ADULT, CHILD, NOON, answer, check, dump};

use crate::support::{Node, SELLER, console, database, touch_both};

/// What is asked over all sellers, and by readers only.
const OVER_ALL: [&str; 5] = [
    "SELECT shard FROM shard ORDER BY shard",
    "SELECT work.shard,",
    "SELECT word.shard,",
    "SELECT shard, number, body FROM outbox",
    "SELECT count(*) FROM outbox",
];

fn tables(kind: &str) -> BTreeSet<String> {
    let statements = distribution();
    let found = statements.iter().filter(|sql| sql.contains(kind));
    found.map(|sql| sql.split('\'').nth(1).unwrap().to_owned()).collect()
}

/// Whether a statement reads or writes a table.
fn touches(sql: &str, table: &str) -> bool {
    let words: Vec<&str> = sql.split(|c: char| c.is_whitespace() || c == '(').collect();
    words.windows(2).any(|pair| {
        ["FROM", "INTO", "UPDATE", "JOIN", "USING"].contains(&pair[0]) && pair[1] == table
    })
}

/// Uses everything a store can do, over two sellers.
fn do_everything(url: &str) {
    let mut node = Node::start(url, "a");
    let shop = node.open_shop(SELLER, 50);
    node.buy(&shop, 1).unwrap();
    node.order(&shop, 2, CHILD).unwrap();
    node.core.forget_everything();
    let doubtful = node.order(&shop, 3, ADULT).unwrap().sale.id;
    let unknown = CallResult::Unknown("silence".into());
    node.run(answer(SELLER, doubtful, unknown)).unwrap();
    let verdict = Verdict::NotMoved;
    let (partner, payment, note) = (None, None, None);
    node.run(ReviewSale { shard: SELLER, sale: doubtful, partner, payment, verdict, note }).ok();
    node.run(touch_both(SELLER, Shard(9))).unwrap();
    let (done, _told) = outbox_done(SELLER, vec![1, 2]);
    assert!(node.core.run(vec![done], NOON).is_empty());
    check(&*node.reader).unwrap();
    dump(&*node.reader).unwrap();
    let mut seen = None;
    let mut look = |view: &dyn Snapshot| {
        view.due(NOON, WorkKind::Others, 10).unwrap();
        view.due(NOON, WorkKind::Contracts, 10).unwrap();
        view.found(domain::record::word("phone", "+3545550123"), 10).unwrap();
        view.sales_of(SELLER, EventId(1), SaleId(0), 10).unwrap();
        view.idempotency_day(SELLER, 1).unwrap();
        view.blocks().unwrap();
        seen = view.record(&domain::sale::Sale::key_of(SELLER, SaleId(1))).unwrap();
        view.page(Kind::Seller, SELLER, None, 1).unwrap();
    };
    node.reader.read(&mut look).unwrap();
    assert!(seen.is_some());
}

/// Each statement that was prepared names one shard as `$1`, or shared tables alone; only
/// readers ask over all sellers.
#[test]
fn each_statement_names_one_shard() {
    let Some(url) = database() else { return };
    do_everything(&url);
    let by_shard = tables("create_distributed_table");
    let mut covered = BTreeSet::new();
    for sql in statements_seen() {
        let touched: Vec<_> = by_shard.iter().filter(|table| touches(sql, table)).collect();
        if touched.is_empty() || OVER_ALL.iter().any(|known| sql.starts_with(known)) {
            continue;
        }
        covered.extend(touched.iter().map(|table| table.as_str()));
        let named = sql.contains("shard = $1")
            || sql.contains("SELECT $1::bigint")
            || sql.contains("VALUES ($1,");
        assert!(named || sql.contains("quota.shard = shard.shard"), "no shard in: {sql}");
    }
    assert_eq!(covered.len(), by_shard.len(), "{covered:?} of {by_shard:?}");
}

/// No key, unique index or reference spans shards, and each table is distributed in one way.
#[test]
fn each_key_names_its_shard() {
    let Some(url) = database() else { return };
    drop(Node::start(&url, "a"));
    let (by_shard, everywhere) =
        (tables("create_distributed_table"), tables("create_reference_table"));
    assert!(by_shard.is_disjoint(&everywhere));
    let all = console(&url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
    let all: BTreeSet<String> = all.into_iter().collect();
    assert_eq!(by_shard.union(&everywhere).cloned().collect::<BTreeSet<_>>(), all);
    let loose = "SELECT indrelid::regclass::text FROM pg_index
        WHERE indisunique AND indrelid::regclass::text IN (SELECT tablename FROM pg_tables
            WHERE schemaname = 'public')
        AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = indrelid
            AND attname = 'shard' AND attnum = indkey[0])";
    let loose: BTreeSet<String> = console(&url, loose).into_iter().collect();
    assert!(loose.is_disjoint(&by_shard), "{loose:?}");
    assert_eq!(console(&url, "SELECT conname FROM pg_constraint WHERE contype = 'f'").len(), 0);
}

/// Stands in for Citus: keeps a list, and refuses what Citus would refuse of a table.
const STAND_IN: &str = "
    CREATE TABLE pg_dist_partition (logicalrelid regclass PRIMARY KEY);
    CREATE FUNCTION create_distributed_table(
        name regclass, distribution_column text, colocate_with text DEFAULT 'default'
    ) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_attribute
            WHERE attrelid = name AND attname = distribution_column) THEN
            RAISE 'no such column';
        END IF;
        IF colocate_with <> 'default' AND NOT EXISTS (SELECT FROM pg_dist_partition
            WHERE logicalrelid = colocate_with::regclass) THEN
            RAISE 'nothing to lie beside';
        END IF;
        INSERT INTO pg_dist_partition VALUES (name);
    END $$;
    CREATE FUNCTION create_reference_table(name regclass) RETURNS void
    LANGUAGE sql AS 'INSERT INTO pg_dist_partition VALUES (name)';";

/// Distributing says what it lacks, does each table once, and may be done again.
#[test]
fn tables_are_distributed_once() {
    let Some(url) = database() else { return };
    let settings = Settings::of(&url, "a");
    let lacking = distribute(&settings, &mut |_| ());
    assert!(matches!(lacking, Err(OpenError::NotDistributable)), "{lacking:?}");
    console(&url, STAND_IN);
    for again in [false, true] {
        let mut told = Vec::new();
        distribute(&settings, &mut |line| told.push(line.to_owned())).unwrap();
        assert_eq!(told.len(), distribution().len());
        assert!(told.iter().all(|line| line.contains("already") == again), "{told:#?}");
    }
    let mut node = Node::start(&url, "a");
    let shop = node.open_shop(SELLER, 5);
    node.buy(&shop, 1).unwrap();
}
