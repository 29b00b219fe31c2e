//! Orders in URLs, and what a ticket shows as time goes by.

use domain::catalogue::Event;
use domain::facts::{Command, Facts, Halt, Key, Shards};
use domain::ids::{SaleId, Shard};
use domain::record::Kind;
use domain::sale::{Sale, Scan};
use domain::time::{Span, Timestamp};
use serde_json::{Value, json};

use crate::client::{Answer, Request};
use crate::order::{card, parameters, unpaid};
use crate::shop::{NOON, Shop};
use crate::signing::{App, Signing};

async fn get(shop: &Shop, order: &Value, key: Option<&str>) -> Answer {
    let target = format!("/ticketOrder.json?{}", parameters(order));
    let request = Request::get(&target).key(&shop.admin);
    shop.send(&match key {
        Some(key) => request.header("Idempotency-Key", key),
        None => request,
    })
    .await
}

#[tokio::test]
async fn a_url_charges_only_what_can_be_recognised() {
    // Proves that a GET orders what is free, and charges only with a signature or a key, by which
    // it is one order however often it is sent.
    let shop = Shop::open().await;
    shop.take_phones("hekla").await;
    let free = unpaid(&shop, "match", "child", 1);
    assert_eq!(get(&shop, &free, None).await.code(), "OK");
    let mut by_phone = unpaid(&shop, "match", "adult", 1);
    by_phone["paymentPhoneNumber"] = json!("+3545550001");
    let before = shop.traces().await;
    let refused = get(&shop, &by_phone, None).await;
    assert_eq!((refused.status_code(), refused.code()), (403, "SignatureInvalid".to_owned()));
    assert_eq!(shop.traces().await, before);
    let mut free_by_phone = free.clone();
    free_by_phone["paymentPhoneNumber"] = json!("+3545550001");
    assert_eq!(get(&shop, &free_by_phone, None).await.code(), "OK", "it charges nothing");
    let known = get(&shop, &by_phone, Some("once")).await;
    assert_eq!(known.code(), "PaymentPending");
    assert_eq!(get(&shop, &by_phone, Some("once")).await.token(), known.token());
    let app = App::new(&shop).await;
    let signed = Signing::new(&shop, &app, "phone").sign(&by_phone);
    let first = get(&shop, &signed, None).await;
    assert_eq!(first.code(), "PaymentPending", "{}", first.text());
    assert_eq!(get(&shop, &signed, None).await.token(), first.token());
    assert_eq!(shop.sales("hekla").await.len(), 4);
}

#[tokio::test]
async fn cards_and_proofs_in_urls_are_refused() {
    // Proves that nothing that pays is read from a URL, and that nothing happens.
    let shop = Shop::open().await;
    let before = shop.traces().await;
    for (member, value) in [
        ("cardInfo", card("4242424242424242")),
        ("applePayInfo", json!({ "threeDSecure": { "cavv": "AAAA" } })),
        ("borgun3DFinalInfo", json!({ "threeDSecure": { "mpiToken": "t" } })),
    ] {
        let mut order = unpaid(&shop, "match", "child", 1);
        order[member] = value;
        let answer = get(&shop, &order, Some("key")).await;
        assert_eq!(answer.error().0, 400, "{member}: {}", answer.text());
        assert_eq!(answer.error().1, "CardDataInUrl", "{member}");
        assert!(!answer.text().contains("4242") && !answer.text().contains("AAAA"));
    }
    assert_eq!(shop.traces().await, before);
}

#[tokio::test]
async fn proofs_in_urls_are_refused_everywhere() {
    // Proves that no operation reads a cryptogram, a proof or a card's token from its URL.
    let shop = Shop::open().await;
    let before = shop.traces().await;
    for (path, member) in [
        ("/OrderOwnerCards", "applePayInfo"),
        ("/OrderOwnerCards", "borgun3DFinalInfo"),
        ("/transferTicket/payTopupWith3DSecure", "borgunCardToken"),
        ("/transferTicket/payTopupWith3DSecure", "BORGUNMPITOKEN"),
        ("/transferTicket/startTopup3DSecure", "cres"),
        ("/threeDSecure/finish", "cres"),
    ] {
        let target = format!("{path}.json?{member}=AAAA");
        let answer = shop.send(&Request::post(&target).key(&shop.admin).json(&json!({}))).await;
        let (status, code, _) = answer.error();
        assert_eq!((status, code.as_str()), (400, "CardDataInUrl"), "{target}");
        assert!(!answer.text().contains("AAAA"), "{target}");
    }
    assert_eq!(shop.traces().await, before);
}

