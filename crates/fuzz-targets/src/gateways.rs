//! What a payment provider answers: nothing of it may be taken for an approval by mistake.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Mutex, OnceLock, PoisonError};

use domain::attempt::CallResult;
use domain::money::{Currency, Money};
use domain::time::Span;
use gateway::sandbox::{SandboxClient, terms};
use gateway::{Gateway, PaymentRequest};
use tokio::runtime::{Builder, Runtime};

const KEY: &str = "fuzz";
const REQUEST_LENGTH_MAX: usize = 4 * 1024;

/// A provider that gives the input as its answer and hangs up, a client, and its runtime.
struct Provider {
    answer: Mutex<Vec<u8>>,
    client: SandboxClient,
    runtime: Runtime,
}

/// An answer without the bytes of a status and a result is never anything but *unknown*.
pub(crate) fn answer(input: &[u8]) {
    let provider = provider();
    *provider.answer.lock().unwrap_or_else(PoisonError::into_inner) = input.to_vec();
    let money = Money { amount: 100, currency: Currency::ISK };
    let request = PaymentRequest::new(KEY, money, Span::seconds(5));
    let result = provider.runtime.block_on(provider.client.lookup(&request));
    let has = |text: &[u8]| input.windows(text.len()).any(|part| part == text);
    let said = has(b" 200") || has(b" 409");
    assert!(said || matches!(result, CallResult::Unknown(_)), "{result:?}");
}

fn provider() -> &'static Provider {
    static PROVIDER: OnceLock<Provider> = OnceLock::new();
    PROVIDER.get_or_init(|| {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address: SocketAddr = listener.local_addr().expect("an address");
        std::thread::spawn(move || serve(&listener));
        let client = SandboxClient::new(address, terms("fuzz"));
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        Provider { answer: Mutex::default(), client, runtime }
    })
}

fn serve(listener: &TcpListener) {
    let mut request = vec![0; REQUEST_LENGTH_MAX];
    for stream in listener.incoming() {
        let Ok(mut stream) = stream else { continue };
        let _client_gone = stream.read(&mut request);
        let answer = provider().answer.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let _client_gone = stream.write_all(&answer);
    }
}
