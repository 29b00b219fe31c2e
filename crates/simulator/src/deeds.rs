//! Everybody who does something with a ticket after it was bought.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::office::{Named, Told};
use crate::plan::{Act, Deed};
use crate::world::{World, sleep_ms};

/// How long somebody waits for an answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often a deed is tried, and the pause before the next try in milliseconds.
const TRIES_MAX: u32 = 3;
const PAUSE_MS: u64 = 2_000;

/// Does it, again while nobody says what became of it.
pub(crate) async fn perform(world: Arc<World>, deed: Deed) {
    sleep_ms(deed.at_ms).await;
    let Some(named) = named(&world, &deed) else { return };
    for number in 0..TRIES_MAX {
        if let Some(Told::Done(_) | Told::Refused(_)) = ask(&world, &deed, &named, number).await {
            return;
        }
        sleep_ms(PAUSE_MS).await;
    }
}

/// The ticket that came of the order by now, and its last transfer.
fn named(world: &World, deed: &Deed) -> Option<Named> {
    let judge = world.judge();
    let ticket = judge.ticket_of(deed.order);
    let transfer = judge.transfer_of(deed.order);
    let is_about_event = matches!(deed.act, Act::PayOut { .. } | Act::CallOff { .. });
    (ticket.is_some() || is_about_event).then_some(Named { ticket, transfer })
}

async fn ask(world: &Arc<World>, deed: &Deed, named: &Named, number: u32) -> Option<Told> {
    let node = world.node_near(deed.node + number as usize)?;
    world.judge().hears_deed(deed);
    let (name, act, at) = (deed.number, deed.act, node.life.node);
    let sale = named.ticket.map(|ticket| ticket.id.0);
    world.tell(|| format!("Deed {name} at node {at}: {act:?} with sale {sale:?}."));
    let (reply, answer) = oneshot::channel();
    let (deed, named) = (deed.clone(), named.clone());
    tokio::spawn(async move {
        let answer = node.do_deed(&deed, &named, number).await;
        drop(reply.send(answer));
    });
    let Ok(Ok(told)) = tokio::time::timeout(PATIENCE, answer).await else {
        world.tell(|| format!("Deed {name} has no answer."));
        return None;
    };
    world.tell(|| format!("Deed {name}: {told:?}."));
    world.judge().hears_told(&told);
    Some(told)
}
