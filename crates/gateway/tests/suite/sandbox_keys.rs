//! Keys, fences, sums and restarts of the sandbox, in both forms.

use std::io::Write as _;
use std::sync::Arc;

use crate::support::{
    CHALLENGE_CARD, FORMS, GIFT_CARD, GOOD_CARD, Till, card, enrolled, handle_of, kind, krona,
    options, passed, proven_card, sandbox_terms,
};
use domain::attempt::CallResult;
use gateway::sandbox::{Handling, Operation, Sandbox, SandboxError, read_log};

#[tokio::test]
async fn a_key_is_charged_once() {
    // Proves that the same request gets the same answer and another request none.
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(form, &folder).await;
        let first = till.sale("key", 5_000, GOOD_CARD).await;
        assert_eq!(kind(&first), "approved");
        assert_eq!(till.sale("key", 5_000, GOOD_CARD).await, first, "{form:?}");
        // The key *has* moved money: "declined" or "not executed" would be a lie.
        assert_eq!(kind(&till.sale("key", 5_001, GOOD_CARD).await), "unknown", "{form:?}");
        assert_eq!(kind(&till.sale("key", 5_000, "4741520000000003").await), "unknown");
        let reserve = till.gateway.authorize(&krona("key", 5_000), &card(GOOD_CARD)).await;
        assert_eq!(kind(&reserve), "unknown", "{form:?}");
        let handled: Vec<_> = till.log_lines().iter().map(|line| line.handling).collect();
        let conflict = Handling::Conflict;
        let expected = [Handling::Applied, Handling::Repeated, conflict, conflict, conflict];
        assert_eq!(handled, expected, "{form:?}");
    }
}

#[tokio::test]
async fn a_fence_stops_what_has_not_happened() {
    // Proves the fence against a late charge, and that it cannot undo one.
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(form, &folder).await;
        assert_eq!(kind(&till.lookup("late").await), "not found", "{form:?}");
        assert_eq!(kind(&till.fence("late").await), "not executed", "{form:?}");
        assert_eq!(kind(&till.sale("late", 5_000, GOOD_CARD).await), "not executed", "{form:?}");
        assert_eq!(kind(&till.lookup("late").await), "not executed", "{form:?}");

        let charged = till.sale("early", 5_000, GOOD_CARD).await;
        assert_eq!(till.fence("early").await, charged, "{form:?}");
        assert_eq!(kind(&till.refund("r", "early", 5_000).await), "approved", "{form:?}");

        till.sale("faulty", 5_000, "4000000000000119").await;
        assert_eq!(kind(&till.fence("faulty").await), "not executed", "{form:?}");
    }
}

#[tokio::test]
async fn a_fence_and_a_charge_at_once_agree() {
    // Proves that whichever comes first, both answers tell the same story.
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Arc::new(Till::open(form, &folder).await);
        for round in 0..50 {
            let key = format!("key_{round}");
            let (charge, fence) = tokio::join!(till.sale(&key, 500, GOOD_CARD), till.fence(&key));
            assert_eq!(kind(&charge), kind(&fence), "{form:?}");
            assert_eq!(till.lookup(&key).await, charge, "{form:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refunds_never_exceed_the_charge() {
    // Proves it under 64 callers at once, each sending its refund twice.
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Arc::new(Till::open(form, &folder).await);
        till.sale("charge", 1_000, GOOD_CARD).await;
        let callers = (0..64).map(|caller| {
            let till = Arc::clone(&till);
            tokio::spawn(async move {
                let key = format!("refund_{caller}");
                let first = till.refund(&key, "charge", 30).await;
                assert_eq!(till.refund(&key, "charge", 30).await, first);
                i64::from(kind(&first) == "approved")
            })
        });
        let mut approved = 0;
        for caller in callers.collect::<Vec<_>>() {
            approved += caller.await.unwrap();
        }
        assert_eq!(approved, 1_000 / 30, "{form:?}");
        let refunded: i64 = till
            .log_lines()
            .iter()
            .filter(|line| line.request.operation == Operation::Refund)
            .map(gateway::sandbox::LogLine::moved)
            .sum();
        assert_eq!(refunded, approved * 30, "{form:?}");
    }
}

#[tokio::test]
async fn a_restart_remembers_everything() {
    // Proves that charges, refunds, fences, challenges, tokens and balances survive, and that
    // references are not given twice.
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(form, &folder).await;
        let first = till.sale("charge", 5_000, GOOD_CARD).await;
        till.refund("refund", "charge", 4_000).await;
        till.fence("fenced").await;
        let challenged = enrolled(&till, "enrolment", 700, CHALLENGE_CARD).await;
        let handle = handle_of(&challenged).to_owned();
        till.set_balance("7891", domain::money::Money::new(900, domain::money::Currency::ISK))
            .await;
        till.sale("gift", 400, GIFT_CARD).await;
        let single = gateway::TokenUse::Single;
        let saved = till.gateway.tokenize(&krona("t", 0), &card(GOOD_CARD), single).await.unwrap();
        till.close().await;

        let till = Till::open(form, &folder).await;
        assert_eq!(till.sale("charge", 5_000, GOOD_CARD).await, first, "{form:?}");
        assert_eq!(kind(&till.refund("more", "charge", 1_001).await), "not executed", "{form:?}");
        assert_eq!(kind(&till.refund("rest", "charge", 1_000).await), "approved", "{form:?}");
        assert_eq!(kind(&till.sale("fenced", 1, GOOD_CARD).await), "not executed", "{form:?}");
        let proof = passed(&till, &handle).await;
        let proven = proven_card(CHALLENGE_CARD, proof);
        let passed = till.gateway.sale(&krona("challenge", 700), &proven).await;
        assert_eq!(kind(&passed), "approved", "{form:?}");
        assert_eq!(kind(&till.sale("gift2", 600, GIFT_CARD).await), "approved 500", "{form:?}");
        let token = gateway::SourceKind::Token(saved.token).into();
        let by_token = till.gateway.sale(&krona("by_token", 5), &token).await;
        assert_eq!(kind(&by_token), "approved", "{form:?}");
        let mut references = references(&[first, passed, by_token]);
        references.dedup();
        assert_eq!(references.len(), 3, "{form:?}");
    }
}

