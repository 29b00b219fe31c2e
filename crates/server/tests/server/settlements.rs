//! Settlements of gateways over HTTP: what is booked, what is asked, and what is refused.

use std::sync::Arc;

use domain::attempt::{Attempt, Verb};
use domain::sale::Sale;
use serde_json::{Value, json};

use crate::client::{Answer, Request};
use crate::order::paid;
use crate::shop::{Engine, Shop};

const IMPORT: &str = "/ledger/settlements";

/// A club with two orders of 4000 and 8000, the first of them refunded: three payments to settle.
async fn sold(shop: &Shop) -> Vec<(Arc<Sale>, Attempt)> {
    let token = shop.order(&paid(shop, "match", "adult", 1)).await.token();
    shop.order(&paid(shop, "match", "adult", 2)).await;
    let refund = json!({ "ticketTokenIds": [token] });
    assert_eq!(post(shop, "/refund/process", &refund).await.code(), "OK");
    payments(shop).await
}

async fn payments(shop: &Shop) -> Vec<(Arc<Sale>, Attempt)> {
    let sales = shop.sales("hekla").await;
    let pairs = sales
        .iter()
        .flat_map(|sale| sale.attempts.iter().map(|attempt| (Arc::clone(sale), attempt.clone())));
    pairs.collect()
}

async fn post(shop: &Shop, path: &str, body: &Value) -> Answer {
    shop.send(&Request::post(&format!("{path}.json")).key(&shop.admin).json(body)).await
}

async fn get(shop: &Shop, path: &str) -> Value {
    let request = Request::get(path).key(&shop.admin).accept("application/json");
    shop.send(&request).await.json()
}

fn file(content: &str) -> Value {
    json!({ "gateway": "sandbox", "format": "plain", "fileName": "monday.csv",
            "content": content })
}

/// A file in the till's own columns: one line a payment, with a fee of 100 for each charge.
fn plain(payments: &[(Arc<Sale>, Attempt)]) -> String {
    let mut text = "line,kind,key,amount,fee,net,currency,date,payout\n".to_owned();
    for (index, (_, attempt)) in payments.iter().enumerate() {
        let Attempt { key, moved, .. } = attempt;
        text += &match attempt.verb {
            Verb::Refund => {
                format!("l{index},refund,{key},-{moved},0,-{moved},ISK,2027-05-02,p1\n")
            }
            _ => {
                let net = moved - 100;
                format!("l{index},charge,{key},{moved},100,{net},ISK,2027-05-02,p1\n")
            }
        };
    }
    text
}

async fn balance(shop: &Shop, sort: &str) -> i64 {
    let told = get(shop, "/ledger/balances/0").await;
    let sums = told["sums"].as_array().unwrap();
    let sum = sums.iter().find(|sum| sum["sort"] == sort);
    sum.map_or(0, |sum| sum["amount"].to_string().parse().unwrap())
}

