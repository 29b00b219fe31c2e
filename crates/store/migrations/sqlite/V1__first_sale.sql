-- What the first sale needs. `id` is shard << 32 | number throughout, so that one seller's rows
-- lie together in the order of their numbers, and no second index is needed.
-- `body` is the whole aggregate as JSON; the columns before it repeat what SQL must see.
-- Times are microseconds since 1970, amounts are minor units of the currency.

-- The last batch each lane has committed: tells what became of a commit without an answer.
CREATE TABLE lane (
    lane INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL
) STRICT;

-- One row a seller; shard 0 is the house. `sequence` counts its changes.
CREATE TABLE shard (
    shard INTEGER PRIMARY KEY,
    sequence INTEGER NOT NULL,
    catalogue_revision INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 1,
    body TEXT
) STRICT;

-- Which seller claimed which thousand of the published numbers. Rows never change.
CREATE TABLE id_block (
    kind INTEGER NOT NULL,
    block INTEGER NOT NULL,
    shard INTEGER NOT NULL,
    PRIMARY KEY (kind, block)
) STRICT, WITHOUT ROWID;

CREATE TABLE organiser (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE venue (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    starts_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE ticket_type (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- `capacity` is NULL when there is no limit.
CREATE TABLE quota (
    id INTEGER PRIMARY KEY,
    capacity INTEGER,
    held INTEGER NOT NULL,
    sold INTEGER NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE sale (
    id INTEGER PRIMARY KEY,
    state TEXT NOT NULL,
    event INTEGER NOT NULL,
    total INTEGER NOT NULL,
    currency TEXT NOT NULL,
    placed_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- Which sale a caller's key led to. By day, so that what is written today lies together.
CREATE TABLE idempotency (
    shard INTEGER NOT NULL,
    day INTEGER NOT NULL,
    hash BLOB NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (shard, day, hash)
) STRICT, WITHOUT ROWID;

-- API keys, found by the first half of their SHA-256.
CREATE TABLE principal (
    shard INTEGER NOT NULL,
    day INTEGER NOT NULL,
    hash BLOB NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (shard, day, hash)
) STRICT, WITHOUT ROWID;

-- When somebody must look at an aggregate again. Derived from the aggregate as it is written.
CREATE TABLE due (
    shard INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (shard, at, kind, number)
) STRICT, WITHOUT ROWID;

-- The books: one posting a row, its legs as JSON. Never changed, never deleted.
-- Kinds: 1 sold, 2 taken for return, 3 returned.
CREATE TABLE posting (
    shard INTEGER NOT NULL,
    sale INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    at INTEGER NOT NULL,
    currency TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (shard, sale, attempt, kind)
) STRICT, WITHOUT ROWID;

-- What the legs of each account add up to; rows of zero are deleted.
CREATE TABLE balance (
    shard INTEGER NOT NULL,
    account TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (shard, account, currency)
) STRICT, WITHOUT ROWID;

-- What is owed after a commit and may be done more than once.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    body TEXT NOT NULL
) STRICT;

-- The books, leg by leg.
CREATE VIEW ledger_leg AS
SELECT
    posting.shard,
    posting.sale,
    posting.attempt,
    CASE posting.kind
        WHEN 1 THEN 'sold'
        WHEN 2 THEN 'taken_for_return'
        WHEN 3 THEN 'returned'
    END AS kind,
    posting.at,
    posting.currency,
    leg.value ->> '$.account' AS account,
    leg.value ->> '$.amount' AS amount
FROM posting, json_each(posting.body) AS leg;

-- The balances, added up anew.
CREATE VIEW ledger_account_sum AS
SELECT shard, account, currency, sum(amount) AS amount
FROM ledger_leg
GROUP BY shard, account, currency;

-- Every try to move money, sale by sale.
CREATE VIEW sale_attempt AS
SELECT
    sale.id >> 32 AS shard,
    sale.id & 0xffffffff AS sale,
    attempt.value ->> '$.number' AS attempt,
    attempt.value ->> '$.verb' AS verb,
    attempt.value ->> '$.state' AS state,
    attempt.value ->> '$.terms.name' AS gateway,
    attempt.value ->> '$.key' AS gateway_key,
    attempt.value ->> '$.approval.reference' AS gateway_reference,
    attempt.value ->> '$.amount' AS amount,
    coalesce(attempt.value ->> '$.moved', 0) AS moved,
    sale.currency,
    attempt.value ->> '$.created_at' AS created_at,
    attempt.value ->> '$.ask_at' AS ask_at
FROM sale, json_each(sale.body, '$.attempts') AS attempt;
