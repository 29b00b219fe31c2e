//! An app that signs its requests, by means of its own.

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use server::access::signature::ClientSystem;
use server::keys::token_key;
use sha2::Sha256;
use store::Clock as _;

use crate::shop::Shop;

/// An app with its key.
pub(crate) struct App {
    pub(crate) key: String,
    pub(crate) system: ClientSystem,
}

impl App {
    /// An app whose key was made just now.
    pub(crate) async fn new(shop: &Shop) -> App {
        let key = shop.key(&["MobileApp"], &[]).await;
        App { system: system_of(shop, &key), key }
    }
}

/// What would be the client system of any key.
pub(crate) fn system_of(shop: &Shop, key: &str) -> ClientSystem {
    ClientSystem::of_key(key, &token_key(shop.folder()).unwrap())
}

/// A request to be signed: what is signed, and by whom.
#[derive(Clone)]
pub(crate) struct Signing {
    pub(crate) system_id: String,
    pub(crate) secret: String,
    pub(crate) timestamp: i64,
    pub(crate) operation: &'static str,
    pub(crate) device_id: String,
    pub(crate) phone: String,
}

impl Signing {
    /// By that app from a device of that name, now.
    pub(crate) fn new(shop: &Shop, app: &App, device_id: &str) -> Signing {
        Signing {
            system_id: app.system.id.clone(),
            secret: app.system.secret.to_string(),
            timestamp: shop.clock.now().seconds(),
            operation: "TicketOrder",
            device_id: device_id.to_owned(),
            phone: String::new(),
        }
    }

    pub(crate) fn signature(&self) -> String {
        let time = self.timestamp.to_string();
        let parts = [&*self.system_id, &time, self.operation, &self.device_id, &self.phone];
        let mut signed = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()).unwrap();
        signed.update(parts.join("\n").as_bytes());
        let digits = signed.finalize().into_bytes();
        digits.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The order with everything that was signed, and the signature.
    pub(crate) fn sign(&self, order: &Value) -> Value {
        let mut order = order.clone();
        order["requestUnixUTCTimeStamp"] = json!(self.timestamp);
        order["deviceId"] = json!(self.device_id);
        if !self.phone.is_empty() {
            order["phoneVerificationNumber"] = json!(self.phone);
        }
        order["signature"] = json!({ "systemId": self.system_id, "signature": self.signature() });
        order
    }
}
