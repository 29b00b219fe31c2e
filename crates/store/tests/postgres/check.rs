//! A check finds what somebody has changed behind the store's back.

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
