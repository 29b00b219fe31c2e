//! A shop where `hekla` is a chain of clubs, too: two stores, four members, and a key.

use domain::api_key::ClubScope;
use domain::club::{Chain, ClubStore, Member};
use domain::facts::{Command, Facts, Halt, Key, Shards};
use domain::ids::{ClubStoreId, MemberId, PaymentProfileId, Shard};
use domain::money::Currency;
use domain::profile::{PaymentProfile, Wallet};
use domain::time::Timestamp;
use serde_json::{Value, json};
use server::access::keys::{NewKey, create};

use crate::client::{Answer, Request};
use crate::order::GOOD_CARD;
use crate::shop::{Engine, Shop};

pub(crate) const ANNA: u32 = 11;
pub(crate) const JON: u32 = 12;

/// A member who may not buy.
pub(crate) const GONE: u32 = 13;

/// A member of the other store.
pub(crate) const SOUTHERNER: u32 = 14;

/// A number of the sandbox's gift cards.
pub(crate) const GIFT_CARD: &str = "6006490000001234";

pub(crate) struct Club {
    pub(crate) shop: Shop,
    pub(crate) chain: Shard,
    /// For the whole chain.
    pub(crate) key: String,
}

impl Club {
    pub(crate) async fn open() -> Club {
        Club::with(Shop::open().await).await
    }

    pub(crate) async fn on_disk() -> Club {
        Club::with(Shop::with(Engine::Sqlite, |sandbox| std::sync::Arc::new(sandbox)).await).await
    }

    pub(crate) async fn with(shop: Shop) -> Club {
        let chain = Shard(shop.number("organiser", "hekla"));
        shop.store().submit(Found { chain }).await.unwrap();
        let key = key(&shop, ClubScope::of_chain(chain)).await;
        Club { shop, chain, key }
    }

    /// A key that is limited to something.
    pub(crate) async fn limited(&self, stores: &[u32], member: Option<u32>) -> String {
        let stores = stores.iter().copied().map(ClubStoreId).collect();
        let scope = ClubScope { chain: self.chain, stores, member: member.map(MemberId) };
        key(&self.shop, scope).await
    }

    /// A request in JSON with the chain's key in a header.
    pub(crate) fn request(&self, verb: &str, path: &str, body: &Value) -> Request {
        let request = Request::new(verb, &format!("/clubs{path}")).accept("application/json");
        let request = request.header("X-Api-Key", &self.key);
        if verb == "GET" { request } else { request.json(body) }
    }

    pub(crate) async fn send(&self, verb: &str, path: &str, body: &Value) -> Answer {
        self.shop.send(&self.request(verb, path, body)).await
    }

    /// Leaves a card; answers with its two tokens.
    pub(crate) async fn vaulted(&self, card: &Value) -> (String, String) {
        let answer = self.send("POST", VAULT, card).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let answer = answer.json();
        let text = |name: &str| answer[name].as_str().unwrap().to_owned();
        (text("AcctToken"), text("ProfileToken"))
    }

    /// A card of Anna's that is on file; answers with its number.
    pub(crate) async fn on_file(&self, number: &str) -> String {
        let (_, token) = self.vaulted(&card(number, Some(ANNA))).await;
        let answer = self.send("POST", IMPORT, &json!({ "ProfileToken": token })).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["PaymentProfile"]["PaymentProfileId"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn list(&self, member: u32) -> Vec<Value> {
        let path = format!("/sales/member/{member}/payment/profiles");
        let answer = self.send("GET", &path, &json!({})).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["PaymentProfiles"].as_array().unwrap().clone()
    }

    /// What is stored of a profile.
    pub(crate) async fn stored(&self, id: u32) -> Option<PaymentProfile> {
        let key = PaymentProfile::key_of(self.chain, PaymentProfileId(id));
        let found = self.shop.store().read::<PaymentProfile>(key).await.unwrap();
        found.as_deref().cloned()
    }

    /// Everything that a refusal may not change: wallets, profiles, and what the gateway heard.
    pub(crate) async fn traces(&self) -> (Vec<Option<Wallet>>, Vec<PaymentProfile>, usize) {
        let mut wallets = Vec::new();
        for member in [ANNA, JON, GONE] {
            let key = Wallet::key_of(self.chain, MemberId(member));
            let found = self.shop.store().read::<Wallet>(key).await.unwrap();
            wallets.push(found.as_deref().cloned());
        }
        let mut profiles = Vec::new();
        for id in 1..=PROFILES_LOOKED_AT {
            profiles.extend(self.stored(id).await);
        }
        (wallets, profiles, self.shop.gateway_log().len())
    }
}

pub(crate) const VAULT: &str = "/sales/paymentprofile/vault";
pub(crate) const IMPORT: &str = "/sales/paymentprofile/import";

/// More than any test makes, so that none is overlooked.
const PROFILES_LOOKED_AT: u32 = 30;

/// The status and the code of an error.
pub(crate) fn told(answer: &Answer) -> (u16, String) {
    let code = answer.json()["ResponseStatus"]["ErrorCode"].as_str().unwrap_or("").to_owned();
    (answer.status, code)
}

/// A card, for a member or for nobody.
pub(crate) fn card(number: &str, member: Option<u32>) -> Value {
    json!({
        "MemberId": member,
        "CardNumber": number,
        "ExpMonth": "12",
        "ExpYear": "2036",
        "Cvc": "123",
    })
}

pub(crate) fn good_card(member: Option<u32>) -> Value {
    card(GOOD_CARD, member)
}

async fn key(shop: &Shop, scope: ClubScope) -> String {
    let new = NewKey {
        name: "the club's program".into(),
        roles: vec!["Club".into()],
        permissions: Vec::new(),
        organisers: Vec::new(),
        club: Some(scope),
    };
    create(shop.store(), new).await.unwrap()
}

/// Makes a chain of an organiser.
struct Found {
    chain: Shard,
}

impl Command for Found {
    type Outcome = ();

    fn shards(&self) -> Shards {
        Shards::One(self.chain)
    }

    fn keys(&self, _now: Timestamp, _keys: &mut Vec<Key>) {}

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        let shard = self.chain;
        facts.put(Chain { shard, active: true });
        for (id, slug) in [(1, "north"), (2, "south")] {
            facts.put(ClubStore {
                shard,
                id: ClubStoreId(id),
                slug: slug.into(),
                name: slug.into(),
                active: true,
                time_zone: "Atlantic/Reykjavik".into(),
                currency: Currency::ISK,
                jurisdiction: "IS".into(),
            });
        }
        let members = [(ANNA, true, 1), (JON, true, 1), (GONE, false, 1), (SOUTHERNER, true, 2)];
        for (id, active, store) in members {
            facts.put(Member {
                shard,
                id: MemberId(id),
                store: ClubStoreId(store),
                name: "Anna Gestsdóttir".into(),
                email: None,
                phone: None,
                external_id: None,
                active,
                promos_used: Vec::new(),
                created_at: now,
                changed_at: now,
            });
        }
        Ok(())
    }
}
