//! What the providers over HTTP answer: nothing of it may be taken for an approval by mistake.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use domain::attempt::{CallResult, GatewayTerms};
use domain::money::{Currency, Money};
use domain::time::{Span, Timestamp};
use gateway::borgun::{Authorization, Borgun, BorgunSettings};
use gateway::client::ClientSettings;
use gateway::phone::{Confirmation, PhoneGateway, PhoneSettings};
use gateway::stripe::{StripeGateway, StripeSettings};
use gateway::{CallbackSecret, Clock, Gateway, PaymentRequest};
use tokio::runtime::{Builder, Runtime};

const NOW: Timestamp = Timestamp(1_795_305_600_000_000);
const DEADLINE: Span = Span::seconds(5);
const REQUEST_LENGTH_MAX: usize = 8 * 1024;

/// A provider that gives the input as the body of every answer, gateways that lead to it with what
/// each must have read to approve, and their runtime.
struct Providers {
    body: Mutex<Vec<u8>>,
    gateways: Vec<(Box<dyn Gateway>, &'static [&'static str])>,
    runtime: Runtime,
}

/// An approval has been read as such: its word stands there, as it is or with escapes.
pub(crate) fn answers(input: &[u8]) {
    let providers = providers();
    *providers.body.lock().unwrap_or_else(PoisonError::into_inner) = input.to_vec();
    let has = |text: &str| input.windows(text.len()).any(|part| part == text.as_bytes());
    let money = Money { amount: 100, currency: Currency::ISK };
    let request = PaymentRequest::new("att_1_77_1", money, DEADLINE);
    let request = PaymentRequest { handle: Some("cart-1"), ..request };
    for (gateway, words) in &providers.gateways {
        let result = providers.runtime.block_on(gateway.lookup(&request));
        let is_approved =
            matches!(result, CallResult::Approved(_) | CallResult::PartiallyApproved(..));
        let is_said = has("\\u") || words.iter().any(|word| has(word));
        assert!(is_said || !is_approved, "{}: {result:?}", gateway.terms().name);
    }
}

fn providers() -> &'static Providers {
    static PROVIDERS: OnceLock<Providers> = OnceLock::new();
    PROVIDERS.get_or_init(|| {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address: SocketAddr = listener.local_addr().expect("an address");
        std::thread::spawn(move || serve(&listener));
        let gateways: Vec<(Box<dyn Gateway>, &'static [&'static str])> = vec![
            (Box::new(stripe(address)), &["succeeded"]),
            (Box::new(borgun(address)), &["000"]),
            (Box::new(phone(address)), &["10200", "10203"]),
        ];
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        Providers { body: Mutex::default(), gateways, runtime }
    })
}

fn serve(listener: &TcpListener) {
    let mut request = vec![0; REQUEST_LENGTH_MAX];
    for stream in listener.incoming() {
        let Ok(mut stream) = stream else { continue };
        let _client_gone = stream.read(&mut request);
        let body = providers().body.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let head = format!(
            "HTTP/1.1 200 X\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let _client_gone = stream.write_all(&[head.into_bytes(), body].concat());
    }
}

fn terms(name: &str) -> GatewayTerms {
    let (send_within, deadline) = (Span::seconds(10), DEADLINE);
    GatewayTerms { name: name.to_owned(), resumable: false, send_within, deadline, push: None }
}

fn client(address: SocketAddr) -> ClientSettings {
    let base_url = format!("http://{address}");
    ClientSettings { base_url, deadline: DEADLINE, root_certificate: None }
}

fn clock() -> Clock {
    Arc::new(|| NOW)
}

fn stripe(address: SocketAddr) -> StripeGateway {
    let settings = StripeSettings {
        terms: terms("stripe"),
        client: client(address),
        secret_key: "sk_test".to_owned().into(),
        webhook_secrets: Vec::new(),
        publishable_key: None,
        raw_cards: false,
        clock: clock(),
    };
    StripeGateway::new(settings).expect("the settings are right")
}

fn borgun(address: SocketAddr) -> Borgun {
    let settings = BorgunSettings {
        terms: terms("borgun"),
        client: client(address),
        private_token: "private".to_owned().into(),
        public_token: None,
        authorization: Authorization::Private,
        event_secrets: Vec::new(),
        verify_cards: false,
        resend_same_order_id: false,
        clock: clock(),
    };
    Borgun::new(settings).expect("the settings are right")
}

fn phone(address: SocketAddr) -> PhoneGateway {
    let settings = PhoneSettings {
        terms: terms("phone"),
        client: client(address),
        app_key: "app".to_owned().into(),
        secrets: vec![CallbackSecret::new("secret".to_owned())],
        confirmation: Confirmation::ByTill,
        callback_url: None,
        description: None,
        clock: clock(),
    };
    PhoneGateway::new(settings).expect("the settings are right")
}
