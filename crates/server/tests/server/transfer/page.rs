//! The page behind a payment link, without a browser: what it answers, and that it keeps secrets.

use domain::time::Span;
use domain::transfer::SESSION_CHARGES_MAX;
use serde_json::{Value, json};

use super::season::Season;
use crate::client::{Answer, Request};
use crate::order::{GOOD_CARD, card};
use crate::shop::until;

const CHALLENGE: &str = "4000002760003184";

/// The path of the page of a new session, with its token.
async fn link(season: &Season) -> String {
    let token = season.buy("home", "regular", 1).await;
    let topup = season.topup(&token).await;
    path(&topup)
}

fn path(topup: &Value) -> String {
    topup["paymentLinkUrl"].as_str().unwrap().strip_prefix("http://till").unwrap().to_owned()
}

async fn open(season: &Season, path: &str) -> Answer {
    season.shop.send(&Request::get(path).header("Accept-Language", "en")).await
}

async fn submit(season: &Season, path: &str, form: &str) -> Answer {
    let request = Request::post(path).body("application/x-www-form-urlencoded", form);
    season.shop.send(&request.header("Accept-Language", "en")).await
}

fn form(number: &str) -> String {
    format!("pan={number}&expMonth=12&expYear=2036&cvc=123")
}

fn location(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    let url = answer.header("Location").unwrap();
    url.strip_prefix("http://till").unwrap_or(url).to_owned()
}

