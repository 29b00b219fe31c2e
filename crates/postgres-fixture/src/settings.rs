//! What a test may choose, and the settings every server of ours starts with.

use std::fmt::Write;

/// What a test may choose about its server.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Whether a commit waits for the standby, once [`Server::standby`](crate::Server::standby)
    /// has connected one.
    pub synchronous_standby: bool,
    /// Settings of `postgresql.conf`, over those of the fixture.
    pub settings: Vec<(String, String)>,
}

/// Small, quiet, and durable like in earnest. Shared memory is kept in the folder, so that a
/// killed server leaves none behind.
const SETTINGS: [(&str, &str); 8] = [
    ("listen_addresses", "127.0.0.1"),
    ("max_connections", "100"),
    ("shared_buffers", "16MB"),
    ("dynamic_shared_memory_type", "mmap"),
    ("huge_pages", "off"),
    ("jit", "off"),
    ("fsync", "on"),
    ("synchronous_commit", "on"),
];

/// Who may connect: anybody on this machine, without a password, also to copy the server.
pub(crate) const ACCESS: &str = "\
local all         all              trust
host  all         all 127.0.0.1/32 trust
host  replication all 127.0.0.1/32 trust
";

/// The lines to add to `postgresql.conf`; a later line wins.
pub(crate) fn lines(options: &Options) -> String {
    let fixture = SETTINGS.iter().map(|(name, value)| (*name, *value));
    let chosen = options.settings.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    fixture.chain(chosen).fold(String::new(), |mut lines, (name, value)| {
        let _infallible = writeln!(lines, "{name} = {}", quoted(value));
        lines
    })
}

/// A value as both `postgresql.conf` and SQL write it.
pub(crate) fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_test_chooses_comes_last_and_quoted() {
        // Proves that a test's setting wins and that a quote in it ends nothing.
        let settings = vec![("fsync".to_owned(), "off".to_owned()), ("x.y".into(), "a'b".into())];
        let lines = lines(&Options { settings, ..Options::default() });
        assert!(lines.ends_with("fsync = 'off'\nx.y = 'a''b'\n"), "{lines}");
    }
}
