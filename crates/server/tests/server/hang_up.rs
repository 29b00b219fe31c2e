//! Clients that do not wait for their answer.

use domain::sale::SaleState;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::client::Request;
use crate::order::paid;
use crate::shop::{Engine, Shop, until};

/// Clients that go at once, each a little later than the one before.
const CLIENTS: usize = 30;

/// Sends an order; dropping the stream hangs up.
async fn send_order(shop: &Shop) -> TcpStream {
    let order = paid(shop, "match", "adult", 1);
    let request = Request::post("/ticketOrder.json").key(&shop.admin).json(&order);
    let mut stream = TcpStream::connect(shop.address).await.unwrap();
    stream.write_all(&request.bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn who_hangs_up_during_the_payment_has_bought() {
    // Proves that a closed socket cuts nothing: the sale goes to its end and is charged once.
    let (shop, gate) = Shop::gated(Engine::Sqlite).await;
    let stream = send_order(&shop).await;
    gate.begun(1).await;
    drop(stream);
    gate.open();
    until("the sale's end", async || {
        let sales = shop.sales("hekla").await;
        (sales.len() == 1 && sales[0].state == SaleState::Issued).then_some(())
    })
    .await;
    assert_eq!(shop.charges(), [4_000]);
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn who_hangs_up_at_once_leaves_no_half_sale() {
    // Proves that whenever a client goes, what was placed is charged and bought, without the
    // janitor.
    let (shop, gate) = Shop::gated(Engine::Memory).await;
    gate.open();
    for turns in 0..CLIENTS {
        let stream = send_order(&shop).await;
        // Every client goes a few turns of the scheduler later than the one before.
        for _ in 0..turns {
            tokio::task::yield_now().await;
        }
        drop(stream);
    }
    let sales = until("the end of all sales", async || {
        let sales = shop.sales("hekla").await;
        let ended = sales.iter().all(|sale| !sale.state.holds_places());
        (sales.len() == CLIENTS && ended).then_some(sales)
    })
    .await;
    assert!(sales.iter().all(|sale| sale.state == SaleState::Issued), "{sales:?}");
    assert_eq!(shop.charges().len(), CLIENTS);
    shop.assert_all_is_well().await;
}
