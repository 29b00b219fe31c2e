//! Several orders in one request (`servicestack.md` §5.6).

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::client::{Answer, Request};
use crate::order::{jsv, paid};
use crate::shop::{Engine, Shop, until};

const COMPLETED: &str = "X-AutoBatch-Completed";

fn batch(shop: &Shop, orders: &[Value]) -> Request {
    Request::post("/api/TicketOrder[]").key(&shop.admin).json(&json!(orders))
}

fn adults(shop: &Shop, count: usize) -> Vec<Value> {
    vec![paid(shop, "match", "adult", 1); count]
}

#[tokio::test]
async fn each_item_is_an_order_of_its_own() {
    // Proves that items are sold one by one and answered in order, refusals of the business among
    // them, and that JSV does the same.
    let shop = Shop::open().await;
    let orders = [paid(&shop, "match", "adult", 1), paid(&shop, "match", "few", 3)];
    let answer = shop.send(&batch(&shop, &orders).accept("text/html")).await;
    assert_eq!((answer.status, answer.header(COMPLETED)), (200, Some("2")), "{}", answer.text());
    let answers = answer.json();
    assert_eq!((&answers[0]["statusCode"], &answers[1]["statusCode"]), (&json!(200), &json!(409)));
    let list = format!("[{},{}]", jsv(&orders[0]), jsv(&orders[0]));
    let request = Request::post("/jsv/reply/TicketOrder[]").key(&shop.admin).body("text/jsv", list);
    let in_jsv = shop.send(&request).await;
    assert_eq!(in_jsv.header(COMPLETED), Some("2"), "{}", in_jsv.text());
    assert!(in_jsv.text().starts_with("[{ticketAndDetails:{") && in_jsv.text().ends_with("}]"));
    let one_way = Request::post("/json/oneway/TicketOrder[]").key(&shop.admin);
    let one_way = shop.send(&one_way.json(&json!([orders[0]]))).await;
    assert_eq!((one_way.status, one_way.body.len()), (204, 0));
    assert_eq!(shop.charges(), [4_000; 4]);
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_repeated_batch_is_a_repeat_of_each_item() {
    // Proves that one key for a batch is a key for each item: sent again, nothing is sold again,
    // and one that was ended by a failure goes on where it stopped.
    let shop = Shop::open().await;
    let send = async |orders: &[Value]| {
        shop.send(&batch(&shop, orders).header("Idempotency-Key", "b-1")).await
    };
    let mut orders = adults(&shop, 3);
    orders[2]["order"]["eventId"] = json!("no number");
    let ended = send(&orders).await;
    assert_eq!((ended.status, ended.header(COMPLETED)), (400, Some("2")), "{}", ended.text());
    let meta = ended.json()["responseStatus"]["meta"].clone();
    assert_eq!(meta, json!({ "AutoBatchIndex": "2" }));
    orders[2] = orders[0].clone();
    let whole = send(&orders).await;
    assert_eq!((whole.status, whole.header(COMPLETED)), (200, Some("3")), "{}", whole.text());
    let again = send(&orders).await;
    assert_eq!(again.text(), whole.text());
    assert_eq!(shop.charges(), [4_000; 3]);
    assert_eq!(shop.sales("hekla").await.len(), 3);
}

#[tokio::test]
async fn a_batch_opens_no_door() {
    // Proves that each item is asked who calls, and that limits hold before anything is sold.
    let shop = Shop::open().await;
    let stranger = Request::post("/api/TicketOrder[]").json(&json!(adults(&shop, 2)));
    let answer = shop.send(&stranger).await;
    assert_eq!((answer.status, answer.header(COMPLETED)), (401, Some("0")), "{}", answer.text());
    let reviewer = shop.key(&["MobileApp"], &[]).await;
    let review = Request::post("/api/TicketOrderReview[]").key(&reviewer).json(&json!([{}]));
    assert_eq!(shop.send(&review).await.status, 403);
    let answer = shop.send(&batch(&shop, &adults(&shop, 101))).await;
    assert_eq!(answer.status, 400, "{}", answer.text());
    for (target, body, status) in [
        ("/xml/reply/TicketOrder[]", "<a/>", 405),
        ("/csv/reply/TicketOrder[]", "a", 405),
        ("/api/TicketOrder[]", "{}", 400),
        ("/api/TicketOrder[]", "[{}", 400),
        ("/ticketOrder[]", "[]", 404),
    ] {
        let request = Request::post(target).key(&shop.admin).body("application/json", body);
        assert_eq!(shop.send(&request).await.status, status, "{target} {body}");
    }
    assert!(shop.gateway_log().is_empty());
}

#[tokio::test]
async fn who_hangs_up_leaves_no_half_sale() {
    // Proves that a client that goes in the middle cuts no item, and that the same batch sent again
    // gets the answers without buying again.
    let (shop, gate) = Shop::gated(Engine::Sqlite).await;
    let mut stream = TcpStream::connect(shop.address).await.unwrap();
    let request = batch(&shop, &adults(&shop, 3)).header("Idempotency-Key", "b-1");
    stream.write_all(&request.bytes()).await.unwrap();
    gate.begun(1).await;
    stream.set_zero_linger().unwrap();
    drop(stream);
    gate.open();
    let again = shop.send(&request).await;
    assert_eq!((again.status, again.header(COMPLETED)), (200, Some("3")), "{}", again.text());
    until("the end of what was begun", async || {
        let sales = shop.sales("hekla").await;
        (sales.len() == 3 && sales.iter().all(|sale| !sale.state.holds_places())).then_some(())
    })
    .await;
    assert_eq!(shop.charges(), [4_000; 3]);
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_half_closed_connection_gets_its_answer() {
    // Proves that a client that has said all it has to say still gets the whole answer.
    let shop = Shop::open().await;
    let mut stream = TcpStream::connect(shop.address).await.unwrap();
    stream.write_all(&batch(&shop, &adults(&shop, 2)).bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut received = Vec::new();
    stream.read_to_end(&mut received).await.unwrap();
    assert_eq!(Answer::read(&received).header(COMPLETED), Some("2"));
}