async fn unsettled(shop: &Shop) -> usize {
    let path = format!("/ledger/unsettled/{}", shop.number("organiser", "hekla"));
    get(shop, &path).await["payments"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_file_is_taken_once() {
    // Proves on each engine that what agrees is booked, that the same file, and the same lines in
    // another file, change nothing, that the lists tell it, and that the check agrees.
    for engine in Engine::ALL {
        let shop = Shop::with(engine, |sandbox| Arc::new(sandbox)).await;
        let payments = sold(&shop).await;
        assert_eq!((balance(&shop, "gateway_clearing").await, unsettled(&shop).await), (8_000, 3));
        let text = plain(&payments);
        let told = post(&shop, IMPORT, &file(&text)).await.json();
        assert_eq!(told["file"]["settled"], 3, "{told}");
        let sum = &told["file"]["sums"][0];
        let expected = json!({ "currency": "ISK", "charges": 12_000, "refunds": 4_000,
                               "fees": 200, "net": 7_800 });
        assert_eq!(sum, &expected);
        assert_eq!((balance(&shop, "gateway_clearing").await, unsettled(&shop).await), (0, 0));
        assert_eq!(balance(&shop, "bank").await, 7_800);
        assert_eq!(balance(&shop, "gateway_fee_expense").await, 200);
        shop.assert_all_is_well().await;

        let before = shop.traces().await;
        let again = post(&shop, IMPORT, &file(&text)).await.json();
        assert_eq!((&again["alreadyTaken"], &again["file"]["settled"]), (&json!(true), &json!(3)));
        let overlapping = post(&shop, IMPORT, &file(&format!("\u{feff}{text}"))).await.json();
        assert_eq!(
            (&overlapping["file"]["settled"], &overlapping["file"]["repeated"]),
            (&json!(0), &json!(3)),
            "{overlapping}"
        );
        assert_eq!(shop.traces().await, before);
        let list = get(&shop, IMPORT).await;
        assert_eq!(list["files"].as_array().unwrap().len(), 2, "{list}");
        assert_eq!(list["files"][1]["fileName"], "monday.csv");
        let audit = get(&shop, "/audit?take=1000").await.to_string();
        assert!(audit.contains("monday.csv of gateway sandbox"), "{audit}");
    }
}

#[tokio::test]
async fn each_format_is_understood() {
    // Proves that the columns of each gateway lead to the right payments, by key and by reference,
    // and a refund that is named by its charge to that refund.
    let reference = |attempt: &Attempt| attempt.approval.as_ref().unwrap().reference.clone();
    for format in ["stripe", "borgun", "phone"] {
        let shop = Shop::open().await;
        let payments = sold(&shop).await;
        let is = |verb: Verb| payments.iter().find(|(_, it)| it.verb == verb).unwrap().1.clone();
        let (refund, first) = (is(Verb::Refund), is(Verb::Charge));
        let second = payments.iter().rev().find(|(_, it)| it.verb == Verb::Charge);
        let second = second.unwrap().1.clone();
        let text = match format {
            "stripe" => format!(
                "balance_transaction_id,created_utc,currency,gross,fee,net,reporting_category,\
                 source_id,payment_intent_id,payment_metadata[guichet_key],automatic_payout_id\r\n\
                 txn_1,2027-05-02 10:00:00,isk,4000.00,90.00,3910.00,charge,ch_1,pi_1,{},po_1\r\n\
                 txn_2,2027-05-02 10:00:00,isk,8000.00,180.00,7820.00,charge,ch_2,{},,po_1\r\n\
                 txn_3,2027-05-02 11:00:00,isk,-4000.00,0.00,-4000.00,refund,{},pi_1,{},po_1\r\n\
                 txn_4,2027-05-03 00:00:00,isk,-7730.00,0.00,-7730.00,payout,po_1,,,po_1\r\n",
                first.key,
                reference(&second),
                reference(&refund),
                first.key
            ),
            "borgun" => format!(
                "Transaction Number;Transaction Type;OrderId;TransactionId;Amount;Commission;\
                 Net Amount;Currency;Transaction Date;Batch Number\n\
                 1;Sale;{};;4.000,00;-90,00;3.910,00;ISK;02.05.2027;77\n\
                 2;Sale;;{};8.000;180;7.820;352;02.05.2027;77\n\
                 3;Refund;{};;-4.000;0;-4.000;ISK;02.05.2027;77\n",
                gateway::borgun::order_id(&first.key),
                reference(&second),
                gateway::borgun::order_id(&first.key)
            ),
            _ => format!(
                "Reikningsnúmer;Dags.;Upphæð;Þóknun;Til greiðslu;Tilvísun\n\
                 1;2.5.2027;4000;90;3910;{}\n2;2.5.2027;8000;180;7820;\"{}\"\n\
                 3;2.5.2027;-4000;0;-4000;{}\n",
                first.key,
                reference(&second),
                refund.key
            ),
        };
        let body = json!({ "gateway": "sandbox", "format": format, "content": text });
        let told = post(&shop, IMPORT, &body).await.json();
        assert_eq!(told["file"]["settled"], 3, "{format}: {told}");
        assert_eq!(told["file"]["sums"][0]["fees"], 270, "{format}");
        let others = told["others"].as_array().unwrap().len();
        assert_eq!(others, usize::from(format == "stripe"), "{told}");
        assert_eq!(balance(&shop, "gateway_clearing").await, 0, "{format}");
        shop.assert_all_is_well().await;
    }
}

#[tokio::test]
async fn differences_are_asked_and_accepted() {
    // Proves that each difference becomes one task, of its club or of the house, that a dry run
    // tells the same and does nothing, and that an amount can be accepted once.
    let shop = Shop::open().await;
    let payments = sold(&shop).await;
    let (key, other) = (&payments[0].1.key, &payments[2].1.key);
    let text = format!(
        "line,kind,key,amount,fee,net,currency\na,charge,{key},3900,0,3900,ISK\n\
         b,charge,att_1_99_1_00,700,0,700,ISK\nc,chargeback,{other},-8000,1500,-9500,ISK\n"
    );
    let before = shop.traces().await;
    let mut body = file(&text);
    body["dryRun"] = json!(true);
    let dry = post(&shop, IMPORT, &body).await.json();
    let kinds = |told: &Value| -> Vec<String> {
        let rows = told["differences"].as_array().unwrap().iter();
        rows.map(|row| row["kind"].as_str().unwrap().to_owned()).collect()
    };
    let expected = ["WrongAmount", "UnknownPayment", "ChargedBack"];
    assert_eq!(kinds(&dry), expected, "{dry}");
    assert_eq!(shop.traces().await, before);
    let tasks = async || get(&shop, "/tasks/0").await["tasks"].as_array().unwrap().clone();
    assert!(tasks().await.is_empty(), "a dry run asks nobody");

    let told = post(&shop, IMPORT, &file(&text)).await.json();
    assert_eq!(kinds(&told), expected, "{told}");
    assert_eq!(shop.traces().await, before, "nothing is booked");
    let owners: Vec<_> = tasks().await.iter().map(|it| it["eventOwnerId"].clone()).collect();
    let hekla = shop.number("organiser", "hekla");
    assert_eq!(owners, [json!(0), json!(hekla), json!(hekla)]);
    let own = shop.key(&["TeamAdmin"], &["hekla"]).await;
    let list = Request::get("/tasks/0").key(&own).accept("application/json");
    let list = shop.send(&list).await.json();
    assert_eq!(list["tasks"].as_array().unwrap().len(), 2, "the house's are an Admin's: {list}");

    let id = &told["differences"][0]["differenceId"];
    let accept = json!({ "differenceId": id, "reason": "a coin was lost" });
    let path = "/ledger/settlements/accept";
    assert_eq!(post(&shop, path, &accept).await.json()["alreadySettled"], false);
    assert_eq!(post(&shop, path, &accept).await.json()["alreadySettled"], true);
    assert_eq!((balance(&shop, "goodwill").await, balance(&shop, "bank").await), (100, 3_900));
    let house = tasks().await[0]["taskId"].clone();
    let done = json!({ "eventOwnerId": 0, "taskId": house, "note": "it was the other till's" });
    let team = Request::post("/tasks/done.json").key(&own).json(&done);
    assert_eq!(shop.send(&team).await.fields(), ["EventOwnerId"]);
    assert_eq!(post(&shop, "/tasks/done", &done).await.code(), "OK");
    assert_eq!(tasks().await.len(), 1);
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn what_stays_away_is_missed() {
    // Proves that a payment older than asked for is told and asked about once, also by the next
    // file, and that a later settlement closes its task.
    let shop = Shop::open().await;
    let payments = sold(&shop).await;
    let late = |days: i32, line: &str| {
        let text = format!(
            "line,kind,key,amount,currency,date\n{line},charge,{},4000,ISK,2027-05-20\n",
            payments[0].1.key
        );
        let mut body = file(&text);
        body["missingAfterDays"] = json!(days);
        body
    };
    let told = post(&shop, IMPORT, &late(100, "x")).await.json();
    assert_eq!((&told["missing"], &told["missingAsked"]), (&json!(0), &json!(0)));
    let told = post(&shop, IMPORT, &late(14, "y")).await.json();
    assert_eq!((&told["missing"], &told["missingAsked"]), (&json!(2), &json!(2)), "{told}");
    let open = async || get(&shop, "/tasks/0").await["tasks"].as_array().unwrap().len();
    assert_eq!(open().await, 3, "two that stay away, and a second line for the first payment");
    assert_eq!(
        post(&shop, IMPORT, &file(&plain(&payments[1..]))).await.json()["file"]["settled"],
        2
    );
    assert_eq!(open().await, 1);
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn requests_are_refused_whole() {
    // Proves of each wrong request that it names the member, and of each that nothing changed.
    let shop = Shop::open().await;
    let payments = sold(&shop).await;
    let before = shop.traces().await;
    let text = plain(&payments);
    let with = |member: &str, value: Value| {
        let mut body = file(&text);
        body[member] = value;
        body
    };
    let foreign: String = (0..101).map(|n| format!("{n},charge,no{n},5,ISK\n")).collect();
    for (body, field, says) in [
        (with("gateway", Value::Null), "Gateway", "needed"),
        (with("gateway", json!("x".repeat(101))), "Gateway", "100"),
        (with("gateway", json!("sandbux")), "Gateway", "no payment ever went"),
        (with("format", json!("excel")), "Format", "plain, stripe"),
        (with("fileName", json!("x".repeat(101))), "FileName", "100"),
        (with("content", json!(" ")), "Content", "Send the file"),
        (with("content", json!("a,b\n1,2\n")), "Content", "there is no column amount"),
        (with("content", json!(format!("{text}x,charge"))), "Content", "line 5: it has 2 cells"),
        (with("missingAfterDays", json!(0)), "MissingAfterDays", "3650"),
        (
            file(&format!("line,kind,key,amount,currency\n{foreign}")),
            "Content",
            "another till or gateway",
        ),
    ] {
        let answer = post(&shop, IMPORT, &body).await;
        assert_eq!(answer.fields(), [field], "{}", answer.text());
        assert!(answer.text().contains(says), "{}", answer.text());
    }
    let path = "/ledger/settlements/accept";
    let accept = |id: &str| json!({ "differenceId": id, "reason": "why not" });
    assert_eq!(post(&shop, path, &accept("zz")).await.fields(), ["DifferenceId"]);
    assert_eq!(post(&shop, path, &json!({ "differenceId": "5" })).await.fields(), ["Reason"]);
    assert_eq!(post(&shop, path, &accept("5")).await.code(), "DifferenceNotFound");
    let dispute =
        format!("line,kind,key,amount,currency\nd,chargeback,{},5,ISK\n", payments[0].1.key);
    let told = post(&shop, IMPORT, &file(&dispute)).await.json();
    let id = told["differences"][0]["differenceId"].as_str().unwrap().to_owned();
    assert_eq!(post(&shop, path, &accept(&id)).await.code(), "DifferenceNotAcceptable");
    assert_eq!(shop.traces().await, before);
    let hekla = shop.number("organiser", "hekla");
    let other = shop.key(&["TeamAdmin"], &["esja"]).await;
    let path = format!("/ledger/unsettled/{hekla}");
    let request = Request::get(&path).key(&other).accept("application/json");
    assert_eq!(shop.send(&request).await.code(), "OwnerScopeDenied");
}

#[tokio::test]
async fn many_at_once_book_once() {
    // Proves that 64 callers who bring overlapping files at the same moment book each line once.
    let shop = Shop::with(Engine::Sqlite, |sandbox| Arc::new(sandbox)).await;
    let payments = sold(&shop).await;
    let text = plain(&payments);
    let files: Vec<Value> =
        (0..64).map(|n| file(&format!("{text}{}", "\n".repeat(n % 8)))).collect();
    let answers = files.iter().map(|body| {
        let request = Request::post("/ledger/settlements.json").key(&shop.admin).json(body);
        let address = shop.address;
        tokio::spawn(async move { request.send(address).await })
    });
    for answer in answers.collect::<Vec<_>>() {
        assert_eq!(answer.await.unwrap().code(), "OK");
    }
    assert_eq!(balance(&shop, "gateway_clearing").await, 0);
    assert_eq!(balance(&shop, "bank").await, 7_800);
    assert_eq!(get(&shop, IMPORT).await["files"].as_array().unwrap().len(), 8);
    shop.assert_all_is_well().await;
}