#[tokio::test]
async fn a_card_is_taken_through_its_bank() {
    // Proves the whole way: form, challenge, return, last step, ticket; and that the session's
    // handle is not stored with the authentication.
    let season = Season::open().await;
    let link = link(&season).await;
    let page = open(&season, &link).await;
    let text = page.text();
    for part in ["Hekla – Askja<", "rematch", "ISK 1,500", "cc-number", "cc-csc", "2 May 2027"] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    let policy = page.header("Content-Security-Policy").unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(page.header("Referrer-Policy"), Some("no-referrer"));
    assert_eq!(page.header("Cache-Control"), Some("no-store"));
    let challenge = location(&submit(&season, &link, &form(CHALLENGE)).await);
    assert!(challenge.starts_with("/sandbox/challenge/"), "{challenge}");
    let bank = open(&season, &challenge).await.text();
    let back = bank.split("action=\"http://till").nth(1).unwrap();
    let back = back.split('"').next().unwrap();
    let onward = location(&submit(&season, back, "cres=ok").await);
    let token = link.rsplit('/').next().unwrap();
    assert!(onward.starts_with("/transferTicket/payReturn/") && !onward.contains(token));
    let last = location(&open(&season, &onward).await);
    assert!(last.starts_with(&link), "{last}");
    let confirmation = open(&season, &last).await.text();
    let order_id = confirmation.split("name=\"orderId\" value=\"").nth(1).unwrap();
    let order_id = order_id.split('"').next().unwrap();
    for _ in 0..2 {
        // Twice: a form that is sent again charges nobody again.
        let done = location(&submit(&season, &link, &format!("orderId={order_id}")).await);
        let ticket = open(&season, &done).await.text();
        assert!(ticket.contains("<svg") && ticket.contains("Your ticket is ready"), "{ticket}");
    }
    assert_eq!(season.shop.charges(), [5_000, 1_500]);
    let again = open(&season, &last).await.text();
    assert!(again.contains("Your ticket is ready"), "the back button leads to the ticket");
    season.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_decline_may_be_mended() {
    // Proves that a decline is told with another try, and a failed challenge too.
    let season = Season::open().await;
    let link = link(&season).await;
    let declined = location(&submit(&season, &link, &form("4000000000000002")).await);
    let page = open(&season, &declined).await.text();
    assert!(page.contains("The card was declined") && page.contains("cc-number"), "{page}");
    let wrong = submit(&season, &link, &form("4242424242424241")).await;
    let told = "The card number, its month or its year is not right";
    assert!(wrong.text().contains(told), "{}", wrong.text());
    assert!(!wrong.text().contains("4242424242424241"), "a card is never shown again");
    let paid = location(&submit(&season, &link, &form(GOOD_CARD)).await);
    assert!(open(&season, &paid).await.text().contains("Your ticket is ready"));
    season.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_link_is_tried_out() {
    // Proves that a link with which too many cards were declined asks for no other card, whoever
    // opens it, in both languages.
    let season = Season::open().await;
    let link = link(&season).await;
    let mut page = String::new();
    for _ in 0..SESSION_CHARGES_MAX {
        assert!(!page.contains("too often"), "{page}");
        let declined = submit(&season, &link, &form("4000000000000002")).await;
        page = open(&season, &location(&declined)).await.text();
    }
    assert!(page.contains("That was tried too often") && !page.contains("cc-number"), "{page}");
    let icelandic = open(&season, &format!("{link}?lang=is")).await.text();
    assert!(icelandic.contains("Of margar tilraunir"), "{icelandic}");
    assert_eq!(season.shop.charges(), [5_000]);
}

#[tokio::test]
async fn links_end() {
    // Proves what an unknown, a late and a cancelled link say, in both languages, and that card
    // data in an address is refused before anything else.
    let season = Season::open().await;
    let unknown = open(&season, "/transferTicket/pay/AAAAAQAAAAEAAAAAAAAAAAAAAAAAAAAA").await;
    assert_eq!(unknown.status, 404);
    assert!(unknown.text().contains("There is no such link"));
    let link = link(&season).await;
    let leaked = open(&season, &format!("{link}?pan={GOOD_CARD}")).await;
    assert_eq!(leaked.status, 400, "{}", leaked.text());
    season.shop.clock.advance(Span::hours(24));
    let late = submit(&season, &link, &form(GOOD_CARD)).await;
    let late = open(&season, &location(&late)).await.text();
    assert!(late.contains("The link is over") && late.contains("Nothing was charged"), "{late}");
    let icelandic = open(&season, &format!("{link}?lang=is")).await.text();
    assert!(icelandic.contains("lang=\"is\"") && icelandic.contains("Hlekkurinn er útrunninn"));
    until("the end", async || (season.shop.places("hekla").await == (0, 1)).then_some(())).await;
    assert_eq!(season.shop.charges(), [5_000]);
    season.shop.assert_all_is_well().await;
}

/// What an app's own proof is called, where it goes on to, and what a stranger then asks for.
const STRANGERS: &[(&str, &str, &str)] = &[
    ("the name that a session had", "http://till/transferTicket/payReturn/n", "n"),
    ("another host", "http://127.0.0.1/transferTicket/payReturn/n", "n"),
    ("more of the path", "http://till/transferTicket/payReturn/n/n", "n"),
];

#[tokio::test]
async fn a_proof_of_the_app_leads_to_no_session() {
    // Proves that who starts a proof under a name and an address like those of a session is not
    // led to the session, and that one of a session leads nowhere under another address.
    let season = Season::open().await;
    let token = season.buy("home", "regular", 1).await;
    let answer = season.transfer(&token, ("rematch", "dear"), 1_500).await.json();
    let device = format!("transfer {} {}", season.seller("hekla").0, answer["transferLogId"]);
    let team = season.shop.key(&["TeamAdmin"], &["hekla"]).await;
    for (what, return_url, nonce) in STRANGERS {
        let mut info = card(GOOD_CARD);
        (info["amount"], info["currency"]) = (json!(5_000), json!("ISK"));
        let start = json!({
            "eventId": season.event("home"), "cardInfo": info, "deviceId": device,
            "returnUrl": return_url,
        });
        let started = season.post_as(&team, "threeDSecure/start", &start).await.json();
        assert_eq!(started["statusCode"], json!(200), "{what}: {started}");
        assert_eq!(returned(&season, nonce, &started).await, 404, "{what}");
    }
    for (return_url, status) in [
        ("http://127.0.0.1/transferTicket/payReturn/n", 404),
        ("http://till/transferTicket/payReturn/n", 303),
    ] {
        let body = json!({
            "sessionToken": answer["topup"]["sessionToken"], "cardInfo": card(GOOD_CARD),
            "returnUrl": return_url,
        });
        let request = Request::post("/transferTicket/startTopup3DSecure.json").json(&body);
        let started = season.shop.send(&request).await.json();
        assert_eq!(returned(&season, "n", &started).await, status, "{return_url}: {started}");
    }
}

async fn returned(season: &Season, nonce: &str, started: &Value) -> u16 {
    let order_id = started["orderId"].as_str().unwrap();
    open(season, &format!("/transferTicket/payReturn/{nonce}?orderId={order_id}")).await.status
}
