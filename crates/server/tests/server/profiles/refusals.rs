//! Every code that the operations on payment profiles answer (`domain.md` §9.1, §9.2, §9.7): what
//! is sent, what is answered, and that nothing is different afterwards.

use std::pin::Pin;
use std::sync::Arc;

use domain::time::Span;
use serde_json::{Value, json};

use super::club::{ANNA, Club, GONE, IMPORT, JON, VAULT, card, good_card, told};
use crate::client::Request;
use crate::gate::Refusal;
use crate::order::GOOD_CARD;
use crate::shop::{Engine, Shop};

/// Does what must happen before; answers with the request that is refused.
type Tell = for<'c> fn(&'c Club) -> Pin<Box<dyn Future<Output = Request> + 'c>>;

/// What is wrong, the number and the code of the answer, and the story.
type Row = (&'static str, u16, &'static str, Tell);

const DECLINED: &str = "4000000000000002";

fn vault(club: &Club, change: impl Fn(&mut Value)) -> Request {
    let mut body = good_card(Some(ANNA));
    change(&mut body);
    club.request("POST", VAULT, &body)
}

fn import(club: &Club, body: &Value) -> Request {
    club.request("POST", IMPORT, body)
}

/// A token that was made for Anna.
async fn token(club: &Club) -> String {
    club.vaulted(&good_card(Some(ANNA))).await.1
}

fn profile(member: u32, rest: &str) -> String {
    format!("/sales/member/{member}/payment/profile/{rest}")
}

