//! Payment by telephone at the sandbox, in both forms.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::support::{FORMS, NOW, Till, kind, krona, options, phone};
use domain::time::Timestamp;
use gateway::sandbox::SandboxOptions;

const ACCEPTS: &str = "+3545550001";
const REJECTS: &str = "+3545550002";
const SILENT: &str = "+3545550003";

/// A clock that a test moves on, and the options with it.
fn with_clock(folder: &std::path::Path) -> (Arc<AtomicI64>, SandboxOptions) {
    let micros = Arc::new(AtomicI64::new(NOW.0));
    let read = Arc::clone(&micros);
    let clock = Arc::new(move || Timestamp(read.load(Ordering::Relaxed)));
    (micros, SandboxOptions { clock, ..options(folder) })
}

#[tokio::test]
async fn each_payer_answers_as_its_row_says() {
    // Proves the three numbers of the table: at once nobody has answered, a second later two of
    // them have, and the money of the one who accepts is in the log once.
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let (clock, options) = with_clock(folder.path());
        let till = Till::open_with(form, &options).await;
        for (number, expected) in
            [(ACCEPTS, "approved"), (REJECTS, "declined RejectedByPayer"), (SILENT, "pending")]
        {
            let key = format!("k{}", &number[1..]);
            let asked = till.gateway.sale(&krona(&key, 900), &phone(number)).await;
            assert_eq!(kind(&asked), "pending", "{form:?} {number}");
            assert_eq!(kind(&till.lookup(&key).await), "pending", "{form:?} {number}");
            clock.fetch_add(1_000_000, Ordering::Relaxed);
            for _ in 0..2 {
                assert_eq!(kind(&till.lookup(&key).await), expected, "{form:?} {number}");
            }
        }
        let moved: i64 = till.log_lines().iter().map(gateway::sandbox::LogLine::moved).sum();
        assert_eq!(moved, 900, "{form:?}");
    }
}

#[tokio::test]
async fn giving_up_and_accepting_agree() {
    // Proves that a silent payer is given up and cannot accept later, and that giving up does not
    // undo what was accepted: the fence says so.
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let (clock, options) = with_clock(folder.path());
        let till = Till::open_with(form, &options).await;
        till.gateway.sale(&krona("silent", 900), &phone(SILENT)).await;
        assert_eq!(kind(&till.fence("silent").await), "not executed", "{form:?}");
        assert_eq!(kind(&till.answer_for_payer("silent", true).await), "not executed", "{form:?}");

        till.gateway.sale(&krona("late", 900), &phone(SILENT)).await;
        assert_eq!(kind(&till.answer_for_payer("late", true).await), "approved", "{form:?}");
        assert_eq!(kind(&till.fence("late").await), "approved", "{form:?}");

        till.gateway.sale(&krona("quick", 900), &phone(ACCEPTS)).await;
        clock.fetch_add(1_000_000, Ordering::Relaxed);
        assert_eq!(kind(&till.fence("quick").await), "approved", "{form:?}");
        assert_eq!(kind(&till.refund("r", "quick", 900).await), "not executed", "{form:?}");
    }
}

#[tokio::test]
async fn a_restart_remembers_who_was_asked() {
    // Proves that a payer who was asked before a restart can accept after it.
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let (clock, options) = with_clock(folder.path());
        let till = Till::open_with(form, &options).await;
        till.gateway.sale(&krona("k", 900), &phone(ACCEPTS)).await;
        till.close().await;
        clock.fetch_add(1_000_000, Ordering::Relaxed);
        let till = Till::open_with(form, &options).await;
        assert_eq!(kind(&till.lookup("k").await), "approved", "{form:?}");
    }
}
