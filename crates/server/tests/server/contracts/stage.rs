//! A shop where two chains of clubs sell, with members, cards on file, and a key of the first one.

use std::collections::HashMap;

use domain::api_key::ClubScope;
use domain::club::{Member, PromoCode};
use domain::ids::{ClubStoreId, MemberId, PaymentProfileId, Shard};
use domain::profile::{PaymentProfile, Wallet};
use gateway::sandbox::Operation;
use serde_json::{Value, json};
use server::access::keys::{NewKey, create};
use server::catalogue::{file, import};

use crate::client::{Answer, Request};
use crate::order::GOOD_CARD;
use crate::shop::{Engine, Shop};

/// The operation that all this is about.
pub(super) const SOLD: &str = "/sales/contract/sold";

/// Drafts it.
pub(super) const DRAFT: &str = "/sales/agreement/add";

/// Sells what was drafted.
pub(super) const COMPLETE: &str = "/sales/agreement/sale";

/// Sells it to somebody who becomes a member.
pub(super) const SOLD_TO_NEW: &str = "/sales/contract/sold/new/user";

/// More than any test makes.
const PROFILES_LOOKED_AT: u32 = 20;

pub(super) struct Stage {
    pub(super) shop: Shop,
    /// The chain that sells.
    pub(super) chain: Shard,
    /// For the whole of it.
    pub(super) key: String,
    /// A member of North with a good card on file, which she prefers.
    pub(super) anna: u32,
    /// The token of that card.
    pub(super) card: String,
    numbers: HashMap<String, u32>,
}

/// Everything that a refusal may not change.
#[derive(Debug, PartialEq)]
pub(super) struct Traces {
    sales: u64,
    contracts: usize,
    uses: Vec<u32>,
    used_by_anna: Vec<u128>,
    wallet: Option<Wallet>,
    profiles: Vec<PaymentProfile>,
    gateway_calls: usize,
}

const CODES: [&str; 7] = ["SUMMER", "OLD", "SOON", "GOLD", "JOIN", "ONCE", "LAST"];

impl Stage {
    pub(super) async fn open() -> Stage {
        Stage::with(Shop::open().await).await
    }

    pub(super) async fn on_disk() -> Stage {
        Stage::with(Shop::with(Engine::Sqlite, |sandbox| std::sync::Arc::new(sandbox)).await).await
    }

    async fn with(shop: Shop) -> Stage {
        let catalogue = file::parse(include_str!("chain.toml")).unwrap();
        let imported = import::import(shop.store(), &catalogue).await.unwrap();
        let numbers: HashMap<String, u32> =
            imported.into_iter().map(|it| (format!("{} {}", it.kind, it.slug), it.id)).collect();
        let chain = Shard(numbers["chain fit"]);
        let key = key(&shop, ClubScope::of_chain(chain)).await;
        let (anna, card) = (0, String::new());
        let mut stage = Stage { shop, chain, key, anna, card, numbers };
        stage.anna = stage.member("Anna Gestsdóttir").await;
        stage.card = stage.prefers(stage.anna, GOOD_CARD).await;
        stage
    }

    /// The published number of something in `chain.toml`.
    pub(super) fn number(&self, kind: &str, slug: &str) -> u32 {
        self.numbers[&format!("{kind} {slug}")]
    }

