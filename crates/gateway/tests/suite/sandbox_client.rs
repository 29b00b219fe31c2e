//! What the client makes of a sandbox that is slow, gone, or not a sandbox at all.

use std::net::SocketAddr;
use std::time::Duration;

use crate::support::{
    Form, GOOD_CARD, NOW, Till, card, charge, exchange, kind, krona, options, sandbox_terms,
    start_server,
};
use domain::attempt::{CallResult, CallVerb, Consent, GatewayCall};
use domain::ids::{SaleId, Shard};
use domain::time::{Span, Timestamp};
use gateway::sandbox::{SandboxClient, SandboxError, SandboxOptions, serve};
use gateway::{Gateway as _, perform};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

#[tokio::test]
async fn a_refused_connection_proves_only_what_it_can() {
    // Proves that a first charge is known not to have happened, and that for questions and
    // for what may have been sent before the outcome stays unknown.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = SandboxClient::new(listener.local_addr().unwrap(), sandbox_terms());
    drop(listener);
    let request = krona("key", 500);
    let charge = charge("charge");
    for (result, expected) in [
        (client.sale(&request, &card(GOOD_CARD)).await, "not executed"),
        (client.authorize(&request, &card(GOOD_CARD)).await, "not executed"),
        (client.capture(&request, &charge).await, "unknown"),
        (client.void(&request, &charge).await, "unknown"),
        (client.refund(&request, &charge).await, "unknown"),
        (client.lookup(&request).await, "unknown"),
        (client.fence(&request).await, "unknown"),
    ] {
        assert_eq!(kind(&result), expected, "{result:?}");
    }
}

#[tokio::test]
async fn a_late_answer_is_unknown_and_the_charge_is_found() {
    // Proves the deadline over a real connection: the charge behind it is real.
    let folder = tempfile::tempdir().unwrap();
    let slow = SandboxOptions { answer_delay: Span::milliseconds(300), ..options(folder.path()) };
    let till = Till::open_with(Form::OverHttp, &slow).await;
    let call = GatewayCall {
        shard: Shard(1),
        sale: SaleId(1),
        partner: None,
        attempt: 1,
        gateway: "sandbox".into(),
        key: "slow".into(),
        verb: CallVerb::Charge,
        token: None,
        reserves: false,
        consent: Consent::ThisCharge,
        handle: None,
        money: krona("", 500).money,
        send_before: Timestamp(NOW.0 + 1),
        deadline: Span::milliseconds(100),
    };
    let result = perform(&*till.gateway, &call, Some(&card(GOOD_CARD)), NOW).await;
    assert_eq!(kind(&result), "unknown");
    assert_eq!(kind(&till.lookup("slow").await), "approved");
}

/// Answers every connection with these bytes, after it has read something, and closes it.
async fn serve_bytes(bytes: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("it has an address");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4_096];
            let read = stream.read(&mut request).await;
            let written = stream.write_all(bytes).await;
            assert!(read.is_ok() && written.is_ok(), "the client listens");
        }
    });
    address
}

