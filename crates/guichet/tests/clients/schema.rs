//! Requests made up from the published schema, good and bad, by the hundred.

use std::env;
use std::process::Command;
use std::time::Duration;

use crate::stage::Stage;
use crate::tool::{named_by, run};

/// How long requests are made up, unless the variable says otherwise.
const SECONDS: u64 = 15;
const SECONDS_VARIABLE: &str = "GUICHET_SCHEMA_SECONDS";
/// Loading the schema, and telling what was found.
const SPARE: Duration = Duration::from_secs(60);
/// An answer that takes longer is a hang.
const ANSWER_TIMEOUT_S: &str = "10";
/// What an answer must be: no fault of ours, and nothing that is not published.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_schema_conformance";
/// Requests for each operation before the next has its turn.
const REQUESTS: &str = "10";
/// What would take the key away that all requests are made with.
const LEFT_OUT: &str = "[Ww]ithdraw";

#[test]
fn no_request_made_up_from_the_schema_is_answered_wrongly() {
    // Proves that whatever is sent, there is an answer in time, it is published, and it is no
    // fault; and that the server sells as before and its books are in order. The requests may do
    // everything, so they may cancel whatever is on sale: what is sold afterwards is a new club's.
    let Some(python) = named_by("GUICHET_PYTHON") else { return };
    let stage = Stage::start();
    let seconds = env::var(SECONDS_VARIABLE).ok().and_then(|text| text.parse().ok());
    let seconds: u64 = seconds.unwrap_or(SECONDS);
    let mut command = Command::new(python);
    command.args(["-m", "schemathesis.cli", "run", &stage.url("/openapi.json")]);
    command.args(["--header", &format!("Authorization: Bearer {}", stage.key)]);
    command.args(["--checks", CHECKS, "--phases", "examples,coverage,fuzzing"]);
    command.args(["--generation-deterministic", "--max-examples", REQUESTS]);
    command.args(["--max-time", &seconds.to_string(), "--request-timeout", ANSWER_TIMEOUT_S]);
    command.args(["--exclude-path-regex", LEFT_OUT]);
    command.args(["--continue-on-failure", "--no-color", "--warnings", "off"]);
    let limit = Duration::from_secs(seconds) + SPARE;
    let printed = run(&mut command, stage.folder.path(), limit);
    assert!(printed.status.success(), "{}\n{}", printed.out, printed.err);
    assert!(printed.out.contains(" passed"), "nothing was tested: {}", printed.out);
    let bought = stage.open_club_and_buy();
    assert_eq!((bought.status, &bought.json()["message"]), (200, &"OK".into()), "{bought:?}");
    assert!(stage.end_well() >= 1);
}
