//! Guessing: accounts close, addresses run out of tries, and nobody learns which names there are.

use domain::audit::{AuditEvent, AuditNote};
use domain::time::{Span, Timestamp};
use serde_json::json;
use server::access::limits::TRIES_MAX;
use store::Store;

use crate::client::Request;
use crate::people::{PASSWORD, rights, sign_in, sign_in_request, user, who};
use crate::shop::{Shop, until};

const LOCKED: &str = "This account has been locked";
const WRONG: &str = "Invalid Username or Password";

async fn try_in(shop: &Shop, name: &str, password: &str) -> (u16, String) {
    let answer = shop.send(&sign_in_request(name, password)).await;
    if answer.status == 200 { (200, String::new()) } else { (answer.status, answer.error().2) }
}

#[tokio::test]
async fn an_account_closes_after_five_wrong_passwords() {
    // Proves that a name that somebody has and a name that nobody has are answered alike, and that
    // time opens the account again.
    let shop = Shop::open().await;
    user(&shop, "Anna", rights(&[], &[])).await;
    for name in ["anna", "nobody"] {
        for _ in 0..5 {
            assert_eq!(try_in(&shop, name, "wrong wrong").await, (401, WRONG.to_owned()), "{name}");
        }
        // The last wrong one may still be on its way to the store.
        until("a closed account", async || {
            (try_in(&shop, name, "wrong wrong").await.1 == LOCKED).then_some(())
        })
        .await;
        assert_eq!(try_in(&shop, name, PASSWORD).await, (401, LOCKED.to_owned()), "{name}");
    }
    shop.clock.advance(Span::minutes(2));
    assert_eq!(try_in(&shop, "anna", PASSWORD).await, (200, String::new()));
    assert_eq!(try_in(&shop, "nobody", PASSWORD).await, (401, WRONG.to_owned()));
}

#[tokio::test]
async fn an_address_runs_out_of_tries() {
    // Proves 429 with the time to wait, for passwords and for keys, and that whoever is known
    // already goes on.
    let shop = Shop::open().await;
    user(&shop, "Anna", rights(&[], &[])).await;
    let known = who().key(&shop.admin);
    assert_eq!(shop.send(&known).await.status, 200);
    for number in 0..TRIES_MAX {
        let name = format!("nobody {number}");
        assert_eq!(try_in(&shop, &name, "wrong wrong").await.0, 401, "{number}");
    }
    for request in
        [sign_in_request("anna", PASSWORD), who().password("anna", PASSWORD), who().key("gk_guess")]
    {
        let answer = shop.send(&request).await;
        assert_eq!((answer.status, answer.error().1.as_str()), (429, "TooManyRequests"));
        let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
        let unit = if seconds == 1 { "second" } else { "seconds" };
        let said = format!("wait {seconds} {unit}");
        assert!(seconds <= 3 && answer.error().2.ends_with(&said), "{}", answer.error().2);
    }
    assert_eq!(shop.send(&known).await.status, 200);
}

#[tokio::test]
async fn a_right_password_is_no_try() {
    // Proves that a program that sends its password with each request is not slowed down: what was
    // right a moment ago costs nothing.
    let shop = Shop::open().await;
    user(&shop, "Anna", rights(&[], &[])).await;
    for _ in 0..TRIES_MAX * 2 {
        assert_eq!(shop.send(&who().password("anna", PASSWORD)).await.status, 200);
    }
}

#[tokio::test]
async fn a_user_runs_out_of_sign_ins() {
    // Proves that right passwords are counted by user, whatever the address, that another user
    // signs in meanwhile, that wrong ones cost the user nothing, and that the audit names the user.
    let shop = Shop::registering().await;
    let anna = user(&shop, "Anna", rights(&[], &[])).await;
    user(&shop, "Bella", rights(&[], &[])).await;
    let from = |number: u32, password| {
        let address = format!("192.0.2.{number}");
        sign_in_request("anna", password).header("X-Forwarded-For", &address)
    };
    for number in 0..3 {
        assert_eq!(shop.send(&from(number, "wrong wrong")).await.status, 401);
    }
    for number in 0..TRIES_MAX {
        assert_eq!(shop.send(&from(number, PASSWORD)).await.status, 200, "{number}");
    }
    let answer = shop.send(&from(100, PASSWORD)).await;
    assert_eq!((answer.status, answer.error().1.as_str()), (429, "TooManyRequests"));
    assert!(answer.header("retry-after").is_some());
    assert_eq!(try_in(&shop, "bella", PASSWORD).await.0, 200);
    let note = told_too_many(&shop).await;
    assert_eq!((note.subject, note.address.as_str()), (Some(anna.id), "192.0.2.100"));
}

