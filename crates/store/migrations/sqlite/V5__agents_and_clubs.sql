-- Agents, clubs, and the settlements of gateways.

-- What agencies have beside their organiser records.
CREATE TABLE agency (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- Customers of agencies.
CREATE TABLE customer (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- Whose an agency's code of a customer is, by the hash of the code.
CREATE TABLE customer_code (
    shard INTEGER NOT NULL,
    day INTEGER NOT NULL,
    hash BLOB NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (shard, day, hash)
) STRICT, WITHOUT ROWID;

-- Orders that agencies placed for customers.
CREATE TABLE customer_order (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- Settlement files that were taken in, by the hash of gateway and content.
CREATE TABLE settlement_file (
    shard INTEGER NOT NULL,
    day INTEGER NOT NULL,
    hash BLOB NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (shard, day, hash)
) STRICT, WITHOUT ROWID;

-- What a settlement and the till do not agree about, by the hash of the line or of the payment.
CREATE TABLE settlement_difference (
    shard INTEGER NOT NULL,
    day INTEGER NOT NULL,
    hash BLOB NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (shard, day, hash)
) STRICT, WITHOUT ROWID;

-- Chains of clubs; the number is 0.
CREATE TABLE chain (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- The houses of chains.
CREATE TABLE club_store (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- Members of clubs.
CREATE TABLE member (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- Who works at clubs.
CREATE TABLE staff (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- What clubs sell by contract.
CREATE TABLE package (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- Packages that were sold to members.
CREATE TABLE contract (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- Promo codes, by a hash of the code.
CREATE TABLE promo_code (
    shard INTEGER NOT NULL,
    day INTEGER NOT NULL,
    hash BLOB NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (shard, day, hash)
) STRICT, WITHOUT ROWID;

-- The books, leg by leg, with what has come since V4. Of kind 12 the step is the number of the
-- attempt that a gateway has settled.
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
        WHEN 12 THEN 'settled'
        WHEN 13 THEN 'collected'
        WHEN 14 THEN 'collected_returned'
    END AS kind,
    posting.at,
    posting.currency,
    leg.value ->> '$.account' AS account,
    leg.value ->> '$.amount' AS amount,
    CASE posting.kind WHEN 7 THEN 'payout' WHEN 8 THEN 'card' ELSE 'sale' END AS source
FROM posting, json_each(posting.body) AS leg;

-- Means of paying of members of clubs, kept by gateways; of cards only the last four digits.
CREATE TABLE payment_profile (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- What each member has on file, by the member's number.
CREATE TABLE wallet (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;
