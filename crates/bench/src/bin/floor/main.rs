//! The floor program: what a paid order costs with the product's HTTP stack, gateway call, rows
//! and batches, and nothing else.
//!
//! It reads no request, knows no catalogue, checks no caller, applies no rule and writes no
//! format. It places a sale, calls the gateway, settles the sale and answers: two durable
//! commits and one call, which is the least that the promises of the product allow. The
//! product is measured as a share of it (`cargo xtask bench orders`).

mod http;
mod order;

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use domain::attempt::GatewayTerms;
use domain::time::Span;
use gateway::sandbox::SandboxClient;
use store::{Options, Store};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::http::Till;

/// The same allocator as the product.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The least that a paid order costs.
#[derive(Debug, Parser)]
struct Arguments {
    /// The folder for the database.
    #[arg(long)]
    data: PathBuf,
    /// Where to listen.
    #[arg(long)]
    listen: SocketAddr,
    /// The sandbox gateway.
    #[arg(long)]
    gateway_url: String,
    /// Added to every sync of the disk: `1ms`.
    #[arg(long, value_parser = milliseconds)]
    sync_delay: Option<Duration>,
}

fn milliseconds(text: &str) -> Result<Duration, String> {
    let count = text.strip_suffix("ms").and_then(|count| count.parse().ok());
    count.map(Duration::from_millis).ok_or_else(|| "write milliseconds, such as 1ms".to_owned())
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("floor: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(arguments))
}

async fn serve(arguments: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let options = Options { sync_delay: arguments.sync_delay, ..Options::default() };
    let store = Store::sqlite(&arguments.data.join("floor.db"), options)?;
    store.submit(order::OpenShop).await?;
    let terms = GatewayTerms {
        name: "sandbox".to_owned(),
        resumable: true,
        send_within: Span::seconds(10),
        deadline: Span::seconds(30),
        push: None,
    };
    let address = arguments.gateway_url.trim_start_matches("http://").parse()?;
    let gateway = SandboxClient::new(address, terms);
    let till = Arc::new(Till { store: store.clone(), gateway });
    let listener = TcpListener::bind(arguments.listen).await?;
    writeln!(std::io::stdout(), "Floor listens on http://{}", listener.local_addr()?)?;
    let mut terminated = signal(SignalKind::terminate())?;
    http::serve(till, listener, async move {
        terminated.recv().await;
    })
    .await?;
    Ok(store.close().await?)
}
