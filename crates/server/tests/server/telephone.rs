//! A device with the app on it, and the phone whose codes arrive.

use std::sync::atomic::{AtomicI64, Ordering};

use domain::phone::{Phone, PhoneNumber};
use serde_json::{Value, json};
use store::Clock as _;

use crate::client::{Answer, Request};
use crate::shop::Shop;
use crate::signing::{App, Signing};

/// A number that the fictional country has.
pub(crate) const NUMBER: &str = "+3545551234";

/// Milliseconds in which requests were signed: each is signed at a time of its own.
static SIGNED: AtomicI64 = AtomicI64::new(0);

/// A device that uses the app.
pub(crate) struct Device<'s> {
    pub(crate) shop: &'s Shop,
    pub(crate) app: &'s App,
    pub(crate) name: &'static str,
}

impl Device<'_> {
    /// Sends `body` to an operation, signed.
    pub(crate) async fn send(
        &self,
        path: &str,
        operation: &'static str,
        phone: &str,
        body: &Value,
    ) -> Answer {
        self.post(path, &self.signed(operation, phone, body)).await
    }

    /// `body`, signed at a time of its own.
    pub(crate) fn signed(&self, operation: &'static str, phone: &str, body: &Value) -> Value {
        let signing = Signing::new(self.shop, self.app, self.name);
        let later_ms = SIGNED.fetch_add(1, Ordering::Relaxed) % 100_000;
        let timestamp = self.shop.clock.now().0 / 1_000 + later_ms;
        Signing { operation, phone: phone.to_owned(), timestamp, ..signing }.sign(body)
    }

    /// Sends what is signed already, or is not.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = Request::post(&format!("{path}.json")).key(&self.app.key).json(body);
        self.shop.send(&request).await
    }

    pub(crate) async fn request(&self, number: &str) -> Answer {
        let body = json!({ "fullPhoneNumber": number });
        self.send("/phoneverification/request", "PhoneVerificationRequest", "", &body).await
    }

    pub(crate) async fn confirm(&self, request: &str, code: &str) -> Answer {
        let body = json!({ "requestId": request, "code": code });
        self.confirm_with(&body).await
    }

    pub(crate) async fn confirm_with(&self, body: &Value) -> Answer {
        self.send("/phoneverification/verification", "PhoneVerificationConfirm", "", body).await
    }

    /// The token of a phone that this device has proved.
    pub(crate) async fn verified(&self, number: &str) -> String {
        let asked = self.request(number).await.json();
        let request = asked["token"].as_str().unwrap_or_else(|| panic!("no token: {asked}"));
        let told = self.confirm(request, &code(self.shop, number)).await.json();
        assert_eq!(told["codeMatches"], true, "{told}");
        told["token"].as_str().unwrap().to_owned()
    }

    /// Orders with the phone that `token` stands for.
    pub(crate) async fn order(&self, token: &str, order: &Value) -> Answer {
        self.send("/ticketOrder", "TicketOrder", token, order).await
    }
}

/// The code that arrived last.
pub(crate) fn code(shop: &Shop, number: &str) -> String {
    let number = PhoneNumber::parse(number).unwrap();
    let arrived = shop.outbox.messages(Some(&number));
    arrived.first().unwrap_or_else(|| panic!("no message")).text[..6].to_owned()
}

/// Another code than that.
pub(crate) fn wrong(code: &str) -> String {
    let first = if code.starts_with('1') { '2' } else { '1' };
    format!("{first}{}", &code[1..])
}

/// What is stored of a phone.
pub(crate) async fn stored(shop: &Shop, number: &str) -> Option<Phone> {
    let hash = PhoneNumber::parse(number).unwrap().hash();
    let phone = shop.store().read::<Phone>(Phone::key_of(hash)).await.unwrap();
    phone.map(|phone| (*phone).clone())
}

/// The code at the beginning of an answer's message.
pub(crate) fn told(answer: &Answer) -> (u64, String) {
    let json = answer.json();
    let message = json["statusMessage"].as_str().or(json["message"].as_str()).unwrap_or_default();
    let code = message.split(':').next().unwrap_or_default();
    (answer.status_code(), code.to_owned())
}
