//! `guichet sandbox`: the sandbox gateway as a process of its own, for tests and benches.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use domain::time::Span;
use gateway::sandbox::{CallbackTarget, serve, serve_telling};
use tokio::net::TcpListener;

use super::gateways::read_callback_secret;
use crate::installation::Installation;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Where to listen; loopback only. Port 0 takes any free port.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8099")]
    listen: SocketAddr,
    /// The folder of its log; made if it is not there.
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    /// How long to wait before each answer.
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 0)]
    delay_ms: u32,
    /// Where a till on this machine takes messages that a payer on a phone has answered, such as
    /// http://127.0.0.1:8080/phonePayment/callback/phone; without it, it only asks.
    #[arg(long, value_name = "URL", requires = "callback_secret_file")]
    callback_url: Option<String>,
    /// The file with the secret that messages are signed with; the till gets the same by
    /// --phone-callback-secret-file.
    #[arg(long, value_name = "FILE", requires = "callback_url")]
    callback_secret_file: Option<PathBuf>,
}

impl Arguments {
    fn target(&self) -> anyhow::Result<Option<CallbackTarget>> {
        let pair = self.callback_url.as_ref().zip(self.callback_secret_file.as_ref());
        let Some((url, file)) = pair else { return Ok(None) };
        let target = CallbackTarget::of_url(url, read_callback_secret(file)?);
        target.map(Some).with_context(|| format!("--callback-url {url} is of no use"))
    }
}

pub(crate) async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    anyhow::ensure!(
        arguments.listen.ip().is_loopback(),
        "the sandbox takes anybody's word, so it listens on this machine only; use 127.0.0.1"
    );
    let target = arguments.target()?;
    let installation = Installation::create(&arguments.data)?;
    let listener = TcpListener::bind(arguments.listen).await.with_context(|| {
        format!("cannot listen on {}; choose another with --listen", arguments.listen)
    })?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "Sandbox listens on http://{}", listener.local_addr()?)?;
    out.flush()?;
    drop(out);
    let options = installation.sandbox_options(Span::milliseconds(arguments.delay_ms));
    match target {
        Some(till) => match serve_telling(listener, options, till).await? {},
        None => match serve(listener, options).await? {},
    }
}
