//! Everybody outside: buyers, who changes the catalogue, who decides about payments in doubt.

use std::sync::Arc;
use std::time::Duration;

use domain::catalogue::ChangeCatalogue;
use domain::ids::{SaleId, Shard};
use domain::sale::ReviewSale;
use domain::task::{FinishTask, Task};
use store::SubmitError;
use store::testing::Shop;
use tokio::sync::oneshot;

use crate::desk::Answer;
use crate::judge::Asked;
use crate::office::note;
use crate::plan::{Change, ChangeKind, Order};
use crate::world::{World, sleep_ms};

/// How often somebody looks for payments in doubt, in milliseconds.
const REVIEW_PAUSE_MS: u64 = 1_800_000;

/// How long somebody who changes something waits before trying another way.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often a change is tried.
const CHANGE_TRIES_MAX: u32 = 5;

/// A buyer from the first request to the last repeat.
pub(crate) async fn buy(world: Arc<World>, order: Order) {
    sleep_ms(order.at_ms).await;
    let mut repeats_ms = order.repeats_ms.iter();
    for number in 0.. {
        let card = order.card.and_then(|(of, how)| Some((world.judge().card_of(of)?, how)));
        let answer = ask(&world, &order, Asked::new(&order, number, card), number).await;
        let settled = matches!(answer, Some(Answer::Sale(..) | Answer::Refused(_)));
        let Some(pause_ms) = repeats_ms.next() else { return };
        if settled && !order.insists {
            return;
        }
        sleep_ms(*pause_ms).await;
    }
}

async fn ask(world: &Arc<World>, order: &Order, asked: Asked, number: u32) -> Option<Answer> {
    let buyer = order.number;
    let Some(node) = world.node_near(order.node + number as usize) else {
        world.tell(|| format!("Buyer {buyer} finds no node alive."));
        return None;
    };
    world.judge().hears_order(&asked);
    let (name, key, lines, what) = (node.life.node, order.key, &order.lines, order.what);
    let card = asked.card;
    world.tell(|| {
        format!(
            "Buyer {buyer} orders {what:?} {lines:?} of node {name} under key {key:?}, {card:?}."
        )
    });
    let (reply, answer) = oneshot::channel();
    let request = asked.clone();
    let handler = tokio::spawn(async move {
        let answer = node.serve(&request).await;
        drop(reply.send(answer));
    });
    let patience = Duration::from_millis(order.patience_ms);
    let Ok(Ok(answer)) = tokio::time::timeout(patience, answer).await else {
        world.tell(|| format!("Buyer {buyer} hangs up."));
        if order.dropped {
            handler.abort();
        }
        return None;
    };
    world.tell(|| format!("Buyer {buyer} is told {answer:?}."));
    world.judge().hears_answer_to(&asked, &answer);
    Some(answer)
}

/// Changes a catalogue, as often as it takes.
pub(crate) async fn change(world: Arc<World>, change: Change) {
    sleep_ms(change.at_ms).await;
    let shard = world.plan.sellers[change.seller].shard;
    world.tell(|| format!("The catalogue of seller {} changes: {:?}.", shard.0, change.kind));
    for _ in 0..CHANGE_TRIES_MAX {
        if let Some(node) = world.node_near(change.node)
            && let Ok(rows) = node.store.catalogue(shard).await
        {
            let command = command(shard, rows.revision, change.kind);
            let submitted = node.store.submit(command);
            match tokio::time::timeout(PATIENCE, submitted).await {
                Ok(Err(SubmitError::Stale | SubmitError::Overloaded)) | Err(_) => {}
                Ok(_) => return,
            }
        }
        sleep_ms(1_000).await;
    }
}

fn command(shard: Shard, revision: u64, kind: ChangeKind) -> ChangeCatalogue {
    let shop = Shop { revision, ..Shop::new(shard) };
    match kind {
        ChangeKind::Limit(quota, limit) => shop.limit(quota, Some(limit)),
        ChangeKind::Active(active) => Shop { active, ..shop }.publish(),
    }
}

/// A person decides about every payment in doubt, by what the gateway's book says.
pub(crate) async fn review(world: Arc<World>) {
    loop {
        sleep_ms(REVIEW_PAUSE_MS).await;
        let doubts = world.judge().in_doubt();
        for (shard, sale, key, refund) in doubts {
            let work = decide(Arc::clone(&world), shard, sale, key, refund);
            let _ = tokio::time::timeout(PATIENCE, tokio::spawn(work)).await;
        }
        let tasks = world.judge().unpaid();
        for task in tasks {
            let work = pay_by_hand(Arc::clone(&world), task);
            let _ = tokio::time::timeout(PATIENCE, tokio::spawn(work)).await;
        }
    }
}

/// A person pays back over the counter what no gateway takes, and closes the task.
async fn pay_by_hand(world: Arc<World>, task: Arc<Task>) {
    let (Some(node), Some(sale)) = (world.node_near(0), task.sale) else { return };
    let partner = world.judge().partner_of(sale);
    let (shard, id, amount) = (task.shard, task.id, task.amount);
    let finish = FinishTask {
        shard,
        task: id,
        partner,
        note: "paid".into(),
        by: "office".into(),
        paid_by_hand: true,
        is_admin: true,
        audit: note(u64::from(id.0) << 32 | world.elapsed_ms()),
    };
    let finished = node.store.submit(finish).await.map(|finished| finished.task.id);
    world.tell(|| format!("A person pays {amount} of sale {} back: {finished:?}.", sale.0));
}

async fn decide(world: Arc<World>, shard: Shard, sale: SaleId, key: String, refund: bool) {
    let Some(node) = world.node_near(0) else { return };
    let Some(place) = node.till.place() else { return };
    let verdict = world.book().person_decides(&key, refund, world.now());
    world.tell(|| format!("A person decides about sale {}, {key}: {verdict:?}.", sale.0));
    let partner = world.judge().whole_partner_of(sale);
    let (payment, note) = (Some(key), None);
    let review = ReviewSale { shard, sale, partner, payment, verdict, note };
    if let Ok(reviewed) = node.store.submit(review).await {
        node.till.drive(place, reviewed.sale, reviewed.next, None).await;
    }
}
