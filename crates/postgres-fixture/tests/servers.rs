//! The fixture keeps its promises: what starts answers, what is killed is dead, and nothing stays.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::time::Duration;

use postgres_fixture::{FixtureError, Options, Server};
use support::{Client, folders, is_gone, started, until};

#[test]
fn a_server_answers_a_real_client_in_each_of_its_databases() {
    // Proves that URLs are right, settings are taken, and databases are apart.
    let settings = vec![("work_mem".to_owned(), "1234kB".to_owned())];
    let Some(server) = started(Server::start(Options { settings, ..Options::default() })) else {
        return;
    };
    let other = server.create_database("other_1").unwrap();
    let mut first = Client::connect(&server.url()).unwrap();
    assert_eq!(first.ask("SHOW work_mem").unwrap(), "1234kB");
    first.ask("CREATE TABLE place (number int)").unwrap();
    let mut second = Client::connect(&other).unwrap();
    assert_eq!(second.ask("SELECT current_database()").unwrap(), "other_1");
    assert!(second.ask("SELECT count(*)::text FROM place").is_err());
    let refused = server.create_database("no\"name");
    assert!(matches!(refused, Err(FixtureError::Name(_))), "{refused:?}");
}

#[test]
fn a_killed_server_keeps_what_was_committed() {
    // Proves that a kill ends every connection and that a restart is the same server.
    let Some(server) = started(Server::start(Options::default())) else { return };
    let url = server.url();
    let mut client = Client::connect(&url).unwrap();
    client.ask("CREATE TABLE place AS SELECT 7 AS number").unwrap();
    server.kill();
    server.kill();
    assert!(client.ask("SELECT 1").is_err());
    assert!(Client::connect(&url).is_err());
    server.restart().unwrap();
    assert_eq!(server.url(), url);
    let mut client = Client::connect(&url).unwrap();
    assert_eq!(client.ask("SELECT number::text FROM place").unwrap(), "7");
}

#[test]
fn a_paused_server_says_nothing_until_it_goes_on() {
    // Proves that a pause reaches the process of an open connection, not the postmaster alone.
    let Some(server) = started(Server::start(Options::default())) else { return };
    let mut client = Client::connect(&server.url()).unwrap();
    server.pause();
    assert!(client.ask_within("SELECT 'here'", Duration::from_millis(300)).is_none());
    server.resume();
    assert_eq!(client.ask("SELECT 'here'").unwrap(), "here");
    server.pause();
}

#[test]
fn a_standby_has_every_commit_when_it_takes_over() {
    // Proves that a synchronous standby loses nothing, and that it is writable after promotion.
    let options = Options { synchronous_standby: true, ..Options::default() };
    let Some(primary) = started(Server::start(options)) else { return };
    let standby = primary.standby().unwrap();
    let mut client = Client::connect(&primary.url()).unwrap();
    client.ask("CREATE TABLE place AS SELECT generate_series(1, 1000) AS number").unwrap();
    let state = "SELECT application_name || ' ' || sync_state FROM pg_stat_replication";
    assert_eq!(client.ask(state).unwrap(), "standby1 sync");
    let mut reader = Client::connect(&standby.url()).unwrap();
    assert!(reader.ask("CREATE TABLE refused ()").is_err());
    primary.kill();
    standby.promote().unwrap();
    let mut client = Client::connect(&standby.url()).unwrap();
    assert_eq!(client.ask("SELECT count(*)::text FROM place").unwrap(), "1000");
    client.ask("INSERT INTO place VALUES (1001)").unwrap();
}

#[test]
fn a_tls_server_encrypts_for_whoever_asks() {
    // Proves that the server has its certificate and key, and gives out the root alone.
    let Some((server, root)) = started(Server::start_with_tls(Options::default())) else {
        return;
    };
    assert_eq!(support::answer_to_tls_request(server.port()), b'S');
    let root = std::fs::read_to_string(root).unwrap();
    assert!(root.starts_with("-----BEGIN CERTIFICATE-----") && !root.contains("KEY"), "{root}");
}

#[test]
fn a_setting_that_cannot_be_is_told_with_the_log() {
    // Proves that a start that fails says why and leaves nothing behind.
    let settings = vec![("shared_buffers".to_owned(), "a lot".to_owned())];
    match Server::start(Options { settings, ..Options::default() }) {
        Err(FixtureError::Missing) => support::skipped(),
        Err(FixtureError::Start { log }) => assert!(log.contains("shared_buffers"), "{log}"),
        other => panic!("{:?}", other.map(|server| server.url())),
    }
}

#[test]
fn a_dropped_server_leaves_nothing() {
    // Proves that process, port and folder go with the value, also when the server is paused.
    let Some(server) = started(Server::start(Options::default())) else { return };
    let (port, folder) = (server.port(), folders(server.port()));
    assert_eq!(folder.len(), 1);
    server.pause();
    drop(server);
    assert!(is_gone(port, &folder[0]));
}

#[test]
fn a_killed_test_program_leaves_nothing() {
    // Proves that the watcher cleans up after a program that had no time to.
    let Some((mut program, port)) = support::program_with_shared_server() else { return };
    let folder = folders(port);
    assert_eq!(folder.len(), 1);
    assert!(!is_gone(port, &folder[0]));
    program.kill().unwrap();
    program.wait().unwrap();
    assert!(until(Duration::from_secs(20), || is_gone(port, &folder[0])));
}

#[test]
#[ignore = "is the program that `a_killed_test_program_leaves_nothing` kills"]
fn a_program_to_be_killed() {
    // Starts the shared server in a thread that ends, as a test's thread does.
    let port = || postgres_fixture::shared().map(Server::port).unwrap_or_default();
    println!("port={}.", std::thread::spawn(port).join().unwrap());
    std::thread::sleep(Duration::from_secs(60));
}
