//! A sale in parts over a real database and the sandbox: the program is killed between every two
//! steps, and the janitor of a new one goes on (`payments.md` §4.1, §6.3).

mod moody;
mod place;
mod stage;

use domain::sale::{SaleState, TenderOutcome, TenderStatus};

use self::moody::Mood;
use self::stage::{Purse, Stage};

/// More calls than a sale in three parts makes: asked, then captured or given back.
const CALLS_MAX: usize = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn killed_between_every_two_steps() {
    // Proves that whatever becomes of a call, and wherever the program is killed, the new program
    // takes the price or nothing, asks nobody twice, and leaves the books in order.
    let mut fates = vec![(0, Mood::Answer)];
    for mood in [Mood::Lost, Mood::Dropped, Mood::Declined] {
        fates.extend((0..CALLS_MAX).map(|call| (call, mood)));
    }
    let mut running = tokio::task::JoinSet::new();
    for fate in fates {
        running.spawn(sales_with(fate));
    }
    let sold: usize = running.join_all().await.into_iter().sum();
    assert!(sold > 50, "only {sold} were sold");
}

/// One sale for each step to be killed before; how many of them ended with the goods.
async fn sales_with(fate: (usize, Mood)) -> usize {
    let mut stage = Stage::open().await;
    let whole = stage.sell(Purse::Full, fate, None).await;
    let mut sold = 0;
    for kill in 1..=whole.steps {
        let end = stage.sell(Purse::Full, fate, Some(kill)).await;
        sold += usize::from(end.sale.state == SaleState::Issued);
    }
    stage.close().await;
    sold
}

#[tokio::test]
async fn a_poor_gift_card_pays_a_part() {
    // Proves the partial approval of a gift card: the card after it pays the rest. A part that was
    // killed before it left is never sent later, so the last one cannot be missed.
    let mut stage = Stage::open().await;
    let whole = stage.sell(Purse::Poor, (0, Mood::Answer), None).await;
    let statuses: Vec<_> = whole.sale.tender_outcomes().iter().map(|it| it.status).collect();
    use TenderStatus::{PartialApproval, Success};
    assert_eq!(statuses, [Success, PartialApproval, Success]);
    for kill in 1..=whole.steps {
        let end = stage.sell(Purse::Poor, (0, Mood::Answer), Some(kill)).await;
        let last = end.sale.tender_outcomes().pop().map(|outcome| outcome.status);
        let expected = if last == Some(Success) { SaleState::Issued } else { SaleState::Returned };
        assert_eq!(end.sale.state, expected, "killed before step {kill}");
    }
    stage.close().await;
}

#[tokio::test]
async fn an_empty_purse_gives_everything_back() {
    // Proves that what was reserved and what was sold goes back when the last part declines, and
    // that each row says so.
    let mut stage = Stage::open().await;
    let whole = stage.sell(Purse::Empty, (0, Mood::Answer), None).await;
    let outcomes = whole.sale.tender_outcomes();
    let told: Vec<_> = outcomes.iter().map(TenderOutcome::text).collect();
    assert_eq!(told, ["Approved; reversed", "Approved; reversed", "Declined"]);
    for kill in 1..=whole.steps {
        let end = stage.sell(Purse::Empty, (0, Mood::Answer), Some(kill)).await;
        let is_charged = end.sale.attempts.iter().any(|attempt| attempt.money() > 0);
        let expected = if is_charged { SaleState::Returned } else { SaleState::PaymentFailed };
        assert_eq!(end.sale.state, expected, "killed before step {kill}");
    }
    stage.close().await;
}
