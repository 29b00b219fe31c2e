//! Bearer and refresh tokens, and a user's own keys (`servicestack.md` §7.4, §7.5).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use document::MAIL_ADDRESS_LENGTH_MAX;
use domain::audit::AuditEvent;
use domain::time::Span;
use domain::user::UserChange;
use serde_json::{Value, json};
use store::Store;

use crate::client::Request;
use crate::people::{PASSWORD, change_elsewhere, rights, sign_in, sign_in_request, user, who};
use crate::shop::{NOON, Shop, until};

/// Header or claims of a token.
fn part(token: &str, index: usize) -> Value {
    let part = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn with_part(token: &str, index: usize, value: &Value) -> String {
    let changed = URL_SAFE_NO_PAD.encode(value.to_string());
    let parts = token.split('.').enumerate();
    let parts: Vec<_> = parts.map(|(at, old)| if at == index { &changed } else { old }).collect();
    parts.join(".")
}

#[tokio::test]
async fn a_token_says_who_it_is() {
    // Proves the header and the claims that clients read.
    let shop = Shop::open().await;
    let anna = user(&shop, "Anna", rights(&["Agent"], &["ReadData"])).await;
    let held = sign_in(&shop, "anna").await;
    assert_eq!(part(&held.bearer, 0), json!({ "typ": "JWT", "alg": "HS256" }));
    assert_eq!(part(&held.refresh, 0)["typ"], "JWTR");
    let claims = part(&held.bearer, 1);
    let now = NOON.seconds();
    let expected = json!({
        "iss": "ssjwt", "sub": anna.id.0.to_string(), "iat": now, "exp": now + 14 * 86_400,
        "epoch": 0, "email": "anna@example.is", "preferred_username": "Anna",
        "roles": ["Agent"], "perms": ["ReadData"],
    });
    assert_eq!(claims, expected);
    assert_eq!(part(&held.refresh, 1)["exp"], now + 365 * 86_400);
}

#[tokio::test]
async fn only_our_own_tokens_count() {
    // Proves that a changed, unsigned or swapped token is no token, and that an expired one says
    // so, but only where somebody must be known.
    let shop = Shop::open().await;
    user(&shop, "Anna", rights(&["Admin"], &[])).await;
    let held = sign_in(&shop, "anna").await;
    let mut claims = part(&held.bearer, 1);
    claims["exp"] = json!(claims["exp"].as_i64().unwrap() + 1);
    let none = with_part(&held.bearer, 0, &json!({ "typ": "JWT", "alg": "none" }));
    let unsigned = format!("{}.", none.rsplit_once('.').unwrap().0);
    let not_known = (401, "Unauthorized".to_owned(), "Not Authenticated".to_owned());
    for (what, token) in [
        ("other claims", with_part(&held.bearer, 1, &claims)),
        ("no algorithm", none),
        ("no signature", unsigned),
        ("a refresh token", held.refresh.clone()),
        ("nothing", "..".to_owned()),
        ("much", "a".repeat(9_000) + ".b.c"),
    ] {
        for request in [who().key(&token), who().header("Cookie", &format!("ss-tok={token}"))] {
            assert_eq!(shop.send(&request).await.error(), not_known, "{what}");
        }
    }
    assert_eq!(shop.send(&who().key(&held.bearer)).await.status, 200);
    shop.clock.advance(Span::hours(14 * 24));
    let expired = (401, "TokenException".to_owned(), "Token has expired".to_owned());
    let events = Request::get("/events").accept("application/json");
    for request in [
        events.clone().key(&held.bearer),
        events.header("Cookie", &format!("ss-tok={}", held.bearer)),
    ] {
        assert_eq!(shop.send(&request).await.error(), expired);
    }
    assert_eq!(shop.send(&who().key(&held.bearer)).await.error(), not_known);
    let again = sign_in_request("anna", PASSWORD);
    let again = again.header("Cookie", &format!("ss-tok={}", held.bearer));
    let answer = shop.send(&again).await;
    assert_eq!((answer.status, answer.cookie("ss-tok").as_deref()), (200, Some("")));
}

#[tokio::test]
async fn the_longest_names_make_tokens_that_are_read() {
    // Proves that no user can be made whose tokens are too long to be looked at.
    let shop = Shop::open().await;
    let long = |letters: usize| "\u{1f39f}".repeat(letters);
    let letters = |count: usize| "a".repeat(count);
    let host = format!("{0}.{0}.{1}.is", letters(63), letters(58));
    let (name, email) = (long(254), format!("{}@{host}", letters(64)));
    assert_eq!(email.len(), MAIL_ADDRESS_LENGTH_MAX);
    let body = json!({
        "userName": name, "email": email, "firstName": long(100), "lastName": long(100),
        "displayName": long(100), "password": PASSWORD,
    });
    let register = Request::post("/register.json").key(&shop.admin).json(&body);
    assert_eq!(shop.send(&register).await.status, 200);
    let held = sign_in(&shop, &name).await;
    assert!(held.bearer.len() > 3_500, "{}", held.bearer.len());
    assert_eq!(shop.send(&who().key(&held.bearer)).await.status, 200);
}

#[tokio::test]
async fn a_refresh_token_gets_bearer_tokens() {
    // Proves the refresh in the body and by cookie, for a year and not after sign-in data changed.
    let shop = Shop::open().await;
    let anna = user(&shop, "Anna", rights(&["Agent"], &[])).await;
    let held = sign_in(&shop, "anna").await;
    shop.clock.advance(Span::hours(100 * 24));
    let refresh =
        |token: &str| Request::post("/api/GetAccessToken").json(&json!({ "refreshToken": token }));
    let answer = shop.send(&refresh(&held.refresh)).await;
    let token = answer.json()["accessToken"].as_str().unwrap().to_owned();
    assert_eq!(shop.send(&who().key(&token)).await.status, 200);
    let cookie = format!("ss-reftok={}", held.refresh);
    let by_cookie = Request::post("/access-token.json").header("Cookie", &cookie);
    let answer = shop.send(&by_cookie).await;
    assert_eq!((answer.status, answer.text().as_str()), (200, "{}"));
    let token = answer.cookie("ss-tok").unwrap();
    let cookie = format!("ss-tok={token}");
    assert_eq!(shop.send(&who().header("Cookie", &cookie)).await.status, 200);
    for (what, request, code) in [
        ("a bearer token", refresh(&held.bearer), "TokenException"),
        ("nothing", Request::post("/access-token.json").json(&json!({})), "Unauthorized"),
    ] {
        let (status, told, _) = shop.send(&request).await.error();
        assert_eq!((status, told.as_str()), (401, code), "{what}");
    }
    shop.clock.advance(Span::hours(265 * 24));
    let answer = shop.send(&refresh(&held.refresh)).await.error();
    assert_eq!(answer.2, "Token has expired");
    assert_eq!(shop.store().user(anna.id).await.unwrap().unwrap().epoch, 0);
}

#[tokio::test]
async fn tokens_may_live_in_cookies() {
    // Proves the cookies, the header that names them, and that the body holds no tokens then.
    let shop = Shop::open().await;
    user(&shop, "Anna", rights(&[], &[])).await;
    let body = json!({ "userName": "anna", "password": PASSWORD });
    let target = "/auth/credentials.json?UseTokenCookie=true";
    let answer = shop.send(&Request::post(target).json(&body)).await;
    assert_eq!(answer.json()["bearerToken"], Value::Null);
    assert_eq!(answer.header("x-cookies"), Some("ss-tok,ss-reftok"));
    let token = answer.cookie("ss-tok").unwrap();
    assert_eq!(shop.send(&who().header("Cookie", &format!("ss-tok={token}"))).await.status, 200);
    let held = sign_in(&shop, "anna").await;
    let session = format!("ss-id={}", held.session);
    let convert = Request::post("/session-to-token.json").header("Cookie", &session);
    let answer = shop.send(&convert.json(&json!({}))).await;
    assert_eq!((answer.status, answer.cookie("ss-id").as_deref()), (200, Some("")));
    let token = format!("ss-tok={}", answer.cookie("ss-tok").unwrap());
    assert_eq!(shop.send(&who().header("Cookie", &token)).await.status, 200);
    assert_eq!(shop.send(&who().header("Cookie", &session)).await.status, 401);
}

#[tokio::test]
async fn a_user_renews_its_own_key() {
    // Proves that a key is shown once, has the user's rights, and that the one before it opens
    // nothing from then on.
    let shop = Shop::open().await;
    user(&shop, "Anna", rights(&["Agent"], &[])).await;
    let held = sign_in(&shop, "anna").await;
    let list = async || {
        let answer = shop.send(&Request::get("/apikeys.json").key(&held.bearer)).await;
        answer.json()["results"].as_array().unwrap().clone()
    };
    let renew = async || {
        let request = Request::post("/apikeys/regenerate.json").key(&held.bearer);
        let answer = shop.send(&request.json(&json!({}))).await;
        answer.json()["results"][0]["key"].as_str().unwrap().to_owned()
    };
    assert_eq!(list().await, Vec::<Value>::new());
    let first = renew().await;
    let answer = shop.send(&who().key(&first)).await.json();
    assert_eq!((&answer["userName"], &answer["roles"]), (&json!("Anna"), &json!(["Agent"])));
    let second = renew().await;
    assert_eq!(shop.send(&who().key(&first)).await.status, 401);
    assert_eq!(shop.send(&who().key(&second)).await.status, 200);
    let listed = list().await;
    assert_eq!(listed.len(), 1);
    let hint = listed[0]["key"].as_str().unwrap().trim_end_matches('…').to_owned();
    assert!(second.starts_with(&hint) && hint.len() < 20, "{hint}");
}

async fn keys(shop: &Shop, query: &str) -> Vec<Value> {
    let target = format!("/admin/apikeys.json{query}");
    let answer = shop.send(&Request::get(&target).key(&shop.admin)).await;
    answer.json()["results"].as_array().unwrap().clone()
}

#[tokio::test]
async fn an_admin_withdraws_a_key_while_selling() {
    // Proves that a key that leaked is found by how it begins, opens nothing from the answer on,
    // that the audit says who did it, and that other keys go on.
    let shop = Shop::open().await;
    let leaked = shop.key(&["TeamAdmin"], &["hekla"]).await;
    let other = shop.key(&["TeamAdmin"], &["hekla"]).await;
    let events = |key: &str| Request::get("/events").accept("application/json").key(key);
    assert_eq!(shop.send(&events(&leaked)).await.status, 200);
    let listed = keys(&shop, "").await;
    let found = listed.iter().find(|key| leaked.starts_with(key["begins"].as_str().unwrap()));
    let found = found.unwrap();
    assert_eq!((&found["active"], &found["roles"]), (&json!(true), &json!(["TeamAdmin"])));
    assert_eq!(found["ownerIds"], json!([shop.number("organiser", "hekla")]));
    assert!(!format!("{listed:?}").contains(&leaked));
    let target = format!("/admin/apikeys/{}/withdraw.json", found["id"]);
    let withdraw = |key: &str| Request::post(&target).key(key).json(&json!({}));
    assert_eq!(shop.send(&withdraw(&other)).await.status, 403, "by a TeamAdmin");
    for what in ["at first", "again"] {
        let answer = shop.send(&withdraw(&shop.admin)).await;
        assert_eq!((answer.status, &answer.json()["result"]["active"]), (200, &json!(false)));
        assert_eq!(shop.send(&events(&leaked)).await.status, 401, "{what}");
    }
    assert_eq!(shop.send(&events(&other)).await.status, 200);
    assert_eq!(keys(&shop, "").await.len(), 2);
    assert_eq!(keys(&shop, "?includeWithdrawn=true").await.len(), 3);
    assert_eq!(keys(&shop, &format!("?afterId={}", found["id"])).await.len(), 1);
    let unknown = Request::post("/admin/apikeys/999/withdraw.json").key(&shop.admin);
    assert_eq!(shop.send(&unknown.json(&json!({}))).await.error().1, "ApiKeyNotFound");
    let told = shop.store().audit(Store::audit_start(NOON)).await.unwrap();
    let told = told.iter().filter(|record| record.note.event == AuditEvent::KeyWithdrawn);
    let told: Vec<_> = told.map(|record| (&*record.note.by, &*record.note.detail)).collect();
    assert_eq!(told, [("a test", found["begins"].as_str().unwrap())]);
}

#[tokio::test]
async fn a_users_key_ends_with_its_user() {
    // Proves that another password leaves a user's key good, and that a lock ends it for good.
    let shop = Shop::open().await;
    let anna = user(&shop, "Anna", rights(&[], &[])).await;
    let held = sign_in(&shop, "anna").await;
    let renew = Request::post("/apikeys/regenerate.json").key(&held.bearer).json(&json!({}));
    let answer = shop.send(&renew).await;
    let key = answer.json()["results"][0]["key"].as_str().unwrap().to_owned();
    let ends = async |what: &str| {
        let ended =
            async || (shop.send(&who().key(&held.bearer)).await.status == 401).then_some(());
        until(what, ended).await;
        shop.send(&who().key(&key)).await.status == 401
    };
    let hash = anna.password_hash.clone();
    change_elsewhere(&shop, &anna, UserChange::Password(hash)).await;
    assert!(!ends("the end of a token").await);
    change_elsewhere(&shop, &anna, UserChange::Lock).await;
    change_elsewhere(&shop, &anna, UserChange::Unlock).await;
    until("the end of a key", async || {
        (shop.send(&who().key(&key)).await.status == 401).then_some(())
    })
    .await;
    assert_eq!(sign_in_request("anna", PASSWORD).send(shop.address).await.status, 200);
}
