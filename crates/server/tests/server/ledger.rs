//! The books as a bookkeeper reads them, and lists over all organisers.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::client::{Answer, Request};
use crate::order::paid;
use crate::shop::Shop;

async fn get(shop: &Shop, key: &str, path: &str) -> Answer {
    shop.send(&Request::get(path).key(key).accept("application/json")).await
}

fn amount(value: &Value) -> Decimal {
    value["amount"].to_string().parse().unwrap()
}

fn rows<'a>(answer: &'a Value, list: &str) -> &'a [Value] {
    answer[list].as_array().unwrap_or_else(|| panic!("{answer}"))
}

/// Two orders of the match, one of them refunded, and one of Esja's own event.
async fn sold(shop: &Shop) {
    let tokens = [
        shop.order(&paid(shop, "match", "adult", 1)).await.token(),
        shop.order(&paid(shop, "match", "adult", 2)).await.token(),
        shop.order(&paid(shop, "away", "esja-adult", 1)).await.token(),
    ];
    let refund = json!({ "ticketTokenIds": [tokens[0]] });
    let refund = Request::post("/refund/process.json").key(&shop.admin).json(&refund);
    assert_eq!(shop.send(&refund).await.code(), "OK");
}

#[tokio::test]
async fn balances_add_up() {
    // Proves that balances and entries of a club add up to zero and agree with what was sold, that
    // pages of entries hold each once, and that 0 is all clubs in the caller's scope.
    let shop = Shop::open().await;
    sold(&shop).await;
    let (hekla, esja) = (shop.number("organiser", "hekla"), shop.number("organiser", "esja"));
    let own = shop.key(&["TeamAdmin"], &["hekla"]).await;
    let told = get(&shop, &own, &format!("/ledger/balances/{hekla}")).await.json();
    assert_eq!(rows(&told, "balances").iter().map(amount).sum::<Decimal>(), Decimal::ZERO);
    let clearing = rows(&told, "sums").iter().find(|sum| sum["sort"] == "gateway_clearing");
    assert_eq!(clearing.map(amount), Some(Decimal::from(8_000)), "{told}");

    let path = format!("/ledger/entries/{hekla}?take=1");
    let (mut kinds, mut after) = (Vec::new(), String::new());
    loop {
        let page = get(&shop, &own, &format!("{path}{after}")).await.json();
        for entry in rows(&page, "entries") {
            assert_eq!(rows(entry, "legs").iter().map(amount).sum::<Decimal>(), Decimal::ZERO);
            kinds.push(entry["kind"].as_str().unwrap().to_owned());
        }
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    kinds.sort_unstable();
    assert_eq!(kinds, ["refund_ordered", "returned", "sold", "sold"]);
    let sale = shop.sales("hekla").await[0].id.0;
    let of_sale = get(&shop, &own, &format!("/ledger/entries/{hekla}?sourceId={sale}")).await;
    assert_eq!(rows(&of_sale.json(), "entries").len(), 3);
    let later = format!("/ledger/entries/{hekla}?sinceUTC=2099-01-01");
    assert_eq!(rows(&get(&shop, &own, &later).await.json(), "entries").len(), 0);

    for (path, list) in [("/ledger/balances/0", "balances"), ("/payouts/owed/0", "events")] {
        for (key, expected) in [(&own, vec![hekla]), (&shop.admin, vec![hekla, esja])] {
            let told = get(&shop, key, path).await.json();
            let mut owners: Vec<_> =
                rows(&told, list).iter().map(|row| row["eventOwnerId"].clone()).collect();
            owners.dedup();
            let mut expected: Vec<_> = expected.into_iter().map(Value::from).collect();
            expected.sort_by_key(Value::as_u64);
            assert_eq!(owners, expected, "{path}");
        }
    }
}

#[tokio::test]
async fn calls_in_doubt_are_listed() {
    // Proves that a charge of which nobody knows is listed to its club and to an Admin alone.
    let shop = Shop::open().await;
    let token = shop.order(&paid(&shop, "match", "answer-lost", 1)).await.token();
    shop.order(&paid(&shop, "match", "adult", 1)).await;
    let own = shop.key(&["TeamAdmin"], &["hekla"]).await;
    let other = shop.key(&["TeamAdmin"], &["esja"]).await;
    for (key, count) in [(&own, 1), (&shop.admin, 1), (&other, 0)] {
        let told = get(&shop, key, "/ledger/attempts/0").await.json();
        let attempts = rows(&told, "attempts");
        assert_eq!(attempts.len(), count, "{told}");
        for attempt in attempts {
            assert_eq!(attempt["ticketTokenId"], json!(token));
            assert_eq!(
                (&attempt["state"], &attempt["verb"]),
                (&json!("unknown"), &json!("charge"))
            );
            assert_eq!(amount(attempt), Decimal::from(666));
        }
    }
}

#[tokio::test]
async fn books_of_others_are_closed() {
    // Proves who is refused and what numbers are, for each list.
    let shop = Shop::open().await;
    let hekla = shop.number("organiser", "hekla");
    let (other, app) =
        (shop.key(&["TeamAdmin"], &["esja"]).await, shop.key(&["MobileApp"], &[]).await);
    for list in ["/ledger/balances", "/ledger/entries", "/ledger/attempts", "/payouts/owed"] {
        let path = format!("{list}/{hekla}");
        assert_eq!(get(&shop, &other, &path).await.code(), "OwnerScopeDenied", "{path}");
        assert_eq!(get(&shop, &app, &path).await.status, 403, "{path}");
        assert_eq!(get(&shop, "nobody", &path).await.status, 401, "{path}");
        let negative = get(&shop, &shop.admin, &format!("{list}/-1")).await;
        assert_eq!(negative.fields(), ["EventOwnerId"], "{path}");
    }
    for (query, field) in [("after=x", "After"), ("take=0", "Take"), ("take=1001", "Take")] {
        let path = format!("/ledger/entries/{hekla}?{query}");
        assert_eq!(get(&shop, &shop.admin, &path).await.fields(), [field], "{path}");
    }
}
