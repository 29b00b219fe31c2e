//! Users of a shop, and what they hold when they have signed in.

use std::sync::Arc;

use domain::user::{Rights, User, UserChange};
use serde_json::json;
use server::access::password::{PasswordCost, Passwords};
use server::access::users::{By, NewAccount, change, create};
use zeroize::Zeroizing;

use crate::client::Request;
use crate::shop::Shop;

pub(crate) const PASSWORD: &str = "correct horse battery";

/// Rights in short.
pub(crate) fn rights(roles: &[&str], permissions: &[&str]) -> Rights {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Rights { roles: owned(roles), permissions: owned(permissions), organisers: Vec::new() }
}

/// A user who is in the store as if an operator had put it there.
pub(crate) async fn user(shop: &Shop, name: &str, rights: Rights) -> Arc<User> {
    let account = NewAccount {
        name: Some(name.to_owned()),
        email: Some(format!("{}@example.is", name.to_lowercase())),
        password: Zeroizing::new(PASSWORD.to_owned()),
        rights,
        ..NewAccount::default()
    };
    let passwords = Passwords::new(PasswordCost::QUICK);
    create(shop.store(), &passwords, account, &By::command_line()).await.unwrap()
}

/// Changes a user as another node or the command line would.
pub(crate) async fn change_elsewhere(shop: &Shop, user: &User, what: UserChange) {
    change(shop.store(), user, what, &By::command_line()).await.unwrap();
}

pub(crate) fn sign_in_request(name: &str, password: &str) -> Request {
    let body = json!({ "userName": name, "password": password });
    Request::post("/auth/credentials").accept("application/json").json(&body)
}

/// What a client holds when it has signed in.
pub(crate) struct Held {
    pub(crate) session: String,
    pub(crate) bearer: String,
    pub(crate) refresh: String,
}

pub(crate) async fn sign_in(shop: &Shop, name: &str) -> Held {
    let answer = shop.send(&sign_in_request(name, PASSWORD)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let told = answer.json();
    let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
    let held = Held {
        session: text("sessionId"),
        bearer: text("bearerToken"),
        refresh: text("refreshToken"),
    };
    assert_eq!(answer.cookie("ss-id"), Some(held.session.clone()));
    held
}

/// Asks who is signed in.
pub(crate) fn who() -> Request {
    Request::get("/auth").accept("application/json")
}
