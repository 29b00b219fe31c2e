//! Two agents with a gateway that opens payments, and what tests do with them.

use domain::ids::Shard;
use domain::money::{Currency, Money};
use domain::time::Span;
use gateway::sandbox::Operation;
use gateway::secret::YearMonth;
use gateway::{
    Card, CardNumber, Expiry, Gateway as _, PaymentRequest, SecurityCode, Source, SourceKind,
    TokenUse,
};
use serde_json::{Value, json};
use server::access::keys::{NewKey, create};
use server::catalogue::{file, import};

use crate::client::{Answer, Request};
use crate::shop::{NOON, Shop};

pub(crate) const GOOD: &str = "4242424242424242";
pub(crate) const DECLINED: &str = "4000000000000002";

const AGENCIES: &str = r#"
[[agency]]
slug = "hálendi"
name = "Hálendisferðir"
number = "A-100"
fee_basis_points = 500

[[agency]]
slug = "strönd"
name = "Strandferðir"
number = "A-200"
raw_cards_allowed = true
"#;

pub(crate) struct Desk {
    pub(crate) shop: Shop,
    /// The key of the first agent.
    pub(crate) agent: String,
    /// The key of the second agent, which takes card numbers.
    pub(crate) other: String,
    pub(crate) administrator: String,
    /// The numbers of the agents.
    pub(crate) numbers: (u32, u32),
}

impl Desk {
    pub(crate) async fn open() -> Desk {
        Desk::of(Shop::open().await).await
    }

    pub(crate) async fn of(shop: Shop) -> Desk {
        let agencies = file::parse(AGENCIES).unwrap();
        let imported = import::import(shop.store(), &agencies).await.unwrap();
        let numbers = (imported[0].id, imported[1].id);
        let agent = key(&shop, "Agent", vec![Shard(numbers.0)]).await;
        let other = key(&shop, "Agent", vec![Shard(numbers.1)]).await;
        let administrator = key(&shop, "Administrator", Vec::new()).await;
        Desk { shop, agent, other, administrator, numbers }
    }

    /// Sends JSON with a key and answers with status and body.
    pub(crate) async fn send(
        &self,
        key: &str,
        verb: &str,
        target: &str,
        body: &Value,
    ) -> (u16, Value) {
        let request = Request::new(verb, target).key(key).accept("application/json");
        let request = if body.is_null() { request } else { request.json(body) };
        let answer = self.shop.send(&request).await;
        let told = if answer.body.is_empty() { Value::Null } else { answer.json() };
        (answer.status, told)
    }

    pub(crate) async fn get(&self, key: &str, target: &str) -> Answer {
        self.shop.send(&Request::get(target).key(key).accept("application/json")).await
    }

    /// A new order of the first agent: one piece at 12 000 with 24 % tax, 14 880.
    pub(crate) async fn order(&self) -> String {
        self.order_of(&json!([{ "Description": "Week", "Quantity": 1, "UnitPrice": 12_000,
            "TaxPercent": 24 }]))
            .await
    }

    pub(crate) async fn order_of(&self, lines: &Value) -> String {
        let body = json!({ "OrderLines": lines });
        let (status, order) = self.send(&self.agent, "POST", "/v1/OrderHeaders", &body).await;
        assert_eq!(status, 200, "{order}");
        order["OrderHeader"]["UID"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn header(&self, uid: &str) -> Value {
        let target = format!("/v1/OrderHeaders/{uid}");
        let (status, order) = self.send(&self.agent, "GET", &target, &Value::Null).await;
        assert_eq!(status, 200, "{order}");
        order["OrderHeader"].clone()
    }

    /// Pays with a token, or opens a payment without one.
    pub(crate) async fn pay(&self, uid: &str, token: Option<&str>) -> (u16, Value) {
        let body = json!({ "OrderID": uid, "PaymentInfo": { "StripeToken": token } });
        self.send(&self.agent, "POST", "/v1/CustomerPayments", &body).await
    }

    pub(crate) async fn put(&self, uid: &str) -> (u16, Value) {
        let body = json!({ "OrderID": uid });
        self.send(&self.agent, "PUT", "/v1/CustomerPayments", &body).await
    }

    pub(crate) async fn state(&self, key: &str, uid: &str) -> Value {
        let target = format!("/v1/CustomerPayments/{uid}");
        let (status, told) = self.send(key, "GET", &target, &Value::Null).await;
        assert_eq!(status, 200, "{told}");
        told
    }

    pub(crate) async fn add_line(&self, uid: &str, price: i64) -> (u16, Value) {
        let line = json!({ "Description": "More", "Quantity": 1, "UnitPrice": price });
        let target = format!("/v1/OrderHeaders/{uid}/Lines");
        self.send(&self.agent, "POST", &target, &json!({ "Line": line })).await
    }

    /// What the gateway makes of a card.
    pub(crate) async fn token(&self, number: &str) -> String {
        let request = PaymentRequest::new("token", money(0), DEADLINE);
        let saved = self.shop.phone.tokenize(&request, &card(number), TokenUse::Single).await;
        saved.unwrap().token.expose().to_owned()
    }

    /// What the payer's browser does with the secret of an open payment.
    pub(crate) async fn pay_in_browser(&self, told: &Value, number: &str) {
        let handle = told["CustomerPayment"]["TransactionId"].as_str().unwrap();
        let amount = told["CustomerPayment"]["Amount"].as_str().unwrap().parse().unwrap();
        let request = PaymentRequest::new("browser", money(amount), DEADLINE);
        self.shop.phone.pay_open(&request, handle, &card(number)).await;
    }

    /// What the gateway took and gave back, one by one.
    pub(crate) fn moved(&self) -> Vec<i64> {
        let lines = self.shop.gateway_log();
        let moving = |operation| {
            matches!(operation, Operation::Sale | Operation::PayOpen | Operation::Refund)
        };
        let sign = |operation| if operation == Operation::Refund { -1 } else { 1 };
        let moved = lines.iter().filter(|line| moving(line.request.operation));
        let moved = moved.map(|line| sign(line.request.operation) * line.moved());
        moved.filter(|amount| *amount != 0).collect()
    }

    /// How many payments were opened.
    pub(crate) fn opened(&self) -> usize {
        let lines = self.shop.gateway_log();
        lines.iter().filter(|line| line.request.operation == Operation::Sale).count()
    }
}

const DEADLINE: Span = Span::seconds(10);

fn money(amount: i64) -> Money {
    Money::new(amount, Currency::ISK)
}

fn card(number: &str) -> Source {
    let number = CardNumber::parse(number).unwrap();
    let code = SecurityCode::parse("123", &number).unwrap();
    let expiry = Expiry::parse("12", "2032").unwrap();
    let card = Card::new(number, expiry, Some(code), YearMonth::of(NOON)).unwrap();
    SourceKind::Card(card).into()
}

async fn key(shop: &Shop, role: &str, organisers: Vec<Shard>) -> String {
    let (name, roles, permissions) = ("a test".into(), vec![role.to_owned()], Vec::new());
    let new = NewKey { name, roles, permissions, organisers, club: None };
    create(shop.store(), new).await.unwrap()
}