#[tokio::test]
async fn tries_that_ran_out_are_told() {
    // Proves that the audit counts the 429 of a sign-in, all of one address in one record.
    let shop = Shop::open().await;
    for number in 0..TRIES_MAX {
        assert_eq!(try_in(&shop, &format!("nobody {number}"), "wrong wrong").await.0, 401);
    }
    assert_eq!(try_in(&shop, "nobody", "wrong wrong").await.0, 429);
    let note = told_too_many(&shop).await;
    assert_eq!((note.detail.as_str(), note.address.as_str()), ("Authenticate", "127.0.0.1"));
}

async fn told_too_many(shop: &Shop) -> AuditNote {
    until("a record of tries that ran out", async || {
        let told = shop.store().audit(Store::audit_start(Timestamp(0))).await.unwrap();
        let mut notes = told.iter().map(|record| record.note.clone());
        notes.find(|note| note.event == AuditEvent::TooManyRequests)
    })
    .await
}

#[tokio::test]
async fn a_crowd_with_one_good_key_is_let_in() {
    // Proves that many requests at once with a key or a session that is not in memory are all
    // served, and that as many with made-up ones still run out of tries.
    const CROWD: usize = 256;
    let shop = Shop::open().await;
    user(&shop, "Anna", rights(&[], &[])).await;
    let crowd = async |request: Request| {
        let sending = (0..CROWD).map(|_| {
            let (request, address) = (request.clone(), shop.address);
            tokio::spawn(async move { request.send(address).await.status })
        });
        let mut told = std::collections::BTreeMap::new();
        for sent in sending.collect::<Vec<_>>() {
            *told.entry(sent.await.unwrap()).or_insert(0) += 1;
        }
        told
    };
    let all = std::collections::BTreeMap::from([(200, CROWD)]);
    assert_eq!(crowd(who().key(&shop.admin)).await, all);
    // Signing in forgets the user, so that the session is not in memory either.
    let session = sign_in(&shop, "anna").await.session;
    assert_eq!(crowd(who().header("X-ss-id", &session)).await, all);
    let made_up = crowd(who().key("gk_guess")).await;
    assert!(made_up[&401] <= TRIES_MAX.try_into().unwrap(), "{made_up:?}");
}

#[tokio::test]
async fn what_leaves_rows_behind_is_bounded() {
    // Proves that neither strangers who become users, from however many addresses, nor a user's
    // new keys can go on without end, and that an Admin is not counted with the strangers.
    let shop = Shop::registering().await;
    let register = |number: u32| {
        let body = json!({ "userName": format!("user {number}"), "password": PASSWORD });
        let address = format!("192.0.2.{number}");
        Request::post("/register.json").header("X-Forwarded-For", &address).json(&body)
    };
    for number in 0..TRIES_MAX {
        assert_eq!(shop.send(&register(number)).await.status, 200, "{number}");
    }
    assert_eq!(shop.send(&register(100)).await.error().1, "TooManyRequests");
    assert_eq!(shop.send(&register(100).key(&shop.admin)).await.status, 200);
    let held = sign_in(&shop, "user 1").await;
    let renew = Request::post("/apikeys/regenerate.json").key(&held.bearer).json(&json!({}));
    for number in 0..TRIES_MAX {
        assert_eq!(shop.send(&renew).await.status, 200, "{number}");
    }
    assert_eq!(shop.send(&renew).await.error().1, "TooManyRequests");
}