#[tokio::test]
async fn an_unreadable_answer_is_unknown() {
    // Proves that whatever comes back after the request has left, it is never a decline.
    for answer in [
        &b""[..],
        b"garbage\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\ngarbage",
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"Declined\":\"Soft\"}",
        b"HTTP/1.1 200 OK\r\ncontent-length: 99999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 18\r\n\r\n{\"Declined\":\"soft\"}more",
        b"HTTP/1.1 200 OK\r\n\r\n{\"Declined\":\"soft\"}",
        b"HTTP/1.0 200 OK\r\ncontent-length: 19\r\n\r\n{\"Declined\":\"soft\"}",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 500 Oh\r\ncontent-length: 18\r\n\r\n{\"Declined\":\"soft\"}",
        b"HTTP/1.1 402 No\r\ncontent-length: 19\r\n\r\n{\"Declined\":\"soft\"}",
    ] {
        let client = SandboxClient::new(serve_bytes(answer).await, sandbox_terms());
        let result = client.sale(&krona("key", 500), &card(GOOD_CARD)).await;
        assert_eq!(kind(&result), "unknown", "{}", String::from_utf8_lossy(answer));
    }
}

#[tokio::test]
async fn a_restarted_sandbox_is_reached_again() {
    // Proves that connections which died while they were idle cost no charge.
    let folder = tempfile::tempdir().unwrap();
    let (address, server) = start_server(options(folder.path())).await;
    let client = SandboxClient::new(address, sandbox_terms());
    assert_eq!(kind(&client.sale(&krona("a", 500), &card(GOOD_CARD)).await), "approved");
    server.abort();
    assert!(server.await.is_err());
    // Long enough for the end of the old connections to arrive.
    tokio::time::sleep(Duration::from_millis(50)).await;
    let listener = TcpListener::bind(address).await.unwrap();
    let server = tokio::spawn(serve(listener, options(folder.path())));
    assert_eq!(kind(&client.sale(&krona("b", 500), &card(GOOD_CARD)).await), "approved");
    assert_eq!(kind(&client.lookup(&krona("a", 500)).await), "approved");
    server.abort();
}

#[tokio::test]
async fn the_service_stays_on_this_machine() {
    // Proves that a listener others could reach is refused.
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let refused = serve(listener, options(folder.path())).await;
    assert!(matches!(refused, Err(SandboxError::NotLoopback(_))));
}

#[tokio::test]
async fn the_service_refuses_what_it_cannot_read() {
    // Proves the status of odd requests, and that none of them changes the book.
    let folder = tempfile::tempdir().unwrap();
    let (address, server) = start_server(options(folder.path())).await;
    let money = r#""money":{"amount":5,"currency":"ISK"}"#;
    let refund_as_charge = format!(r#"{{"key":"k","operation":"refund",{money}}}"#);
    let letters = format!(r#"{{"ending":"78x1",{money}}}"#);
    let large = "x".repeat(20_000);
    for (method, path, body, status) in [
        ("GET", "/health", "", "200"),
        ("GET", "/v1/log", "", "200"),
        ("GET", "/", "", "404"),
        ("DELETE", "/v1/charges/k", "", "404"),
        ("POST", "/v1/charges/k/steal", "{}", "404"),
        ("POST", "/v1/charges", "", "400"),
        ("POST", "/v1/charges", "{\"key\":", "400"),
        ("POST", "/v1/charges", &refund_as_charge, "400"),
        ("POST", "/v1/charges", &large, "400"),
        ("POST", "/v1/gift-cards", &letters, "400"),
        ("POST", "/v1/charges/k/refunds", "{}", "400"),
    ] {
        let answer = exchange(address, method, path, body).await;
        assert_eq!(&answer["HTTP/1.1 ".len()..][..3], status, "{method} {path}: {answer}");
    }
    let log = exchange(address, "GET", "/v1/log", "").await;
    assert!(log.ends_with("\r\n\r\n"), "{log}");
    server.abort();
}

#[tokio::test]
async fn a_card_sent_by_another_client_is_checked() {
    // Proves that the service declines what our own client could not have sent.
    let folder = tempfile::tempdir().unwrap();
    let (address, server) = start_server(options(folder.path())).await;
    for (key, number, year, code, reason) in [
        ("a", "4242424242424241", 2031, "123", "card_invalid"),
        ("b", GOOD_CARD, 2025, "123", "hard_expiry"),
        ("c", GOOD_CARD, 2031, "12", "cvc_invalid"),
    ] {
        let body = format!(
            r#"{{"key":"{key}","operation":"sale","money":{{"amount":5,"currency":"ISK"}},
            "card":{{"number":"{number}","expiry_month":1,"expiry_year":{year},
            "security_code":"{code}"}}}}"#
        );
        let answer = exchange(address, "POST", "/v1/charges", &body).await;
        assert!(answer.ends_with(&format!(r#"{{"Declined":"{reason}"}}"#)), "{answer}");
    }
    server.abort();
}

#[tokio::test]
async fn a_conflict_has_a_status_of_its_own() {
    // Proves that a second request with a used key is told apart over HTTP, too.
    let folder = tempfile::tempdir().unwrap();
    let (address, server) = start_server(options(folder.path())).await;
    let client = SandboxClient::new(address, sandbox_terms());
    client.sale(&krona("key", 500), &card(GOOD_CARD)).await;
    let body = r#"{"key":"key","operation":"sale","money":{"amount":1,"currency":"ISK"}}"#;
    let answer = exchange(address, "POST", "/v1/charges", body).await;
    assert!(answer.starts_with("HTTP/1.1 409"), "{answer}");
    let result = client.sale(&krona("key", 501), &card(GOOD_CARD)).await;
    assert!(matches!(result, CallResult::Unknown(why) if why.contains("another request")));
    server.abort();
}
