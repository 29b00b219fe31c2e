-- People who sign in, with their sessions: of passwords and sessions only hashes are stored.
CREATE TABLE user_account (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
) WITH (fillfactor = 50);

-- Whose a user name or an e-mail address is, found by the first half of its SHA-256. A name that
-- is free again keeps its row.
CREATE TABLE user_name (
    shard bigint NOT NULL,
    day bigint NOT NULL,
    hash bytea NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, day, hash)
);

-- Sign-ins, refusals and changes of rights, by day and moment. Rows never change.
CREATE TABLE audit (
    shard bigint NOT NULL,
    day bigint NOT NULL,
    hash bytea NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, day, hash)
);
