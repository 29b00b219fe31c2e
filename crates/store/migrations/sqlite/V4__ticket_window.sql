-- The ticket window whole: seats, season cards, passes, transfers, payouts, the gate.
-- Addresses and bodies as in V1.

-- Where the seats of a venue are.
CREATE TABLE seat_map (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- The seats of one section at one event.
CREATE TABLE seat_block (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- Holds of seats, for minutes.
CREATE TABLE reservation (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- Proofs of who a card's holder is.
CREATE TABLE enrolment (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- Kinds of season cards.
CREATE TABLE card_type (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- Season cards.
CREATE TABLE card (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- Kinds of team passes.
CREATE TABLE pass_type (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- Team passes.
CREATE TABLE pass (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- Moves of tickets.
CREATE TABLE transfer (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- What organisers are owed, event by event; the number is the event's.
CREATE TABLE event_book (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- What was sold before is in the balances; `owner_payable:` has 14 letters.
INSERT INTO event_book (id, version, body)
SELECT
    shard << 32 | CAST(substr(account, 15) AS INTEGER),
    1,
    json_object('shard', shard, 'event', CAST(substr(account, 15) AS INTEGER),
        'payable', -sum(amount))
FROM balance
WHERE substr(account, 1, 14) = 'owner_payable:'
GROUP BY shard, account;

-- What organisers are owed and owe apart from events.
CREATE TABLE owner_book (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- Money paid out to organisers.
CREATE TABLE payout (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- Who went in; the number is the event's.
CREATE TABLE gate (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- Long work, done a step at a time.
CREATE TABLE job (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- What persons must do.
CREATE TABLE task (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- Phones that were proved, with the cards saved for them, by a hash of the number.
CREATE TABLE phone (
    shard INTEGER NOT NULL,
    day INTEGER NOT NULL,
    hash BLOB NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (shard, day, hash)
) STRICT, WITHOUT ROWID;

-- How often something may still be tried.
CREATE TABLE allowance (
    shard INTEGER NOT NULL,
    day INTEGER NOT NULL,
    hash BLOB NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (shard, day, hash)
) STRICT, WITHOUT ROWID;

-- Payment references that clients chose.
CREATE TABLE order_reference (
    shard INTEGER NOT NULL,
    day INTEGER NOT NULL,
    hash BLOB NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (shard, day, hash)
) STRICT, WITHOUT ROWID;

-- Single-use codes of campaigns, by a hash of the code.
CREATE TABLE special_ticket (
    shard INTEGER NOT NULL,
    day INTEGER NOT NULL,
    hash BLOB NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (shard, day, hash)
) STRICT, WITHOUT ROWID;

-- The finder: what is looked for by a word, such as a phone; only hashes of words are kept.
-- Derived from the aggregates as they are written. The key serves both who looks for a word,
-- seller by seller, and who takes a row away.
CREATE TABLE found (
    shard INTEGER NOT NULL,
    word BLOB NOT NULL,
    kind INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (shard, word, kind, number)
) STRICT, WITHOUT ROWID;

-- The books, leg by leg, with what has come since V1. What V1 calls the sale of a posting is the
-- number of its source: a sale's, but of kind 7 a payout's, of kind 8 a card's. What V1 calls the
-- attempt is the step of the source: the number of a sale's attempt, or of its refund.
-- Of kinds 10 and 11 the sale is another seller's.
DROP VIEW ledger_leg;
CREATE VIEW ledger_leg AS
SELECT
    posting.shard,
    posting.sale,
    posting.attempt,
    CASE posting.kind
        WHEN 1 THEN 'sold'
        WHEN 2 THEN 'taken_for_return'
        WHEN 3 THEN 'returned'
        WHEN 4 THEN 'refund_ordered'
        WHEN 5 THEN 'moved_out'
        WHEN 6 THEN 'moved_in'
        WHEN 7 THEN 'paid_out'
        WHEN 8 THEN 'card_given'
        WHEN 9 THEN 'corrected'
        WHEN 10 THEN 'credit_spent'
        WHEN 11 THEN 'credit_restored'
    END AS kind,
    posting.at,
    posting.currency,
    leg.value ->> '$.account' AS account,
    leg.value ->> '$.amount' AS amount,
    CASE posting.kind WHEN 7 THEN 'payout' WHEN 8 THEN 'card' ELSE 'sale' END AS source
FROM posting, json_each(posting.body) AS leg;

-- Every try to move money, sale by sale; of a refund of money that came with the ticket from an
-- earlier sale, `charge_key` names the charge it gives back.
DROP VIEW sale_attempt;
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
    attempt.value ->> '$.ask_at' AS ask_at,
    attempt.value ->> '$.of.key' AS charge_key
FROM sale, json_each(sale.body, '$.attempts') AS attempt;