const ROWS: &[Row] = &[
    ("no key", 401, "ApiKeyInvalid", |_| {
        Box::pin(async {
            let request = Request::post(&format!("/clubs{VAULT}")).accept("application/json");
            request.json(&good_card(Some(ANNA)))
        })
    }),
    ("another chain", 403, "ChainMismatch", |club| {
        Box::pin(async { vault(club, |body| body["ChainId"] = json!(99)) })
    }),
    ("outside the key", 403, "RestrictedScopeDenied", |club| {
        Box::pin(async {
            vault(club, |body| {
                body["RestrictedId"] = json!(JON);
                body["RestrictedResourceType"] = json!("User");
            })
        })
    }),
    ("no such member", 404, "MemberNotFound", |club| {
        Box::pin(async { vault(club, |body| body["MemberId"] = json!(99)) })
    }),
    ("a member below 0", 404, "MemberNotFound", |club| {
        Box::pin(async { vault(club, |body| body["MemberId"] = json!(-1)) })
    }),
    ("a closed membership", 409, "MemberInactive", |club| {
        Box::pin(async { vault(club, |body| body["MemberId"] = json!(GONE)) })
    }),
    ("no card", 400, "PaymentMethodRequired", |club| {
        Box::pin(async { vault(club, |body| body["CardNumber"] = Value::Null) })
    }),
    ("a card and a token", 400, "PaymentMethodAmbiguous", |club| {
        Box::pin(async { vault(club, |body| body["GatewayToken"] = json!("tok_1")) })
    }),
    ("a wrong number", 400, "CardInvalid", |club| {
        Box::pin(async { vault(club, |body| body["CardNumber"] = json!("4242424242424241")) })
    }),
    ("a token that is none", 400, "CardInvalid", |club| {
        Box::pin(async {
            vault(club, |body| {
                body["CardNumber"] = Value::Null;
                body["GatewayToken"] = json!("a token");
            })
        })
    }),
    ("an old card", 400, "CardExpired", |club| {
        Box::pin(async { vault(club, |body| body["ExpYear"] = json!("2020")) })
    }),
    ("no security code", 400, "CvcInvalid", |club| {
        Box::pin(async { vault(club, |body| body["Cvc"] = Value::Null) })
    }),
    ("a card in the URL", 400, "CardDataInUrl", |club| {
        Box::pin(async {
            let path = format!("{VAULT}?CardNumber={GOOD_CARD}");
            club.request("POST", &path, &good_card(Some(ANNA)))
        })
    }),
    ("a ProfileToken in the URL", 400, "CardDataInUrl", |club| {
        Box::pin(async {
            let path = format!("{IMPORT}?ProfileToken={}", token(club).await);
            club.request("POST", &path, &json!({}))
        })
    }),
    ("no card numbers here", 400, "RawCardNotAllowed", |club| {
        Box::pin(async {
            club.shop.change_rules("hekla", |rules| rules.raw_cards_refused = true).await;
            vault(club, |_| ())
        })
    }),
    ("no ProfileToken", 400, "ProfileTokenInvalid", |club| {
        Box::pin(async { import(club, &json!({})) })
    }),
    ("a text that is none", 400, "ProfileTokenInvalid", |club| {
        Box::pin(async { import(club, &json!({ "ProfileToken": "eyJhbGciOiJub25lIn0.e30." })) })
    }),
    ("signed by somebody else", 400, "ProfileTokenInvalid", |club| {
        Box::pin(async {
            let token = token(club).await;
            let (body, signature) = token.rsplit_once('.').unwrap();
            let turned: String = signature.chars().rev().collect();
            import(club, &json!({ "ProfileToken": format!("{body}.{turned}") }))
        })
    }),
    ("an AcctToken in its place", 400, "ProfileTokenInvalid", |club| {
        Box::pin(async {
            let (acct, _) = club.vaulted(&good_card(Some(ANNA))).await;
            import(club, &json!({ "ProfileToken": acct }))
        })
    }),
    ("somebody else's", 400, "ProfileTokenInvalid", |club| {
        Box::pin(async {
            import(club, &json!({ "ProfileToken": token(club).await, "NewOwnerId": JON }))
        })
    }),
    ("too old", 400, "ProfileTokenExpired", |club| {
        Box::pin(async {
            let token = token(club).await;
            club.shop.clock.advance(Span::minutes(5));
            import(club, &json!({ "ProfileToken": token }))
        })
    }),
    ("used by another request", 409, "ProfileTokenAlreadyUsed", |club| {
        Box::pin(async {
            let token = token(club).await;
            let first = import(club, &json!({ "ProfileToken": token }));
            assert_eq!(club.shop.send(&first).await.status, 200);
            let keeps = json!({
                "ProfileToken": token,
                "DoNotUpdatePaymentTypePreference": true,
            });
            import(club, &keeps)
        })
    }),
    ("for nobody", 400, "ValidationFailed", |club| {
        Box::pin(async {
            let (_, token) = club.vaulted(&good_card(None)).await;
            import(club, &json!({ "ProfileToken": token }))
        })
    }),
    ("for a closed membership", 409, "MemberInactive", |club| {
        Box::pin(async {
            let (_, token) = club.vaulted(&good_card(None)).await;
            import(club, &json!({ "ProfileToken": token, "NewOwnerId": GONE }))
        })
    }),
    ("no such profile", 404, "AcctTokenInvalid", |club| {
        Box::pin(async { club.request("GET", &profile(ANNA, "999"), &json!({})) })
    }),
    ("a profile that is no number", 404, "AcctTokenInvalid", |club| {
        Box::pin(async { club.request("GET", &profile(ANNA, "abc"), &json!({})) })
    }),
    ("another member's profile", 404, "AcctTokenInvalid", |club| {
        Box::pin(async {
            let id = club.on_file(GOOD_CARD).await;
            club.request("DELETE", &profile(JON, &id), &json!({}))
        })
    }),
    ("a list of nobody", 404, "MemberNotFound", |club| {
        Box::pin(async { club.request("GET", "/sales/member/99/payment/profiles", &json!({})) })
    }),
    ("one for one use preferred", 400, "PaymentProfileRequired", |club| {
        Box::pin(async {
            let gift = json!({ "MemberId": ANNA, "CardNumber": super::club::GIFT_CARD });
            let (_, token) = club.vaulted(&gift).await;
            let imported = club.send("POST", IMPORT, &json!({ "ProfileToken": token })).await;
            let id = imported.json()["PaymentProfile"]["PaymentProfileId"].clone();
            let path = profile(ANNA, &format!("{}/prefer", id.as_str().unwrap()));
            club.request("POST", &path, &json!({}))
        })
    }),
    ("one that was removed preferred", 404, "AcctTokenInvalid", |club| {
        Box::pin(async {
            let id = club.on_file(GOOD_CARD).await;
            assert_eq!(club.send("DELETE", &profile(ANNA, &id), &json!({})).await.status, 200);
            settle(club).await;
            club.request("POST", &profile(ANNA, &format!("{id}/prefer")), &json!({}))
        })
    }),
    ("a twenty-first profile", 400, "SaveCardNotAllowed", |club| {
        Box::pin(async {
            for (count, number) in cards().take(20).enumerate() {
                if count % 5 == 0 {
                    club.shop.clock.advance(Span::hours(1));
                }
                club.on_file(&number).await;
            }
            club.shop.clock.advance(Span::hours(1));
            let (_, token) = club.vaulted(&card(&cards().nth(20).unwrap(), Some(ANNA))).await;
            import(club, &json!({ "ProfileToken": token }))
        })
    }),
    ("an eleventh card in an hour", 429, "TooManyRequests", |club| {
        Box::pin(async {
            for _ in 0..10 {
                token(club).await;
            }
            vault(club, |_| ())
        })
    }),
];

