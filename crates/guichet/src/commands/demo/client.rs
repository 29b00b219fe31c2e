//! What an app and a back office send: JSON over HTTP, with a limit of time and size.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::Request;
use hyper::body::Bytes;
use hyper_util::client::legacy::Client as Connections;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

/// How long one answer may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// The most bytes of one answer.
const ANSWER_LENGTH_MAX: usize = 8 * 1_024 * 1_024;

/// How often a state that is about to change is asked for.
const POLLS_MAX: u32 = 100;

/// The pause between two such questions.
const POLL_PAUSE: Duration = Duration::from_millis(200);

/// A caller with the demo's key.
pub(super) struct Client {
    address: SocketAddr,
    key: String,
    connections: Connections<HttpConnector, Full<Bytes>>,
}

impl Client {
    pub(super) fn new(address: SocketAddr, key: &str) -> Client {
        let connections = Connections::builder(TokioExecutor::new()).build_http();
        Client { address, key: key.to_owned(), connections }
    }

    pub(super) async fn get(&self, path: &str) -> anyhow::Result<Value> {
        self.send("GET", path, None).await
    }

    /// Posts and expects `statusCode` 200.
    pub(super) async fn post(&self, path: &str, body: Value) -> anyhow::Result<Value> {
        let answer = self.ask(path, body).await?;
        ensure!(status(&answer) == 200, "POST {path} was answered {}", told(&answer));
        Ok(answer)
    }

    /// Posts and takes any `statusCode`.
    pub(super) async fn ask(&self, path: &str, body: Value) -> anyhow::Result<Value> {
        self.send("POST", path, Some(body)).await
    }

    /// Asks until `is_there` says so.
    pub(super) async fn wait_for(
        &self,
        path: &str,
        is_there: impl Fn(&Value) -> bool,
    ) -> anyhow::Result<Value> {
        for _ in 0..POLLS_MAX {
            let answer = self.get(path).await?;
            if is_there(&answer) {
                return Ok(answer);
            }
            tokio::time::sleep(POLL_PAUSE).await;
        }
        bail!("GET {path} did not become what was waited for")
    }

    async fn send(&self, verb: &str, path: &str, body: Option<Value>) -> anyhow::Result<Value> {
        let bytes = body.map(|body| body.to_string()).unwrap_or_default();
        let request = Request::builder()
            .method(verb)
            .uri(format!("http://{}{path}", self.address))
            .header("Authorization", format!("Bearer {}", self.key))
            .header("Accept", "application/json")
            .header("Content-Type", "application/json")
            .body(Full::new(Bytes::from(bytes)))?;
        let answer = tokio::time::timeout(ANSWER_WITHIN, self.connections.request(request));
        let answer = answer.await.with_context(|| format!("{verb} {path} took too long"))??;
        let code = answer.status();
        let body = Limited::new(answer.into_body(), ANSWER_LENGTH_MAX).collect().await;
        let body = body.map_err(anyhow::Error::from_boxed)?.to_bytes();
        ensure!(
            code.is_success(),
            "{verb} {path} was answered {code}: {}",
            String::from_utf8_lossy(&body)
        );
        serde_json::from_slice(&body).with_context(|| format!("{verb} {path} was no JSON"))
    }
}

/// The `statusCode` in an answer.
pub(super) fn status(answer: &Value) -> i64 {
    answer["statusCode"].as_i64().unwrap_or(200)
}

fn told(answer: &Value) -> String {
    let message = answer["message"].as_str().or(answer["statusMessage"].as_str());
    format!("{}: {}", status(answer), message.unwrap_or("without a word"))
}
