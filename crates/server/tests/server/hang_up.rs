//! Clients that do not wait for their answer.

use domain::sale::SaleState;
use domain::time::Span;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::client::Request;
use crate::order::paid;
use crate::shop::{Engine, Shop, until};

async fn send_and_hang_up(shop: &Shop) -> TcpStream {
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
    let stream = send_and_hang_up(&shop).await;
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
    // Proves that whenever a client goes, each sale ends whole: bought and charged, or neither.
    let (shop, gate) = Shop::gated(Engine::Memory).await;
    gate.open();
    for turns in 0..30_usize {
        let stream = send_and_hang_up(&shop).await;
        // Every client goes a few turns of the scheduler later than the one before.
        for _ in 0..turns {
            tokio::task::yield_now().await;
        }
        drop(stream);
    }
    // Whatever nobody drives any more is due by then.
    let sales = until("the end of all sales", async || {
        shop.clock.advance(Span::minutes(1));
        let open = shop.check().await.open_attempts;
        (open == 0).then_some(shop.sales("hekla").await)
    })
    .await;
    let bought = sales.iter().filter(|sale| sale.state == SaleState::Issued).count();
    assert_eq!(shop.charges().len(), bought);
    shop.assert_all_is_well().await;
}
