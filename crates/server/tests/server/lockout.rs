//! Guessing: accounts close, addresses run out of tries, and nobody learns which names there are.

use domain::time::Span;
use server::access::limits::TRIES_MAX;

use crate::people::{PASSWORD, rights, sign_in_request, user, who};
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
        assert!(answer.header("retry-after").unwrap().parse::<u64>().unwrap() <= 4);
    }
    assert_eq!(shop.send(&known).await.status, 200);
}

#[tokio::test]
async fn a_right_password_is_no_try() {
    // Proves that a program that sends its password with each request is not slowed down.
    let shop = Shop::open().await;
    user(&shop, "Anna", rights(&[], &[])).await;
    for _ in 0..TRIES_MAX * 2 {
        assert_eq!(shop.send(&who().password("anna", PASSWORD)).await.status, 200);
        assert_eq!(try_in(&shop, "anna", PASSWORD).await.0, 200);
    }
}
