//! Waiting with a limit, by counting naps: the workspace keeps clocks out of everything else.

use std::process::{Child, ExitStatus};
use std::thread::sleep;
use std::time::Duration;

const NAP: Duration = Duration::from_millis(10);

/// Asks again and again until there is an answer; `None` when `limit` has passed.
pub(crate) fn until<T>(limit: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    for _ in 0..limit.as_millis() / NAP.as_millis() {
        let answer = ask();
        if answer.is_some() {
            return answer;
        }
        sleep(NAP);
    }
    ask()
}

/// Waits for the end of a process.
pub(crate) fn end(child: &mut Child, limit: Duration) -> Option<ExitStatus> {
    until(limit, || child.try_wait().ok().flatten())
}
