//! The load client against a stand-in server whose behaviour is known.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::Duration;

use bench::load::{LoadError, Pace, Plan, Request, Script, Tally, Target, run};

const SOLD: &str = "HTTP/1.1 200 OK\r\ncontent-length: 18\r\n\r\n{\"statusCode\":200}";
const REFUSED: &str = "HTTP/1.1 200 OK\r\ncontent-length: 18\r\n\r\n{\"statusCode\":409}";
const OVERLOADED: &str = "HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n";

/// Answers request number `n` of each connection with `answer(n)`; `None` closes it.
fn stand_in(answer: fn(u64) -> Option<&'static str>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            thread::spawn(move || serve(&stream, answer));
        }
    });
    address
}

fn serve(stream: &TcpStream, answer: fn(u64) -> Option<&'static str>) {
    stream.set_nodelay(true).unwrap();
    let mut reader = BufReader::new(stream);
    for number in 0.. {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head).unwrap_or(0) == 0 {
                return;
            }
        }
        let mut body = [0; 2];
        let whole = reader.read_exact(&mut body).is_ok() && &body == b"{}";
        let Some(text) = answer(number).filter(|_| whole) else { return };
        // Two writes, so that answers arrive in pieces.
        let (first, second) = text.split_at(text.len() / 2);
        let mut writer = stream;
        if writer.write_all(first.as_bytes()).is_err()
            || writer.write_all(second.as_bytes()).is_err()
        {
            return;
        }
    }
}

fn plan(address: SocketAddr, pace: Pace) -> Plan {
    Plan {
        targets: vec![target(address)],
        connections: 4,
        pace,
        warm_up: Duration::ZERO,
        duration: Duration::from_millis(300),
        requests_max: u64::MAX,
    }
}

fn target(address: SocketAddr) -> Target {
    let request = b"POST /ticketOrder HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}".to_vec();
    Target { address, script: Script::one(Request::plain(request)) }
}

fn tally(answer: fn(u64) -> Option<&'static str>, pace: Pace) -> Tally {
    run(&plan(stand_in(answer), pace), &AtomicBool::new(false)).unwrap()
}

#[test]
fn a_closed_run_counts_every_answer_by_its_kind() {
    // Proves that sold, refused and overloaded orders are told apart and all latencies kept.
    let found = tally(
        |number| Some([SOLD, REFUSED, OVERLOADED][usize::try_from(number % 3).unwrap()]),
        Pace::Closed,
    );
    assert!(found.sold > 10 && found.refused > 10 && found.overloaded > 10, "{found:?}");
    assert!(found.sold.abs_diff(found.refused) <= 4, "{found:?}");
    let answered = found.sold_in_all + found.refused + found.overloaded;
    assert_eq!(found.latencies.count(), answered);
    assert_eq!(found.answered_in_all, found.sold_in_all + found.refused);
    assert_eq!(found.overloaded_latencies.count(), found.overloaded);
    assert_eq!(found.overloaded_without_advice, found.overloaded);
    assert_eq!((found.broken, found.unanswered), (0, 0));
}

#[test]
fn a_run_ends_after_its_number_of_requests() {
    // Proves the bound by count.
    let address = stand_in(|_| Some(SOLD));
    let plan = Plan { requests_max: 50, ..plan(address, Pace::Closed) };
    let found = run(&plan, &AtomicBool::new(false)).unwrap();
    assert_eq!(found.sold_in_all, 50);
    assert!(found.measured < plan.duration);
}

#[test]
fn an_open_run_keeps_its_rate() {
    // Proves that arrivals do not depend on a server that is fast enough.
    let found = tally(|_| Some(SOLD), Pace::Open { rate: 500 });
    assert_eq!(found.sold_in_all, 150);
}

#[test]
fn a_flood_ends_when_it_was_meant_to() {
    // Proves that what a slow server left unsent is counted and not sent afterwards.
    let slow = |_| {
        thread::sleep(Duration::from_millis(20));
        Some(SOLD)
    };
    let found = tally(slow, Pace::Open { rate: 10_000 });
    assert!(found.unanswered > 1_000 && found.sold_in_all < 300, "{found:?}");
}

#[test]
fn connections_are_dealt_out_among_the_targets() {
    // Proves that each of two servers gets its share of the connections.
    let plan = plan(stand_in(|_| Some(SOLD)), Pace::Closed);
    let refusing = target(stand_in(|_| Some(REFUSED)));
    let targets = vec![plan.targets[0].clone(), refusing];
    let found = run(&Plan { targets, ..plan }, &AtomicBool::new(false)).unwrap();
    assert!(found.sold > 10 && found.refused > 10, "{found:?}");
}

#[test]
fn a_stall_is_charged_to_every_request_it_delays() {
    // Proves the absence of coordinated omission: each connection stalls once for 150 ms while
    // requests go on being due, so far more than the four stalled ones are slow.
    let stall = |number| {
        if number == 5 {
            thread::sleep(Duration::from_millis(150));
        }
        Some(SOLD)
    };
    let found = tally(stall, Pace::Open { rate: 1_000 });
    assert_eq!(found.sold_in_all, 300);
    assert!(found.latencies.quantile(750) > Duration::from_millis(20), "{found:?}");
}

#[test]
fn broken_connections_are_made_again_until_there_are_too_many() {
    // Proves that one hang-up costs one request and a dead server ends the run.
    let found = tally(|number| (number < 5).then_some(SOLD), Pace::Open { rate: 100 });
    assert!(found.broken > 0 && found.sold > 10, "{found:?}");
    let plan = plan(stand_in(|_| None), Pace::Closed);
    let gone = run(&Plan { duration: Duration::from_secs(20), ..plan }, &AtomicBool::new(false));
    assert!(matches!(gone, Err(LoadError::ServerGone)));
}

#[test]
fn a_run_can_be_stopped_and_never_leaves_the_machine() {
    // Proves that Ctrl-C is heard and that other addresses are refused before any byte leaves.
    let address = stand_in(|_| Some(SOLD));
    let stopped = run(&plan(address, Pace::Closed), &AtomicBool::new(true));
    assert!(matches!(stopped, Err(LoadError::Interrupted)));
    let outside = plan("192.0.2.1:80".parse().unwrap(), Pace::Closed);
    let refused = run(&outside, &AtomicBool::new(false));
    assert!(matches!(refused, Err(LoadError::NotLoopback(_))));
}
