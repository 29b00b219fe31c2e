//! What can go wrong, for those who call the store.

use domain::refusal::Refusal;

/// The store or its database broke; the caller did nothing wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The lane has ended.
    #[error("the store has stopped; start the program again")]
    Stopped,
    /// The database refused or failed; nothing of the command was stored.
    #[error("the database failed and nothing was stored: {0}")]
    Database(String),
    /// A row that cannot be understood, or was written by a newer program.
    #[error("a stored row cannot be read ({0}); check the database")]
    Unreadable(String),
    /// The command would have broken a constraint of the database, and was dropped.
    #[error("the change contradicts what is stored and was dropped: {0}")]
    Constraint(String),
    /// A rule failed its own assertion, or reached outside its sellers; the command was dropped.
    #[error("a rule broke its own promise and the command was dropped: {0}")]
    RuleBroken(String),
    /// The connection broke while committing and could not be opened again to find out.
    #[error("it is not known whether the change was stored: {0}")]
    Unknown(String),
}

/// Why a submitted command has no outcome.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// The business says no; nothing was changed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Decided on an older catalogue than the seller has; read it and submit again.
    #[error("the catalogue has changed; read it again and submit again")]
    Stale,
    /// The queue is full; nothing was done. Try again in a second.
    #[error("too many commands are waiting; try again in a second")]
    Overloaded,
    /// The store broke.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Why a database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process works on the same file.
    #[error("{0} is in use by another process; stop that one first")]
    Locked(String),
    /// Locks and shared memory do not work there.
    #[error("{path} lies on a network file system ({kind}); put it on a local disk")]
    NetworkFileSystem {
        /// The database file.
        path: String,
        /// What the system calls it.
        kind: &'static str,
    },
    /// A newer program has migrated it.
    #[error("the database has schema {found}, this program knows {known}; run the newer program")]
    Newer {
        /// The version in the file.
        found: u32,
        /// The newest version known here.
        known: u32,
    },
    /// This program has not migrated it yet, and only looks at it.
    #[error(
        "the database has schema {found}, this program knows {known}: start `guichet serve` of \
         this program, which brings it up to date, or use the program that sells from it"
    )]
    Older {
        /// The version in the file.
        found: u32,
        /// The newest version known here.
        known: u32,
    },
    /// A migration that was applied is not the one this program carries.
    #[error("migration {0} in the database differs from this program's; restore the right program")]
    Diverged(u32),
    /// It is a database of something else.
    #[error(
        "{0} is a database of another program, or its beginning is damaged; choose another path \
         or restore a backup"
    )]
    Foreign(String),
    /// An import was cut off, or what arrived was not what had been sent.
    #[error(
        "an import into this database was not finished; empty the database (or delete the file) \
         and import again"
    )]
    Unfinished,
    /// Pages of the file are spoilt or missing.
    #[error(
        "the database is damaged ({0}); keep the folder as it is, and restore a backup into \
         another one"
    )]
    Damaged(String),
    /// The file or its folder cannot be written, or is not there.
    #[error(
        "the database cannot be written ({0}); check that its folder exists, belongs to the \
         user this runs as, and lies on a disk that is not read-only"
    )]
    Forbidden(String),
    /// The log that goes with the file is gone.
    #[error(
        "{0} is missing, and it held the newest sales when the program ended without closing. Put \
         it back, or restore a backup; only if another program (SQLite's shell) has folded it \
         in, or to go on without those sales, delete {1}"
    )]
    LogMissing(String, String),
    /// A setting that durability rests on was not taken.
    #[error("the database did not accept {0}; it cannot be used safely")]
    Setting(String),
    /// The cluster writes bodies that this program cannot read.
    #[error(
        "the nodes write rows of form {found}, this program reads up to {known}; run the newer \
         program"
    )]
    NewerBodies {
        /// The form in force.
        found: u32,
        /// The newest form this program knows.
        known: u32,
    },
    /// Another living node has the name.
    #[error("a node named {0} lives already; end that one first, or give this one another name")]
    NameInUse(String),
    /// A node's keys are not those of the first.
    #[error(
        "this node's keys are not those of the first node of this database: gates would refuse \
         the tickets it sells, and an order repeated here could be charged twice. Copy \
         scan-code.key and fingerprint.key from the first node's folder into this one's"
    )]
    KeysDiffer,
    /// The database's URL is of no use. It is not repeated: there may be a password in it.
    #[error("the URL of the database cannot be used: {0}")]
    Address(&'static str),
    /// The tables cannot be distributed.
    #[error("the database has no extension Citus; create it first, or leave the tables alone")]
    NotDistributable,
    /// The file system said no.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The database said no.
    #[error("the database cannot be opened: {0}")]
    Database(String),
}
