-- What the first sale needs. Every table but the shared ones leads with `shard`: all keys begin
-- with it, no key, index or reference spans shards, and so the tables can be distributed by it.
-- `body` is the whole aggregate as JSON in the form that `version` names; the columns before it
-- repeat what SQL must see. It is text, not jsonb: jsonb would refuse the character U+0000 in a
-- text that a buyer has typed. Times are microseconds since 1970, amounts are minor units.
--
-- Where rows are updated, pages are left half empty and no updated column is indexed, so that the
-- new version finds room beside the old one and no index is touched. Bodies are kept whole: to
-- compress two kilobytes takes longer than to write them.

-- The last batch each lane has committed in each shard: tells what became of a commit without an
-- answer, and keeps a second process under the same name from writing.
CREATE TABLE lane (
    shard bigint NOT NULL,
    lane bigint NOT NULL,
    batch bigint NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (shard, lane)
) WITH (fillfactor = 50);

-- One row a seller; shard 0 is the house. `sequence` counts its changes. The row is the lock.
CREATE TABLE shard (
    shard bigint PRIMARY KEY,
    sequence bigint NOT NULL,
    catalogue_revision bigint NOT NULL DEFAULT 0,
    version bigint NOT NULL DEFAULT 1,
    body text
) WITH (fillfactor = 50, toast_tuple_target = 8160);

-- Which seller claimed which thousand of the published numbers. Rows never change.
CREATE TABLE id_block (
    kind bigint NOT NULL,
    block bigint NOT NULL,
    shard bigint NOT NULL,
    PRIMARY KEY (kind, block)
);

CREATE TABLE organiser (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
);

CREATE TABLE series (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
);

CREATE TABLE venue (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
);

CREATE TABLE event (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    starts_at bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
);

CREATE TABLE ticket_type (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
);

-- `capacity` is NULL when there is no limit.
CREATE TABLE quota (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    capacity bigint,
    held bigint NOT NULL,
    sold bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
) WITH (fillfactor = 50, toast_tuple_target = 8160);

CREATE TABLE sale (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    state text NOT NULL,
    event bigint NOT NULL,
    total bigint NOT NULL,
    currency text NOT NULL,
    placed_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
) WITH (fillfactor = 50, toast_tuple_target = 8160);

-- Which sale a caller's key led to. By day, so that what is written today lies together.
CREATE TABLE idempotency (
    shard bigint NOT NULL,
    day bigint NOT NULL,
    hash bytea NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, day, hash)
);

-- API keys, found by the first half of their SHA-256.
CREATE TABLE principal (
    shard bigint NOT NULL,
    day bigint NOT NULL,
    hash bytea NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, day, hash)
);

-- When somebody must look at an aggregate again. Derived from the aggregate as it is written.
CREATE TABLE due (
    shard bigint NOT NULL,
    at bigint NOT NULL,
    kind bigint NOT NULL,
    number bigint NOT NULL,
    PRIMARY KEY (shard, at, kind, number)
);

-- The books: one posting a row, its legs as JSON. Never changed, never deleted.
-- Kinds: 1 sold, 2 taken for return, 3 returned.
CREATE TABLE posting (
    shard bigint NOT NULL,
    sale bigint NOT NULL,
    attempt bigint NOT NULL,
    kind bigint NOT NULL,
    at bigint NOT NULL,
    currency text NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, sale, attempt, kind)
);

-- What the legs of each account add up to; rows of zero are deleted.
CREATE TABLE balance (
    shard bigint NOT NULL,
    account text NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL,
    PRIMARY KEY (shard, account, currency)
) WITH (fillfactor = 50);

-- What is owed after a commit and may be done more than once.
CREATE TABLE outbox (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
);

-- Who shares this database. `heard_at` is NULL for a node that has left in order; `incarnation`
-- tells the starts under a name apart: each is greater than those before, and at least the number
-- of seconds since 2020.
CREATE TABLE node (
    number bigint PRIMARY KEY,
    name text NOT NULL UNIQUE,
    incarnation bigint NOT NULL,
    program_version text NOT NULL,
    body_version bigint NOT NULL,
    heard_at timestamptz
) WITH (fillfactor = 50);

-- What all nodes have agreed on. `body_version`: the form in which bodies are written; only ever
-- raised, and only when every living node can read the newer one. `keys_identity`: a hash that
-- tells the first node's keys from any others; it never changes.
CREATE TABLE setting (
    name text PRIMARY KEY,
    value bigint,
    text text,
    CHECK (num_nonnulls(value, text) = 1)
);
INSERT INTO setting (name, value) VALUES ('body_version', 1);

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
    leg.value ->> 'account' AS account,
    (leg.value ->> 'amount')::bigint AS amount
FROM posting, jsonb_array_elements(posting.body::jsonb) AS leg;

-- The balances, added up anew.
CREATE VIEW ledger_account_sum AS
SELECT shard, account, currency, sum(amount) AS amount
FROM ledger_leg
GROUP BY shard, account, currency;

-- Every try to move money, sale by sale.
CREATE VIEW sale_attempt AS
SELECT
    sale.shard,
    sale.number AS sale,
    (attempt.value ->> 'number')::bigint AS attempt,
    attempt.value ->> 'verb' AS verb,
    attempt.value ->> 'state' AS state,
    attempt.value -> 'terms' ->> 'name' AS gateway,
    attempt.value ->> 'key' AS gateway_key,
    attempt.value -> 'approval' ->> 'reference' AS gateway_reference,
    (attempt.value ->> 'amount')::bigint AS amount,
    coalesce((attempt.value ->> 'moved')::bigint, 0) AS moved,
    sale.currency,
    (attempt.value ->> 'created_at')::bigint AS created_at,
    (attempt.value ->> 'ask_at')::bigint AS ask_at
FROM sale, json_array_elements(sale.body::json -> 'attempts') AS attempt;
