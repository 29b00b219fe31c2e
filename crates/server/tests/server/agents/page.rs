//! The page behind an order's payment link, without a browser: what it answers, what it charges,
//! and that it keeps secrets.

use std::sync::Arc;

use domain::time::Span;
use serde_json::{Value, json};

use super::desk::{DECLINED, Desk, GOOD};
use crate::client::{Answer, Request};
use crate::shop::until;

const CHALLENGE: &str = "4000002760003184";
const FORM: &str = "application/x-www-form-urlencoded";

/// The path of the page of an order.
async fn link(desk: &Desk, uid: &str) -> String {
    let (status, told) = ask(desk, &desk.agent, uid, 0).await;
    assert_eq!(status, 200, "{told}");
    let url = told["PaymentPageUrl"].as_str().unwrap();
    url.strip_prefix("http://till").unwrap().to_owned()
}

async fn ask(desk: &Desk, key: &str, uid: &str, hours: i64) -> (u16, Value) {
    let target = format!("/v1/OrderHeaders/{uid}/PaymentLink");
    desk.send(key, "POST", &target, &json!({ "ValidHours": hours })).await
}

async fn open(desk: &Desk, path: &str) -> Answer {
    desk.shop.send(&Request::get(path).header("Accept-Language", "en")).await
}

async fn submit(desk: &Desk, path: &str, form: &str) -> Answer {
    let request = Request::post(path).body(FORM, form).header("Accept-Language", "en");
    desk.shop.send(&request).await
}

fn location(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    let url = answer.header("Location").unwrap();
    url.strip_prefix("http://till").unwrap_or(url).to_owned()
}

/// Sends a form and follows where it leads.
async fn follow(desk: &Desk, path: &str, form: &str) -> String {
    let onward = location(&submit(desk, path, form).await);
    open(desk, &onward).await.text()
}

/// A value that a form of the page carries.
fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let value = page.split(&start).nth(1).unwrap_or_else(|| panic!("no {name} in {page}"));
    value.split('"').next().unwrap().to_owned()
}

/// What the page's form sends for a card.
fn card(page: &str, number: &str) -> String {
    let secret = hidden(page, "clientSecret");
    format!("act=pay&clientSecret={secret}&pan={number}&expMonth=12&expYear=2036&cvc=123")
}

fn expect(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
}