fn references(results: &[CallResult]) -> Vec<String> {
    let mut references: Vec<_> = results
        .iter()
        .filter_map(|result| match result {
            CallResult::Approved(approval) => Some(approval.reference.clone()),
            _ => None,
        })
        .collect();
    references.sort();
    references
}

#[tokio::test]
async fn a_torn_last_line_is_cut_off() {
    // Proves that a line whose writing was interrupted neither stops the sandbox nor spoils
    // the next line.
    let folder = tempfile::tempdir().unwrap();
    for form in FORMS {
        let till = Till::open(form, &folder).await;
        let key = format!("{form:?}");
        assert_eq!(kind(&till.sale(&key, 5_000, GOOD_CARD).await), "approved");
        let log = till.log.clone();
        till.close().await;
        let mut file = std::fs::OpenOptions::new().append(true).open(&log).unwrap();
        file.write_all(br#"{"at":1,"key":"torn","requ"#).unwrap();
    }
    let till = Till::open(FORMS[0], &folder).await;
    assert_eq!(kind(&till.lookup("torn").await), "not found");
    let keys: Vec<_> = till.log_lines().into_iter().map(|line| line.key).collect();
    assert_eq!(keys, ["InProcess", "OverHttp", "torn"]);
}

#[tokio::test]
async fn a_log_that_cannot_be_used_says_why() {
    // Proves the errors for a log in use, foreign files and a folder.
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path());
    let open = || Sandbox::open(&options, sandbox_terms());
    let first = open().unwrap();
    assert!(matches!(open(), Err(SandboxError::LogInUse { .. })));
    drop(first);
    std::fs::write(&options.log, "not a log\n").unwrap();
    assert!(matches!(open(), Err(SandboxError::LogUnreadable { line: 1, .. })));
    std::fs::write(&options.log, "x".repeat(20_000)).unwrap();
    assert!(matches!(open(), Err(SandboxError::LogUnreadable { line: 1, .. })));
    assert!(matches!(read_log(folder.path()), Err(SandboxError::LogUnusable { .. })));
}

#[tokio::test]
async fn odd_keys_are_refused() {
    // Proves that a key which cannot stand in a path moves nothing and leads nowhere else.
    let long = "k".repeat(256);
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(form, &folder).await;
        for key in ["", "a/b", "a b", "a?b", "ü", "a\r\nb", &long] {
            let result = till.sale(key, 500, GOOD_CARD).await;
            assert_eq!(kind(&result), "not executed", "{form:?} {key:?}");
            let result = till.refund("r", key, 500).await;
            assert!(!matches!(result, CallResult::Approved(_)), "{form:?} {key:?}");
        }
        assert_eq!(till.log_lines().iter().filter(|line| line.moved() > 0).count(), 0);
    }
}
