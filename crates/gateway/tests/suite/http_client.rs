//! The client of all gateways over HTTP: what it takes for an answer, and what silence proves.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::net::SocketAddr;

use domain::attempt::CallResult;
use domain::time::Span;
use gateway::client::{ANSWER_LENGTH_MAX, Client, ClientError, ClientSettings, Message};
use gateway::{Sending, Silence};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

fn settings(base_url: &str) -> ClientSettings {
    let deadline = Span::milliseconds(400);
    ClientSettings { base_url: base_url.to_owned(), deadline, root_certificate: None }
}

fn client(address: SocketAddr) -> Client {
    Client::new(&settings(&format!("http://{address}/base"))).unwrap()
}

/// A server that reads one request, answers with these bytes and ends the connection; with no
/// bytes it keeps silent. Brings what it read.
async fn server(answer: Vec<u8>) -> (SocketAddr, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let task = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = vec![0; 64 * 1024];
        let length = stream.read(&mut request).await.unwrap();
        if answer.is_empty() {
            tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        }
        // A client that has read enough hangs up, which is not this server's trouble.
        drop(stream.write_all(&answer).await);
        String::from_utf8_lossy(&request[..length]).into_owned()
    });
    (address, task)
}

#[test]
fn only_safe_addresses_are_taken() {
    // Proves that money goes over TLS, or stays on this machine, and that no address holds more.
    let check = |url: &str, is_taken: bool| {
        let made = Client::new(&settings(url));
        assert_eq!(made.is_ok(), is_taken, "{url}");
        assert!(made.is_ok() || made.err() == Some(ClientError::Address), "{url}");
    };
    for url in [
        "https://api.example.org",
        "https://api.example.org:8443/rpg",
        "http://127.0.0.1:1/x",
        "http://[::1]:1",
        "http://localhost:1",
    ] {
        check(url, true);
    }
    for url in [
        "http://api.example.org",
        "http://192.0.2.7",
        "http://localhost.example.org",
        "http://127.0.0.1.example.org",
        "ftp://127.0.0.1",
        "https://user@api.example.org",
        "https://user:secret@api.example.org",
        "https://api.example.org/?key=1",
        "https://api.example.org/#x",
        "api.example.org",
        "",
    ] {
        check(url, false);
    }
}

#[test]
fn certificates_must_be_some() {
    // Proves that a file without a certificate is told of at the start, not at the first buyer.
    let with = ClientSettings {
        root_certificate: Some(b"nothing".to_vec()),
        ..settings("https://api.example.org")
    };
    assert!(matches!(Client::new(&with), Err(ClientError::Certificate(_))));
}

#[tokio::test]
async fn a_request_is_written_as_it_was_asked_for() {
    // Proves method, path below the base, headers, and both kinds of bodies.
    let ok = b"HTTP/1.1 201 X\r\nContent-Length: 9\r\nx-told: yes\r\n\r\n{\"id\": 7}".to_vec();
    let (address, task) = server(ok).await;
    let message = Message::post("/v1/things?expand[]=a")
        .header("idempotency-key", "k1")
        .form(&[("a[b]", "1 & 2"), ("c", "þ")]);
    let answer = client(address).send(message).await.unwrap();
    assert_eq!((answer.status, answer.header("x-told")), (201, Some("yes")));
    assert_eq!(answer.json::<serde_json::Value>().unwrap()["id"], 7);
    let request = task.await.unwrap();
    assert!(request.starts_with("POST /base/v1/things?expand[]=a HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("idempotency-key: k1\r\n"), "{request}");
    assert!(request.contains("content-type: application/x-www-form-urlencoded\r\n"), "{request}");
    assert!(request.ends_with("\r\n\r\na%5Bb%5D=1+%26+2&c=%C3%BE"), "{request}");

    let (address, task) = server(b"HTTP/1.1 204 X\r\n\r\n".to_vec()).await;
    let message = Message::put("/x").json(&serde_json::json!({ "a": 1 }));
    assert_eq!(client(address).send(message).await.unwrap().status, 204);
    let request = task.await.unwrap();
    assert!(request.starts_with("PUT /base/x HTTP/1.1\r\n"), "{request}");
    assert!(request.ends_with("\r\n\r\n{\"a\":1}"), "{request}");
}

#[tokio::test]
async fn silence_is_told_for_what_it_proves() {
    // Proves that only a connection that never stood proves that nothing was sent.
    let redirect = "HTTP/1.1 302 X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
    let (address, _task) = server(redirect.into()).await;
    let answer = client(address).send(Message::get("/x")).await.unwrap();
    assert_eq!(answer.status, 302, "no redirect is followed");

    let long = format!("HTTP/1.1 200 X\r\nContent-Length: {}\r\n\r\n", ANSWER_LENGTH_MAX + 1);
    let long = [long.into_bytes(), vec![b'x'; ANSWER_LENGTH_MAX + 1]].concat();
    let torn = b"HTTP/1.1 200 X\r\nContent-Length: 10\r\n\r\nabc".to_vec();
    for (answer, what) in
        [(long, "too long"), (torn, "torn"), (b"hello".to_vec(), "no HTTP"), (Vec::new(), "silent")]
    {
        let (address, _task) = server(answer).await;
        let silence = client(address).send(Message::get("/x")).await.err().unwrap();
        assert!(matches!(silence, Silence::NoAnswer(_)), "{what}: {silence:?}");
        let result = silence.result(Sending::Once);
        assert!(matches!(result, CallResult::Unknown(_)), "{what}: {result:?}");
    }

    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let silence = client(closed).send(Message::get("/x")).await.err().unwrap();
    let (once, again) =
        (silence.clone().result(Sending::Once), silence.result(Sending::Repeatable));
    assert!(matches!(once, CallResult::NotExecuted(_)), "{once:?}");
    assert!(matches!(again, CallResult::Unknown(_)), "{again:?}");
}

#[tokio::test]
async fn a_server_without_a_certificate_gets_nothing() {
    // Proves that what cannot prove to be the provider is told nothing: the request has not left.
    let (address, task) = server(b"HTTP/1.1 200 X\r\nContent-Length: 0\r\n\r\n".to_vec()).await;
    let client = Client::new(&settings(&format!("https://{address}"))).unwrap();
    let silence = client.send(Message::post("/x").form(&[("card", "secret")])).await.err().unwrap();
    assert!(matches!(silence, Silence::NotSent(_)), "{silence:?}");
    assert!(!task.await.unwrap().contains("secret"));
}

#[tokio::test]
async fn paths_stay_where_they_belong() {
    // Proves that a name out of an answer cannot lead a request elsewhere, that a header cannot
    // carry a second one, and that errors say nothing of either.
    let closed: SocketAddr = "127.0.0.1:1".parse().unwrap();
    for path in ["", "x", "/a/../b", "/a/./b", "/a b", "/a\r\nHost: x", "/a#b", "/a@b", "/\\b"] {
        let silence = client(closed).send(Message::get(path)).await.err().unwrap();
        assert_eq!(silence, Silence::NotSent("the path cannot be sent".into()), "{path}");
    }
    let long = format!("/{}", "a".repeat(3_000));
    assert!(client(closed).send(Message::get(&long)).await.is_err());
    let message = Message::get("/x").header("authorization", "a\r\nb: c");
    let silence = client(closed).send(message).await.err().unwrap();
    assert_eq!(silence, Silence::NotSent("a header cannot be written".into()));
}
