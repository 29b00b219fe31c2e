//! Fills a database with settled orders, through the lane and with the rules of the product.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use domain::ids::Shard;
use domain::offer::Offer;
use domain::record::Record;
use store::testing::{Shop, answer, approved};
use store::{Options, Store};

use super::calendar::Calendar;

/// Buyers at the same time: a whole batch.
const IN_FLIGHT: usize = 256;

type Failure = Box<dyn Error + Send + Sync>;

/// Sells so many tickets of the first event of the only seller.
pub(super) fn fill(database: &Path, orders: u64) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let calendar = Arc::new(Calendar::of(orders));
        let options = Options { clock: Arc::<Calendar>::clone(&calendar), ..Options::default() };
        let store = Store::sqlite(database, options)?;
        let offer = Arc::new(offer(&store).await?);
        let buyer = || tokio::spawn(buy(store.clone(), Arc::clone(&offer), Arc::clone(&calendar)));
        let buyers: Vec<_> = (0..IN_FLIGHT).map(|_| buyer()).collect();
        for buyer in buyers {
            buyer.await??;
        }
        Ok(store.close().await?)
    })
}

async fn buy(store: Store, offer: Arc<Offer>, calendar: Arc<Calendar>) -> Result<(), Failure> {
    let seller = offer.shard();
    let ticket_type = offer.ticket_types.first().ok_or("the event sells nothing")?.id;
    while let Some(number) = calendar.next_order() {
        let order = Shop::new(seller).order_of(Arc::clone(&offer), number, ticket_type, 1);
        let sale = store.submit(order).await?.sale.id;
        store.submit(answer(seller, sale, approved())).await?;
    }
    Ok(())
}

/// The offer that the product will make of the same rows.
async fn offer(store: &Store) -> Result<Offer, Failure> {
    let seller: Shard = *store.sellers().await?.first().ok_or("there is no seller")?;
    let rows = store.catalogue(seller).await?;
    let (mut organiser, mut event, mut ticket_types) = (None, None, Vec::new());
    for record in &rows.records {
        match record {
            Record::Organiser(found) => organiser = Some(Arc::clone(found)),
            Record::Event(found) if event.is_none() => event = Some(Arc::clone(found)),
            Record::TicketType(found) => ticket_types.push(Arc::clone(found)),
            _ => {}
        }
    }
    Ok(Offer {
        revision: rows.revision,
        organiser: organiser.ok_or("the seller has no row")?,
        series: None,
        venue: None,
        seat_map: None,
        event: event.ok_or("there is no event")?,
        ticket_types,
    })
}
