//! `guichet sandbox`: the sandbox gateway as a process of its own, for tests and benches.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use domain::time::Span;
use gateway::sandbox::serve;
use tokio::net::TcpListener;

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
}

pub(crate) async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    anyhow::ensure!(
        arguments.listen.ip().is_loopback(),
        "the sandbox takes anybody's word, so it listens on this machine only; use 127.0.0.1"
    );
    let installation = Installation::create(&arguments.data)?;
    let listener = TcpListener::bind(arguments.listen).await.with_context(|| {
        format!("cannot listen on {}; choose another with --listen", arguments.listen)
    })?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "Sandbox listens on http://{}", listener.local_addr()?)?;
    out.flush()?;
    drop(out);
    let options = installation.sandbox_options(Span::milliseconds(arguments.delay_ms));
    match serve(listener, options).await? {}
}
