//! Measures what one charge costs on either side of the loopback interface.
//!
//! `cargo run --release -p gateway --example charge_rate` starts the sandbox in a process of its
//! own, keeps 64 charges in flight and prints charges per second and the processor time that
//! each process spent on one charge. Linux only: processor times are read from `/proc`.

use std::error::Error;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::attempt::CallResult;
use domain::money::{Currency, Money};
use domain::time::{Span, Timestamp};
use gateway::sandbox::{SandboxClient, SandboxOptions, serve, terms};
use gateway::secret::YearMonth;
use gateway::{
    Card, CardNumber, Expiry, Gateway as _, PaymentRequest, SecurityCode, Source, SourceKind,
};

const IN_FLIGHT: u64 = 64;
const CHARGES: u64 = 200_000;
const ROUNDS: u32 = 3;

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    match std::env::args().nth(1) {
        Some(log) => run_sandbox(log),
        None => measure(),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn run_sandbox(log: String) -> Result<(), Failure> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    std::io::stdout().flush()?;
    let clock = Arc::new(|| Timestamp(jiff::Timestamp::now().as_microsecond()));
    match serve(listener, SandboxOptions { log: log.into(), answer_delay: Span::ZERO, clock }).await
    {
        Ok(never) => match never {},
        Err(error) => Err(error.into()),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn measure() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let log = folder.path().join("sandbox.log");
    let mut sandbox =
        Command::new(std::env::current_exe()?).arg(log).stdout(Stdio::piped()).spawn()?;
    let result = measure_rounds(&mut sandbox).await;
    sandbox.kill()?;
    sandbox.wait()?;
    result
}

async fn measure_rounds(sandbox: &mut Child) -> Result<(), Failure> {
    let output = sandbox.stdout.take().ok_or("the sandbox has no output")?;
    let mut address = String::new();
    BufReader::new(output).read_line(&mut address)?;
    let client = Arc::new(SandboxClient::new(address.trim().parse()?, terms("sandbox")));
    for round in 0..ROUNDS {
        let (server_before, client_before) =
            (processor_time(sandbox.id())?, processor_time(std::process::id())?);
        let start = tokio::time::Instant::now();
        charge_all(&client, round).await?;
        let seconds = start.elapsed().as_secs_f64();
        let server = processor_time(sandbox.id())? - server_before;
        let client = processor_time(std::process::id())? - client_before;
        println!(
            "{:.0} charges/s, {:.1} us of the client, {:.1} us of the sandbox for each",
            CHARGES as f64 / seconds,
            per_charge_us(client),
            per_charge_us(server),
        );
    }
    Ok(())
}

async fn charge_all(client: &Arc<SandboxClient>, round: u32) -> Result<(), Failure> {
    let next = Arc::new(AtomicU64::new(0));
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..IN_FLIGHT {
        let (client, next) = (Arc::clone(client), Arc::clone(&next));
        workers.spawn(async move {
            let card = test_card().map_err(domain::refusal::Code::name)?;
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= CHARGES {
                    return Ok::<(), Failure>(());
                }
                charge(&client, &format!("att_{round}_{number}"), &card).await?;
            }
        });
    }
    while let Some(worker) = workers.join_next().await {
        worker??;
    }
    Ok(())
}

async fn charge(client: &SandboxClient, key: &str, card: &Source) -> Result<(), Failure> {
    let money = Money::new(5_000, Currency::ISK);
    let request = PaymentRequest::new(key, money, Span::seconds(30));
    match client.sale(&request, card).await {
        CallResult::Approved(_) => Ok(()),
        other => Err(format!("not approved: {other:?}").into()),
    }
}

fn test_card() -> Result<Source, domain::refusal::Code> {
    let number = CardNumber::parse("4242 4242 4242 4242")?;
    let code = SecurityCode::parse("123", &number)?;
    let expiry = Expiry::parse("12", "2099")?;
    let this_month = YearMonth { year: 2026, month: 1 };
    Ok(SourceKind::Card(Card::new(number, expiry, Some(code), this_month)?).into())
}

/// The processor time that all threads of a process have used.
fn processor_time(process: u32) -> Result<Duration, Failure> {
    let mut total = Duration::ZERO;
    for thread in std::fs::read_dir(format!("/proc/{process}/task"))? {
        let text = std::fs::read_to_string(thread?.path().join("schedstat"))?;
        let nanoseconds = text.split(' ').next().ok_or("schedstat is empty")?;
        total += Duration::from_nanos(nanoseconds.parse()?);
    }
    Ok(total)
}

fn per_charge_us(total: Duration) -> f64 {
    total.as_secs_f64() * 1e6 / CHARGES as f64
}