    /// A new member of North.
    pub(super) async fn member(&self, name: &str) -> u32 {
        let body = json!({ "Name": name, "StoreId": self.number("store", "north") });
        let answer = self.send("POST", "/members", &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let number = answer.json()["Member"]["MemberId"].as_u64().unwrap();
        u32::try_from(number).unwrap()
    }

    /// Leaves a card with the vault; answers with its `ProfileToken`.
    pub(super) async fn vaulted(&self, member: u32, number: &str) -> String {
        let card = json!({
            "MemberId": member, "CardNumber": number,
            "ExpMonth": "12", "ExpYear": "2036", "Cvc": "123",
        });
        let answer = self.send("POST", "/sales/paymentprofile/vault", &card).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["ProfileToken"].as_str().unwrap().to_owned()
    }

    /// Puts a card on file, which becomes the preferred one; answers with its `AcctToken`.
    pub(super) async fn prefers(&self, member: u32, number: &str) -> String {
        self.imported(member, number, false).await
    }

    /// Puts a card on file without changing the preference; answers with its `AcctToken`.
    pub(super) async fn keeps(&self, member: u32, number: &str) -> String {
        self.imported(member, number, true).await
    }

    async fn imported(&self, member: u32, number: &str, keeps: bool) -> String {
        let body = json!({
            "ProfileToken": self.vaulted(member, number).await,
            "DoNotUpdatePaymentTypePreference": keeps,
        });
        let answer = self.send("POST", "/sales/paymentprofile/import", &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["PaymentProfile"]["AcctToken"].as_str().unwrap().to_owned()
    }

    /// A key that is limited to something.
    pub(super) async fn limited(&self, stores: &[&str], member: Option<u32>) -> String {
        let stores = stores.iter().map(|slug| ClubStoreId(self.number("store", slug))).collect();
        let scope = ClubScope { chain: self.chain, stores, member: member.map(MemberId) };
        key(&self.shop, scope).await
    }

    pub(super) fn request(&self, verb: &str, path: &str, body: &Value) -> Request {
        let request = Request::new(verb, &format!("/clubs{path}")).accept("application/json");
        let request = request.header("X-Api-Key", &self.key);
        if verb == "GET" { request } else { request.json(body) }
    }

    pub(super) async fn send(&self, verb: &str, path: &str, body: &Value) -> Answer {
        self.shop.send(&self.request(verb, path, body)).await
    }

    /// Three euros from Anna, with the preferred card.
    pub(super) fn three(&self) -> Value {
        json!({
            "MemberId": self.anna,
            "StoreId": self.number("store", "north"),
            "PackageId": self.number("package", "three"),
            "PaymentAmount": 3.00,
        })
    }

    /// Three euros from somebody who becomes a member, with a card that is left for nobody yet.
    pub(super) async fn newcomer(&self, card: &str) -> Value {
        let mut body = self.three();
        body.as_object_mut().unwrap().remove("MemberId");
        (body["Name"], body["Email"]) = (json!("Sif Gestsdóttir"), json!("sif@example.org"));
        body["PaymentMethods"] = json!([{ "ProfileToken": self.vaulted(0, card).await }]);
        body
    }

    /// Drafts what `body` would sell; answers with the token.
    pub(super) async fn drafted(&self, body: &Value) -> String {
        let answer = self.send("POST", DRAFT, body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["incompleteAgreementToken"].as_str().unwrap().to_owned()
    }

    pub(super) async fn sell(&self, body: &Value) -> Answer {
        self.send("POST", SOLD, body).await
    }

    /// Sells what must be sold; answers with the id of the contract.
    pub(super) async fn sold(&self, body: &Value) -> String {
        let answer = self.sell(body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let told = answer.json();
        assert_eq!(told["Success"], true, "{told}");
        told["ContractSaleID"].as_str().unwrap().to_owned()
    }

    /// Anna may not buy any more.
    pub(super) async fn member_leaves(&self) {
        self.is_active(false).await;
    }

    /// She may again.
    pub(super) async fn member_returns(&self) {
        self.is_active(true).await;
    }

    async fn is_active(&self, active: bool) {
        let path = format!("/members/{}", self.anna);
        let saved = self.send("PUT", &path, &json!({ "IsActive": active })).await;
        assert_eq!(saved.status, 200, "{}", saved.text());
    }

    /// The package of three euros costs another sum from now on.
    pub(super) async fn price_of_three(&self, price: &str) {
        let text =
            include_str!("chain.toml").replace("price = \"3.00\"", &format!("price = \"{price}\""));
        import::import(self.shop.store(), &file::parse(&text).unwrap()).await.unwrap();
    }

    pub(super) async fn contract(&self, id: &str) -> Value {
        let answer = self.send("GET", &format!("/sales/contracts/{id}"), &json!({})).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["Contracts"][0].clone()
    }

    /// Every contract of a member, the newest first.
    pub(super) async fn contracts(&self, member: u32) -> Vec<Value> {
        let path = format!("/sales/member/{member}/contracts");
        let answer = self.send("GET", &path, &json!({})).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["Contracts"].as_array().unwrap().clone()
    }

    pub(super) async fn uses(&self, code: &str) -> u32 {
        let key = PromoCode::key_of(self.chain, PromoCode::hash_of(code));
        self.shop.store().read::<PromoCode>(key).await.unwrap().unwrap().uses
    }

    pub(super) async fn wallet(&self, member: u32) -> Option<Wallet> {
        let key = Wallet::key_of(self.chain, MemberId(member));
        self.shop.store().read::<Wallet>(key).await.unwrap().as_deref().cloned()
    }

    /// Debits minus credits of a sort of accounts, in cents.
    pub(super) async fn balance(&self, account: &str) -> i128 {
        let sums = self.shop.store().ledger_sums().await.unwrap();
        let own = sums.iter().filter(|sum| sum.account == account && sum.currency == "EUR");
        own.map(|sum| sum.amount).sum()
    }

    /// What the gateway has taken and not given back, in cents.
    pub(super) fn taken(&self) -> i64 {
        let lines = self.shop.gateway_log();
        let taken = lines.iter().map(|line| match line.request.operation {
            Operation::Sale | Operation::Capture => line.moved(),
            Operation::Refund => -line.moved().abs(),
            _ => 0,
        });
        taken.sum()
    }

    pub(super) async fn traces(&self) -> Traces {
        let mut uses = Vec::new();
        for code in CODES {
            uses.push(self.uses(code).await);
        }
        let mut profiles = Vec::new();
        for id in 1..=PROFILES_LOOKED_AT {
            let key = PaymentProfile::key_of(self.chain, PaymentProfileId(id));
            let found = self.shop.store().read::<PaymentProfile>(key).await.unwrap();
            profiles.extend(found.as_deref().cloned());
        }
        let key = Member::key_of(self.chain, MemberId(self.anna));
        let anna = self.shop.store().read::<Member>(key).await.unwrap().unwrap();
        Traces {
            sales: self.shop.check().await.sales,
            contracts: self.contracts(self.anna).await.len(),
            uses,
            used_by_anna: anna.promos_used.clone(),
            wallet: self.wallet(self.anna).await,
            profiles,
            gateway_calls: self.shop.gateway_log().len(),
        }
    }
}

async fn key(shop: &Shop, scope: ClubScope) -> String {
    let new = NewKey {
        name: "the chain's program".into(),
        roles: vec!["Club".into()],
        permissions: Vec::new(),
        organisers: Vec::new(),
        club: Some(scope),
    };
    create(shop.store(), new).await.unwrap()
}
