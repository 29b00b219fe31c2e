//! A running demo and somebody who buys there.

use std::net::SocketAddr;
use std::path::Path;

use serde_json::Value;

use crate::exchange::{Answer, send};
use crate::program::{Program, until};
use crate::search::open_line;

/// Somebody with the demo's key and the order it prints.
#[derive(Clone)]
pub(crate) struct Buyer {
    bearer: String,
    order: Value,
}

/// Starts the demo in `data`; `name` names the files for what it prints.
pub(crate) fn demo(name: &str, folder: &Path, data: &Path) -> (Program, Buyer) {
    let program = Program::start(name, folder, data, &["demo"]);
    let buyer = buyer(&program, data);
    (program, buyer)
}

/// Somebody who buys from a demo that has just been started.
pub(crate) fn buyer(program: &Program, data: &Path) -> Buyer {
    let (key, order) = until("the printed order", || open_line(data, &program.printed()));
    Buyer { bearer: format!("Bearer {key}"), order }
}

impl Buyer {
    /// Orders under a key of the caller's own.
    pub(crate) fn order(&self, address: SocketAddr, key: &str) -> Answer {
        let headers = [
            ("Authorization", self.bearer.as_str()),
            ("Content-Type", "application/json"),
            ("Idempotency-Key", key),
        ];
        let body = self.order.to_string();
        send(address, "POST", "/ticketOrder.json", &headers, body.as_bytes())
    }

    /// The order it places.
    pub(crate) fn usual_order(&self) -> Value {
        self.order.clone()
    }

    /// Sends an order of its own making, under no key.
    pub(crate) fn send(&self, address: SocketAddr, order: &Value) -> Answer {
        let headers = [("Authorization", &*self.bearer), ("Content-Type", "application/json")];
        send(address, "POST", "/ticketOrder.json", &headers, order.to_string().as_bytes())
    }

    /// Orders and gets it; answers what was said.
    pub(crate) fn buy(&self, address: SocketAddr, key: &str) -> String {
        let answer = self.order(address, key);
        assert_eq!((answer.status, &answer.json()["message"]), (200, &"OK".into()));
        answer.body
    }
}
