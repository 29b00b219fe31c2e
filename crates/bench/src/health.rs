//! What a running `guichet serve` says about itself at `/health`.

use std::io::{self, Read, Write};
use std::iter::Sum;
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

use crate::clock;

/// How long one answer may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// How long a server may take until it is healthy.
const HEALTHY_WITHIN: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(1);
/// No answer about health is near this long.
const ANSWER_LENGTH_MAX: u64 = 1 << 20;

/// What a store has counted since it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Commands answered.
    pub commands: u64,
    /// Batches that changed something and are durable.
    pub commits: u64,
}

impl Counts {
    /// Asks the server; `None` when it does not answer or counts otherwise.
    #[must_use]
    pub fn read(address: SocketAddr) -> Option<Counts> {
        let answer = ask(address).ok()?;
        let (_, body) = answer.split_once("\r\n\r\n")?;
        counts_in(body)
    }

    /// What was counted since `earlier`.
    #[must_use]
    pub fn since(self, earlier: Counts) -> Counts {
        Counts {
            commands: self.commands.saturating_sub(earlier.commands),
            commits: self.commits.saturating_sub(earlier.commits),
        }
    }
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Counts>>(counts: I) -> Counts {
        counts.fold(Counts::default(), |sum, one| Counts {
            commands: sum.commands + one.commands,
            commits: sum.commits + one.commits,
        })
    }
}

fn counts_in(body: &str) -> Option<Counts> {
    let health: serde_json::Value = serde_json::from_str(body).ok()?;
    let store = health.get("store")?;
    let count = |name| store.get(name)?.as_u64();
    Some(Counts { commands: count("commands")?, commits: count("commits")? })
}

/// Waits until the server answers that it is healthy.
///
/// # Errors
/// It cannot be reached, or was not healthy in time.
pub fn wait_until_healthy(address: SocketAddr) -> io::Result<()> {
    let give_up_at = clock::now() + HEALTHY_WITHIN;
    while clock::now() < give_up_at {
        if ask(address)?.starts_with("HTTP/1.1 200") {
            return Ok(());
        }
        thread::sleep(LOOK_EVERY);
    }
    Err(io::Error::from(io::ErrorKind::TimedOut))
}

fn ask(address: SocketAddr) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, ANSWER_WITHIN)?;
    stream.set_read_timeout(Some(ANSWER_WITHIN))?;
    let request = format!("GET /health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.take(ANSWER_LENGTH_MAX).read_to_string(&mut answer)?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_and_subtracted() {
        // Proves that the counts of the store are found among the rest, and only there.
        let body = r#"{"status":"ok","store":{"commands":12,"commits":5,"batches":6}}"#;
        let counts = counts_in(body).unwrap();
        assert_eq!(counts, Counts { commands: 12, commits: 5 });
        assert_eq!(counts.since(Counts { commands: 2, commits: 1 }).commands, 10);
        assert_eq!(counts_in(r#"{"status":"ok"}"#), None);
    }
}
