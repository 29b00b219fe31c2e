//! A password from whoever sits at the terminal, or from a pipe; never from an argument, which
//! other users of the machine can see.

use std::io::{self, BufRead as _, Read as _, Write as _};

use anyhow::Context as _;
use rustix::termios::{LocalModes, OptionalActions, Termios, isatty, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

/// The longest line that is read, in bytes.
const LINE_LENGTH_MAX: u64 = 4_096;

/// Reads one line. At a terminal it asks and shows nothing of what is typed.
pub(crate) fn read() -> anyhow::Result<Zeroizing<String>> {
    let stdin = io::stdin();
    if !isatty(&stdin) {
        return line();
    }
    write!(io::stderr(), "Password: ")?;
    io::stderr().flush()?;
    let shown = tcgetattr(&stdin)?;
    let _hidden = Hidden::begin(shown)?;
    line()
}

fn line() -> anyhow::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(String::new());
    let mut stdin = io::stdin().lock().take(LINE_LENGTH_MAX);
    stdin.read_line(&mut line).context("the password cannot be read from standard input")?;
    let password = line.trim_end_matches(['\n', '\r']);
    anyhow::ensure!(!password.is_empty(), "no password came on standard input");
    Ok(Zeroizing::new(password.to_owned()))
}

/// Nothing that is typed is shown while this lives.
struct Hidden {
    before: Termios,
}

impl Hidden {
    fn begin(before: Termios) -> io::Result<Hidden> {
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Flush, &hidden)?;
        Ok(Hidden { before })
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        // What cannot be put back shows to whoever types next.
        let _ = tcsetattr(io::stdin(), OptionalActions::Flush, &self.before);
        eprintln!();
    }
}
