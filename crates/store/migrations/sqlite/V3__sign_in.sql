-- People who sign in, with their sessions: of passwords and sessions only hashes are stored.
CREATE TABLE user_account (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- Whose a user name or an e-mail address is, found by the first half of its SHA-256. A name that
-- is free again keeps its row.
CREATE TABLE user_name (
    shard INTEGER NOT NULL,
    day INTEGER NOT NULL,
    hash BLOB NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (shard, day, hash)
) STRICT, WITHOUT ROWID;

-- Sign-ins, refusals and changes of rights, by day and moment. Rows never change.
CREATE TABLE audit (
    shard INTEGER NOT NULL,
    day INTEGER NOT NULL,
    hash BLOB NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (shard, day, hash)
) STRICT, WITHOUT ROWID;
