//! A check finds what somebody has changed behind the store's back.

use domain::ledger::PostingKind;
use store::testing::{ADULT, CHILD, TERRACE, answer, approved, check};

use crate::support::{Node, SELLER, console, database};

/// Two paid sales, one open, one free; then `sql`; then a check.
fn findings_after(sql: &str) -> Option<Vec<String>> {
    let url = database()?;
    let mut node = Node::start(&url, "a");
    let shop = node.open_shop(SELLER, 9);
    for (seed, ticket_type) in [(1, ADULT), (2, TERRACE), (3, ADULT), (4, CHILD)] {
        let sale = node.order(&shop, seed, ticket_type).unwrap().sale;
        if seed < 3 {
            node.run(answer(SELLER, sale.id, approved())).unwrap();
        }
    }
    console(&url, sql);
    let report = check(&*node.reader).unwrap();
    if sql.is_empty() {
        assert_eq!((report.sales, report.postings, report.open_attempts), (4, 2, 1));
    }
    Some(report.findings)
}

/// All is well, and each planted fault is found; the sentence says where.
#[test]
fn each_fault_is_found() {
    let Some(none) = findings_after("") else { return };
    assert_eq!(none, Vec::<String>::new());
    for (sql, finding) in [
        ("DELETE FROM posting WHERE sale = 1", "Sale 1 of shard 7: the books say 0"),
        (
            "UPDATE balance SET amount = amount + 1 WHERE account = 'owner_payable:1'",
            "The balance of owner_payable:1 of shard 7",
        ),
        ("UPDATE quota SET held = 5 WHERE number = 1", "The columns of quota 1 of shard 7 differ"),
        (
            "UPDATE sale SET body = jsonb_set(body::jsonb, '{total}', '1') WHERE number = 1",
            "The columns of sale 1 of shard 7 differ from its body",
        ),
        ("UPDATE event SET starts_at = 1", "The columns of event 1 of shard 7 differ"),
        ("DELETE FROM due", "Sale 3 of shard 7 is due at"),
        ("DELETE FROM found", "Sale 3 of shard 7 is not found by one of its words"),
        (
            "INSERT INTO found VALUES (7, '\\x000102030405060708090a0b0c0d0e0f', 8, 4)",
            "The finder leads to Sale 4 of shard 7 by a word that it does not have",
        ),
        (
            "UPDATE event_book SET body = jsonb_set(body::jsonb, '{payable}', '1')",
            "The book of event 1 of shard 7 differs from its balance",
        ),
        ("UPDATE sale SET body = 'no json' WHERE number = 2", "Sale 2 in shard 7"),
        ("UPDATE sale SET version = 9 WHERE number = 4", "written by a newer program"),
        ("DELETE FROM sale WHERE number = 4", "A caller's key leads to sale 4"),
        ("DELETE FROM id_block WHERE kind = 6", "has a number the shard never claimed"),
    ] {
        let findings = findings_after(sql).unwrap();
        let found = findings.iter().any(|sentence| sentence.contains(finding));
        assert!(found, "{sql}: looked for {finding:?} in {findings:#?}");
    }
}

/// What was sold before there were books of events is in them after the migration.
#[test]
fn books_are_made_of_the_past() {
    let Some(findings) = findings_after("DELETE FROM event_book") else { return };
    assert!(findings[0].contains("The book of event 1 of shard 7"), "{findings:#?}");
    let sql = format!("DELETE FROM event_book; {}", books_of_the_past());
    assert_eq!(findings_after(&sql), Some(Vec::new()));
}

/// The part of the migration that makes books of what was sold before there were any.
fn books_of_the_past() -> &'static str {
    let migration = include_str!("../../migrations/postgres/V3__ticket_window.sql");
    let (_, rest) = migration.split_once("INSERT INTO event_book").unwrap();
    let end = rest.find(';').unwrap();
    let start = migration.len() - rest.len() - "INSERT INTO event_book".len();
    &migration[start..start + "INSERT INTO event_book".len() + end]
}

/// The view of the books has a name for every kind of posting.
#[test]
fn every_posting_has_a_name() {
    let Some(url) = database() else { return };
    drop(Node::start(&url, "a"));
    for kind in PostingKind::ALL {
        let (code, legs) = (kind.code(), r#"[{"account":"bank","amount":0}]"#);
        let row = format!("INSERT INTO posting VALUES (7, 1, 1, {code}, 5, 'ISK', '{legs}')");
        console(&url, &row);
        let name = format!("SELECT kind FROM ledger_leg WHERE kind = '{}'", name_of(kind));
        assert_eq!(console(&url, &name).len(), 1, "{kind:?}");
    }
    let others = "SELECT kind FROM ledger_leg WHERE source <> 'sale' ORDER BY kind";
    assert_eq!(console(&url, others), ["card_given", "paid_out"]);
}

fn name_of(kind: PostingKind) -> String {
    serde_json::to_string(&kind).unwrap().trim_matches('"').to_owned()
}

/// The views for reports open bodies and add up to the balances.
#[test]
fn the_views_agree_with_the_tables() {
    let Some(url) = database() else { return };
    let mut node = Node::start(&url, "a");
    let shop = node.open_shop(SELLER, 9);
    node.buy(&shop, 1).unwrap();
    node.buy(&shop, 2).unwrap();
    let different = "SELECT account FROM ledger_account_sum FULL JOIN balance
        USING (shard, account, currency)
        WHERE ledger_account_sum.amount IS DISTINCT FROM balance.amount";
    assert_eq!(console(&url, different), Vec::<String>::new());
    let moved = "SELECT sum(moved) FROM sale_attempt WHERE state = 'succeeded'";
    assert_eq!(console(&url, moved), ["10000"]);
}