/// Changes what is stored by hand.
struct ByHand<F>(Shard, F);

impl<F: Fn(&mut Facts<'_>) -> Result<(), Halt> + Send + 'static> Command for ByHand<F> {
    type Outcome = ();

    fn shards(&self) -> Shards {
        Shards::One(self.0)
    }

    fn keys(&self, _now: Timestamp, _keys: &mut Vec<Key>) {}

    fn decide(&self, facts: &mut Facts<'_>, _now: Timestamp) -> Result<(), Halt> {
        (self.1)(facts)
    }
}

async fn found(shop: &Shop, id: &Value) -> Value {
    let body = json!({ "ticketId": id });
    let request = Request::post("/ticketOrder/find.json").key(&shop.admin).json(&body);
    shop.send(&request).await.json()["results"][0].clone()
}

#[tokio::test]
async fn codes_are_shown_when_the_gates_open() {
    // Proves that an order shows no code before the gates open, that whoever looks later sees one
    // with its times, and what becomes of the ticket when it is used and when all is over.
    let shop = Shop::open().await;
    let hekla = Shard(shop.number("organiser", "hekla"));
    let event = Key::number(hekla, Kind::Event, shop.number("event", "match"));
    let gates = ByHand(hekla, move |facts: &mut Facts<'_>| {
        if let Some(event) = facts.edit::<Event>(event)? {
            event.rules.gates_open_minutes = Some(90);
        }
        Ok(())
    });
    shop.store().submit(gates).await.unwrap();
    shop.reload(hekla).await;
    let order = shop.order(&unpaid(&shop, "match", "child", 2)).await;
    let ticket = order.ticket();
    assert_eq!((&ticket["scanCodeNotActive"], &ticket["scanCode"]), (&json!(true), &Value::Null));
    let lines = &order.json()["ticketAndDetails"]["eventTicketDetails"];
    assert_eq!(lines[0]["gateAccessCodes"], json!([]));
    let starts = Timestamp(NOON.0).after(Span::hours(28 * 24 + 4));
    shop.clock.set(starts.before(Span::minutes(90)));
    let shown = found(&shop, &ticket["id"]).await;
    assert_eq!(shown["eventTicket"]["scanCodeNotActive"], false);
    assert_eq!((&shown["eventIsToday"], &shown["minutesToEvent"]), (&json!(true), &json!(90)));
    let codes = shown["eventTicketDetails"][0]["gateAccessCodes"].as_array().unwrap().clone();
    assert_eq!(codes.len(), 2);
    assert_eq!(codes[0]["code"], shown["eventTicket"]["scanCode"]);
    assert!(codes[0]["validFrom"].is_string() && codes[1]["codeUrl"].is_string());
    let sale = Sale::key_of(hekla, SaleId(u32::try_from(ticket["id"].as_u64().unwrap()).unwrap()));
    let scan = ByHand(hekla, move |facts: &mut Facts<'_>| {
        if let Some(sale) = facts.edit::<Sale>(sale)? {
            let (gate, device) = ("north".to_owned(), None);
            let (told_at, is_invalid) = (None, false);
            let scan = Scan { admission: 1, at: starts, gate, device, told_at, is_invalid };
            sale.scans.push(scan);
        }
        Ok(())
    });
    shop.store().submit(scan).await.unwrap();
    shop.clock.set(starts.after(Span::hours(5)));
    let used = found(&shop, &ticket["id"]).await["eventTicket"].clone();
    let status = (&used["ticketStatus"], &used["lastTicketStatus"]);
    assert_eq!(status, (&json!("Activated"), &json!("Bought")));
    assert_eq!(
        (&used["ticketHasExpired"], &used["timestampActivated"].is_string()),
        (&json!(false), &true)
    );
    assert_eq!(used["timestampActivated"], used["timeStampLastStatusChange"]);
}