/// Waits until the janitor has told the gateway of what was removed.
async fn settle(club: &Club) {
    crate::shop::until("the gateway to be told", async || {
        let (_, profiles, _) = club.traces().await;
        profiles.iter().all(|profile| profile.drop_at.is_none()).then_some(())
    })
    .await;
}

/// Different card numbers that the sandbox takes.
fn cards() -> impl Iterator<Item = String> {
    (0..).map(|number| format!("42424242{number:07}")).map(|start| {
        let is_genuine = |digit: &char| luhn(&format!("{start}{digit}"));
        let last = ('0'..='9').find(is_genuine).unwrap();
        format!("{start}{last}")
    })
}

fn luhn(number: &str) -> bool {
    let digits = number.bytes().rev().map(|byte| u32::from(byte - b'0'));
    let shares = digits.enumerate().map(|(index, digit)| match (index % 2, digit * 2) {
        (0, _) => digit,
        (_, double @ 10..) => double - 9,
        (_, double) => double,
    });
    shares.sum::<u32>().is_multiple_of(10)
}

#[tokio::test]
async fn profiles_are_refused() {
    // Proves each refusal, and that nothing is kept, put on file or asked of the gateway by it.
    for (what, status, code, tell) in ROWS {
        let club = Club::open().await;
        let request = tell(&club).await;
        let before = club.traces().await;
        let answer = club.shop.send(&request).await;
        assert_eq!(told(&answer), (*status, (*code).to_owned()), "{what}: {}", answer.text());
        assert_eq!(club.traces().await, before, "{what}");
    }
}

#[tokio::test]
async fn a_gateway_that_is_away_keeps_nothing() {
    // Proves that a gateway that does not answer leaves no profile, and that the next try may
    // succeed.
    let shop = Shop::with(Engine::Memory, |_| Arc::new(Refusal::new())).await;
    let club = Club::with(shop).await;
    let answer = club.shop.send(&vault(&club, |_| ())).await;
    assert_eq!(told(&answer), (502, "GatewayUnavailable".to_owned()), "{}", answer.text());
    let (wallets, profiles, _) = club.traces().await;
    assert!(profiles.is_empty() && wallets.iter().all(Option::is_none));
}

#[tokio::test]
async fn the_sandbox_keeps_what_it_will_decline() {
    // Proves that a card that a bank would decline is kept all the same: only a charge asks.
    let club = Club::open().await;
    let answer = club.send("POST", VAULT, &card(DECLINED, Some(ANNA))).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}
