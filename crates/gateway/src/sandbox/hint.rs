//! What the sandbox tells a till by itself: that a payer on a phone has answered
//! (`payments.md` §3.1). A message that is lost is not sent again; the till asks anyway.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::SandboxError;
use super::connection::Connections;
use super::token::make_handle;
use crate::callback::CallbackSecret;

/// How many messages wait for their payers or are on their way; what is beyond them is not sent.
const HINTS_MAX: usize = 1_024;

/// Where a till takes messages, and how they are signed.
#[derive(Debug)]
pub struct CallbackTarget {
    address: SocketAddr,
    path: String,
    secret: CallbackSecret,
}

/// The text is no address of a till on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write it as http://127.0.0.1:8080/phonePayment/callback/phone; it must be this machine")]
pub struct NotCallbackUrl;

impl CallbackTarget {
    /// The target behind a URL such as `http://127.0.0.1:8080/phonePayment/callback/phone`.
    ///
    /// # Errors
    /// [`NotCallbackUrl`]
    pub fn of_url(url: &str, secret: CallbackSecret) -> Result<CallbackTarget, NotCallbackUrl> {
        let rest = url.strip_prefix("http://").ok_or(NotCallbackUrl)?;
        let (address, path) = rest.split_once('/').ok_or(NotCallbackUrl)?;
        let address: SocketAddr = address.parse().map_err(|_| NotCallbackUrl)?;
        let is_plain = path.bytes().all(|byte| byte.is_ascii_graphic());
        if !address.ip().is_loopback() || !is_plain {
            return Err(NotCallbackUrl);
        }
        Ok(CallbackTarget { address, path: format!("/{path}"), secret })
    }

    /// The whole request that tells of the charge of this key.
    fn message(&self, key: &str) -> Result<Vec<u8>, SandboxError> {
        let body = serde_json::json!({ "reference": key }).to_string();
        let nonce = make_handle()?;
        let signature = self.secret.sign(&nonce, &self.path, body.as_bytes());
        let head = format!(
            "POST {} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
             Accept: application/json\r\nX-Callback-Nonce: {nonce}\r\n\
             X-Callback-Signature: {signature}\r\nContent-Length: {}\r\n\r\n",
            self.path,
            self.address,
            body.len()
        );
        Ok((head + &body).into_bytes())
    }
}

/// Sends messages to one till.
pub(super) struct Hints {
    target: CallbackTarget,
    connections: Connections,
    places: Arc<Semaphore>,
}

impl Hints {
    pub(super) fn new(target: CallbackTarget) -> Arc<Hints> {
        let connections = Connections::new(target.address);
        Arc::new(Hints { target, connections, places: Arc::new(Semaphore::new(HINTS_MAX)) })
    }

    /// Tells of the charge of this key after a while, and keeps nobody waiting.
    pub(super) fn send_after(self: &Arc<Self>, pause: Duration, key: &str) {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else { return };
        let (hints, key) = (Arc::clone(self), key.to_owned());
        tokio::spawn(async move {
            tokio::time::sleep(pause).await;
            if let Ok(message) = hints.target.message(&key) {
                drop(hints.connections.send(&message).await);
            }
            drop(place);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{CallbackSecret, CallbackTarget};

    /// Proves that messages go to this machine alone, and that a path cannot add a header.
    #[test]
    fn targets_are_on_this_machine() {
        let check = |url: &str, is_target: bool| {
            let target = CallbackTarget::of_url(url, CallbackSecret::new("s".to_owned()));
            assert_eq!(target.is_ok(), is_target, "{url}");
        };
        check("http://127.0.0.1:8080/phonePayment/callback/phone", true);
        check("http://[::1]:8080/x", true);
        for url in ["https://127.0.0.1:1/x", "http://192.0.2.7:80/x", "http://127.0.0.1:80"] {
            check(url, false);
        }
        check("http://127.0.0.1:80/x y", false);
        check("http://127.0.0.1:80/x\r\nHost:z", false);
    }
}
