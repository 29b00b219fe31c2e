//! The SMS provider: what is sent to it, over what, and what becomes of its answers.

use std::sync::Arc;

use domain::phone::PhoneNumber;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;
use server::sms::{HttpSms, HttpSmsSettings, SmsFault, SmsMessage, SmsSender as _};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use zeroize::Zeroizing;

use crate::client::PATIENCE;

const SECRET: &str = "Bearer s3cret";
const BODY: &str = r#"{"to":"{number}","text":"{text}"}"#;

fn settings(url: &str) -> HttpSmsSettings {
    HttpSmsSettings {
        url: url.to_owned(),
        body: BODY.to_owned(),
        authorization: Some(Zeroizing::new(SECRET.to_owned())),
        root_certificate: None,
    }
}

fn message() -> SmsMessage {
    let number = PhoneNumber::parse("+3545551234").unwrap();
    SmsMessage { number, text: "123456 is your code.".to_owned() }
}

/// Reads one request and answers it; answers with what was read.
async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin, answer: &str) -> String {
    let mut read = Vec::new();
    while !read.ends_with(b"}") && stream.read_buf(&mut read).await.unwrap() > 0 {}
    stream.write_all(answer.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    String::from_utf8(read).unwrap()
}

/// A provider that answers once. Its port, and what it was sent.
async fn provider(tls: Option<TlsAcceptor>, answer: &'static str) -> (u16, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let served = async move {
        let (stream, _) = listener.accept().await.unwrap();
        match tls {
            Some(tls) => match tls.accept(stream).await {
                Ok(stream) => serve(stream, answer).await,
                Err(_) => String::new(),
            },
            None => serve(stream, answer).await,
        }
    };
    let served = tokio::time::timeout(PATIENCE, served);
    (port, tokio::spawn(async move { served.await.unwrap() }))
}

#[tokio::test]
async fn a_message_is_one_request() {
    // Proves what a provider is sent, and that each kind of answer is told apart; a redirection is
    // not followed, because it would take the code and the secret elsewhere.
    for (answer, expected) in [
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", Ok(())),
        ("HTTP/1.1 202 Accepted\r\n\r\n", Ok(())),
        ("HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n", Err(SmsFault::Refused { status: 302 })),
        ("HTTP/1.1 401 No\r\n\r\n", Err(SmsFault::Refused { status: 401 })),
    ] {
        let (port, served) = provider(None, answer).await;
        let sms = HttpSms::new(&settings(&format!("http://127.0.0.1:{port}/v1/send?a=b"))).unwrap();
        assert_eq!(sms.send(&message()).await, expected, "{answer}");
        let request = served.await.unwrap();
        assert!(request.starts_with("POST /v1/send?a=b HTTP/1.1\r\n"), "{request}");
        let head = request.to_ascii_lowercase();
        for line in ["authorization: bearer s3cret", "content-type: application/json"] {
            assert!(head.contains(line), "{request}");
        }
        let body = r#"{"to":"+3545551234","text":"123456 is your code."}"#;
        assert!(request.ends_with(body), "{request}");
    }
}

#[tokio::test]
async fn what_is_no_answer_is_told_without_secrets() {
    // Proves that a closed port and a broken answer are faults whose texts tell nothing.
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let (broken, _served) = provider(None, "nonsense\r\n\r\n").await;
    for port in [closed, broken] {
        let sms = HttpSms::new(&settings(&format!("http://127.0.0.1:{port}/"))).unwrap();
        let fault = sms.send(&message()).await.unwrap_err();
        assert!(matches!(fault, SmsFault::Unreachable(_)), "{fault}");
        let told = format!("{fault} {fault:?} {:?} {:?}", message(), settings("http://[::1]/"));
        for secret in ["s3cret", "555", "123456"] {
            assert!(!told.contains(secret), "{told}");
        }
    }
}

#[tokio::test]
async fn the_provider_is_checked() {
    // Proves that a provider with another certificate than the trusted one gets no code.
    let own = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let foreign = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    for (trusted, is_trusted) in [(own.cert.pem(), true), (foreign.cert.pem(), false)] {
        let (port, served) = provider(Some(acceptor(&own)), "HTTP/1.1 200 OK\r\n\r\n").await;
        let sms = HttpSms::new(&HttpSmsSettings {
            root_certificate: Some(trusted.into_bytes()),
            ..settings(&format!("https://localhost:{port}/"))
        });
        assert_eq!(sms.unwrap().send(&message()).await.is_ok(), is_trusted);
        assert_eq!(served.await.unwrap().contains("123456"), is_trusted);
    }
}

fn acceptor(certified: &CertifiedKey<rcgen::KeyPair>) -> TlsAcceptor {
    let key = PrivatePkcs8KeyDer::from(certified.signing_key.serialize_der());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.der().clone()], key.into())
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

#[test]
fn settings_are_checked_at_the_start() {
    // Proves which addresses, documents and headers are refused: codes go over TLS, except on this
    // machine.
    for (url, is_good) in [
        ("https://sms.example.org/v1", true),
        ("http://127.0.0.1:8099/", true),
        ("http://localhost/", true),
        ("http://[::1]:80/", true),
        ("http://sms.example.org/", false),
        ("http://192.0.2.1/", false),
        ("ftp://localhost/", false),
        ("sms.example.org", false),
        ("", false),
    ] {
        assert_eq!(HttpSms::new(&settings(url)).is_ok(), is_good, "{url}");
    }
    let bad_body = HttpSmsSettings { body: "{}".into(), ..settings("http://localhost/") };
    let authorization = Some(Zeroizing::new("Bearer a\r\nX: y".to_owned()));
    let bad_header = HttpSmsSettings { authorization, ..settings("http://localhost/") };
    let bad_roots =
        HttpSmsSettings { root_certificate: Some(Vec::new()), ..settings("https://localhost/") };
    for bad in [bad_body, bad_header, bad_roots] {
        let refused = HttpSms::new(&bad).err().unwrap().to_string();
        assert!(!refused.contains("Bearer a"), "{refused}");
    }
}