#[tokio::test]
async fn a_customer_pays_an_order() {
    // Proves the whole way: the order is shown and nothing is begun by looking; the payment is
    // opened, its secret is in the page alone; it is paid once, and its receipt is shown.
    let desk = Desk::open().await;
    let uid = desk.order().await;
    let link = link(&desk, &uid).await;
    let page = open(&desk, &link).await;
    let parts = ["Hálendisferðir", "1 × Week", "ISK 14,880", "ISK 2,880", "Go on to pay"];
    expect(&page.text(), &parts);
    assert_eq!(desk.opened(), 0, "to look begins nothing");
    let policy = page.header("Content-Security-Policy").unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert!(!policy.contains("stripe"), "{policy}");
    assert_eq!(page.header("Referrer-Policy"), Some("no-referrer"));
    assert_eq!(page.header("Cache-Control"), Some("no-store"));
    assert!(!page.text().contains("clientSecret"), "nothing is open yet");

    let form = follow(&desk, &link, "act=begin").await;
    expect(&form, &["cc-number", "cc-csc", "_secret_", "Pay ISK 14,880"]);
    follow(&desk, &link, "act=begin").await;
    assert_eq!(desk.opened(), 1, "one open payment");
    for _ in 0..2 {
        // Twice: a form that is sent again charges nobody again.
        let paid = follow(&desk, &link, &card(&form, GOOD)).await;
        expect(&paid, &["It is paid", "•••• 4242", "ISK 14,880"]);
        assert!(!paid.contains("clientSecret"), "{paid}");
    }
    assert_eq!(desk.moved(), [14_880]);
    assert_eq!(desk.header(&uid).await["OrderStatusText"], json!("Paid"));
    let late = ask(&desk, &desk.agent, &uid, 0).await;
    assert_eq!(late.1["ResponseStatus"]["ErrorCode"], json!("OrderNotOpen"), "{late:?}");
    desk.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_bank_asks_and_the_order_is_paid() {
    // Proves that a card whose bank asks leads there and back, that the link's handle is not stored
    // with the authentication, and that a refused challenge charges nothing.
    let desk = Desk::open().await;
    let link = link(&desk, &desk.order().await).await;
    let form = follow(&desk, &link, "act=begin").await;
    for (answer, told) in [("fail", "did not confirm that it is you"), ("ok", "One step is left")] {
        let challenge = location(&submit(&desk, &link, &card(&form, CHALLENGE)).await);
        assert!(challenge.starts_with("/sandbox/challenge/"), "{challenge}");
        let bank = open(&desk, &challenge).await.text();
        let back = bank.split("action=\"http://till").nth(1).unwrap();
        let back = back.split('"').next().unwrap();
        let onward = location(&submit(&desk, back, &format!("cres={answer}")).await);
        let token = link.rsplit('/').next().unwrap();
        assert!(onward.starts_with("/pay/return/") && !onward.contains(token), "{onward}");
        let last = location(&open(&desk, &onward).await);
        assert!(last.starts_with(&link), "{last}");
        let page = open(&desk, &last).await.text();
        expect(&page, &[told]);
        assert_eq!(desk.moved(), [0_i64; 0]);
        if answer == "ok" {
            let (order_id, secret) = (hidden(&page, "orderId"), hidden(&page, "clientSecret"));
            let proved = format!("act=pay&orderId={order_id}&clientSecret={secret}");
            for _ in 0..2 {
                expect(&follow(&desk, &link, &proved).await, &["It is paid"]);
            }
        }
    }
    assert_eq!(desk.moved(), [14_880]);
    desk.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_proof_pays_its_own_order_only() {
    // Proves that what a holder proved at one order's page pays no other, of the same amount.
    let desk = Desk::open().await;
    let own = link(&desk, &desk.order().await).await;
    let other = link(&desk, &desk.order().await).await;
    let form = follow(&desk, &own, "act=begin").await;
    let others = follow(&desk, &other, "act=begin").await;
    let challenge = location(&submit(&desk, &own, &card(&form, CHALLENGE)).await);
    let bank = open(&desk, &challenge).await.text();
    let back = bank.split("action=\"http://till").nth(1).unwrap().split('"').next().unwrap();
    let onward = location(&submit(&desk, back, "cres=ok").await);
    let last = location(&open(&desk, &onward).await);
    let order_id = hidden(&open(&desk, &last).await.text(), "orderId");
    let stolen = format!("act=pay&orderId={order_id}&clientSecret=");
    let stolen = format!("{stolen}{}", hidden(&others, "clientSecret"));
    let page = submit(&desk, &other, &stolen).await.text();
    expect(&page, &["did not confirm that it is you"]);
    assert_eq!(desk.moved(), [0_i64; 0]);
    let shown = open(&desk, &format!("{other}?orderId={order_id}&status=passed")).await.text();
    assert!(!shown.contains("One step is left"), "{shown}");
}

#[tokio::test]
async fn a_decline_may_be_mended() {
    // Proves that a decline and a slip are told with another try, without the card, and that the
    // next card pays the same payment.
    let desk = Desk::open().await;
    let link = link(&desk, &desk.order().await).await;
    let form = follow(&desk, &link, "act=begin").await;
    let wrong = submit(&desk, &link, &card(&form, "4242424242424241")).await.text();
    expect(&wrong, &["The card number, its month or its year is not right", "cc-number"]);
    assert!(!wrong.contains("4242424242424241"), "a card is never shown again");
    let declined = follow(&desk, &link, &card(&form, DECLINED)).await;
    expect(&declined, &["The card was declined. Nothing was charged", "cc-number"]);
    let paid = follow(&desk, &link, &card(&form, GOOD)).await;
    expect(&paid, &["It is paid"]);
    assert_eq!((desk.opened(), desk.moved()), (1, vec![14_880]));
    desk.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn only_what_was_seen_is_paid() {
    // Proves that a form of a payment that was given up pays nothing: not the changed order, and
    // not another payment; and that the customer is told to look at the new sum.
    let desk = Desk::open().await;
    let uid = desk.order().await;
    let link = link(&desk, &uid).await;
    let form = follow(&desk, &link, "act=begin").await;
    desk.add_line(&uid, 1_000).await;
    let told = submit(&desk, &link, &card(&form, GOOD)).await.text();
    expect(&told, &["The order was changed", "ISK 15,880", "Go on to pay"]);
    let anew = follow(&desk, &link, "act=begin").await;
    let told = submit(&desk, &link, &card(&form, GOOD)).await.text();
    expect(&told, &["The order was changed", "Pay ISK 15,880"]);
    for secret in ["", "clientSecret=", "clientSecret=pi_secret_"] {
        let body = format!("act=pay&{secret}&pan={GOOD}&expMonth=12&expYear=2036&cvc=123");
        expect(&submit(&desk, &link, &body).await.text(), &["The order was changed"]);
    }
    assert_eq!(desk.moved(), [0_i64; 0]);
    expect(&follow(&desk, &link, &card(&anew, GOOD)).await, &["It is paid"]);
    assert_eq!(desk.moved(), [15_880]);
    desk.shop.assert_all_is_well().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_forms_charge_once() {
    // Proves that however often a form is sent at once, one payment is opened and charged once.
    let desk = Arc::new(Desk::open().await);
    let link = link(&desk, &desk.order().await).await;
    let all = |body: String| {
        let tasks: Vec<_> = (0..64)
            .map(|_| {
                let (desk, link, body) = (Arc::clone(&desk), link.clone(), body.clone());
                tokio::spawn(async move { submit(&desk, &link, &body).await.status })
            })
            .collect();
        async move {
            for task in tasks {
                assert!([200, 303, 503].contains(&task.await.unwrap()));
            }
        }
    };
    all("act=begin".into()).await;
    assert_eq!(desk.opened(), 1);
    let form = open(&desk, &link).await.text();
    all(card(&form, GOOD)).await;
    assert_eq!(desk.moved(), [14_880]);
    expect(&open(&desk, &link).await.text(), &["It is paid"]);
    desk.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn links_end() {
    // Proves what an unknown, a late and a cancelled link say, in both languages, that a link asked
    // for again is the same one, and that what is secret is refused in an address.
    let desk = Desk::open().await;
    let uid = desk.order().await;
    let link = link(&desk, &uid).await;
    let (token, last) = link.split_at(link.len() - 1);
    let other = if last == "A" { "E" } else { "A" };
    let tokens = [
        format!("{token}{other}"),
        "/pay/x".into(),
        "/pay/AAAAAQAAAAEAAAAAAAAAAAAAAAAAAAAA".into(),
    ];
    for path in tokens {
        let unknown = open(&desk, &path).await;
        assert_eq!(unknown.status, 404);
        assert!(unknown.text().contains("There is no such link"), "{path}");
        assert_eq!(submit(&desk, &path, "act=begin").await.status, 404);
    }
    for member in ["pan", "cvc", "clientSecret"] {
        let leaked = open(&desk, &format!("{link}?{member}={GOOD}")).await;
        assert_eq!(leaked.status, 400, "{}", leaked.text());
    }
    let large = "x".repeat(3_000_000);
    assert_eq!(submit(&desk, &link, &large).await.status, 413);
    let form = follow(&desk, &link, "act=begin").await;
    desk.shop.clock.advance(Span::hours(7 * 24));
    until("the payment to be given up", async || {
        (desk.shop.check().await.open_attempts == 0).then_some(())
    })
    .await;
    let over = submit(&desk, &link, &card(&form, GOOD)).await;
    let over = open(&desk, &location(&over)).await;
    assert_eq!(over.status, 410);
    expect(&over.text(), &["The link is over", "Nothing was charged"]);
    let icelandic = open(&desk, &format!("{link}?lang=is")).await.text();
    expect(&icelandic, &["lang=\"is\"", "Hlekkurinn er útrunninn"]);
    let again = ask(&desk, &desk.agent, &uid, 1).await.1;
    assert_eq!(again["PaymentPageUrl"], json!(format!("http://till{link}")));
    expect(&open(&desk, &link).await.text(), &["Go on to pay"]);
    let cancel = format!("/v1/OrderHeaders/{uid}/Cancel");
    assert_eq!(desk.send(&desk.agent, "POST", &cancel, &json!({})).await.0, 200);
    expect(&open(&desk, &link).await.text(), &["The order was cancelled"]);
    let refused = ask(&desk, &desk.agent, &uid, 0).await;
    assert_eq!(refused.1["ResponseStatus"]["ErrorCode"], json!("OrderCancelled"));
    assert_eq!(desk.moved(), [0_i64; 0]);
}

#[tokio::test]
async fn links_are_refused() {
    // Proves who gets no link, and for what.
    let desk = Desk::open().await;
    let uid = desk.order().await;
    let empty = desk.order_of(&json!([])).await;
    let check = async |key: &str, uid: &str, hours: i64, status: u16, code: &str| {
        let (came, told) = ask(&desk, key, uid, hours).await;
        let found = told["ResponseStatus"]["ErrorCode"].as_str().unwrap_or_default();
        assert_eq!((came, found), (status, code), "{told}");
    };
    check(&desk.other, &uid, 0, 404, "OrderNotFound").await;
    check(&desk.agent, &empty, 0, 400, "OrderEmpty").await;
    check(&desk.agent, &uid, -1, 400, "ValidationFailed").await;
    check(&desk.agent, &uid, 721, 400, "ValidationFailed").await;
    check("guichet_nobody", &uid, 0, 401, "Unauthorized").await;
    check(&desk.administrator, &uid, 720, 200, "").await;
}

#[tokio::test]
async fn foreign_texts_stay_texts() {
    // Proves that what an agent writes cannot become markup.
    let desk = Desk::open().await;
    let line = json!([{ "Description": "<script>alert(\"1\")</script>", "Quantity": 2,
        "UnitPrice": 500 }]);
    let link = link(&desk, &desk.order_of(&line).await).await;
    let page = open(&desk, &link).await.text();
    assert!(!page.contains("<script>alert"), "{page}");
    expect(&page, &["2 × &lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;"]);
}
