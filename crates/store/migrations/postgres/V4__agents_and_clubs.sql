-- Agents, clubs, and the settlements of gateways.

-- What agencies have beside their organiser records.
CREATE TABLE agency (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
) WITH (fillfactor = 50);

-- Customers of agencies.
CREATE TABLE customer (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
) WITH (fillfactor = 50);

-- Whose an agency's code of a customer is, by the hash of the code.
CREATE TABLE customer_code (
    shard bigint NOT NULL,
    day bigint NOT NULL,
    hash bytea NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, day, hash)
);

-- Orders that agencies placed for customers.
CREATE TABLE customer_order (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
) WITH (fillfactor = 50);

-- Settlement files that were taken in, by the hash of gateway and content.
CREATE TABLE settlement_file (
    shard bigint NOT NULL,
    day bigint NOT NULL,
    hash bytea NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, day, hash)
);

-- What a settlement and the till do not agree about, by the hash of the line or of the payment.
CREATE TABLE settlement_difference (
    shard bigint NOT NULL,
    day bigint NOT NULL,
    hash bytea NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, day, hash)
);

-- Chains of clubs; the number is 0.
CREATE TABLE chain (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
) WITH (fillfactor = 50);

-- The houses of chains.
CREATE TABLE club_store (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
) WITH (fillfactor = 50);

-- Members of clubs.
CREATE TABLE member (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
) WITH (fillfactor = 50);

-- Who works at clubs.
CREATE TABLE staff (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
) WITH (fillfactor = 50);

-- What clubs sell by contract.
CREATE TABLE package (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
) WITH (fillfactor = 50);

-- Packages that were sold to members.
CREATE TABLE contract (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
) WITH (fillfactor = 50);

-- Promo codes, by a hash of the code.
CREATE TABLE promo_code (
    shard bigint NOT NULL,
    day bigint NOT NULL,
    hash bytea NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, day, hash)
);

-- The books, leg by leg, with what has come since V3. Of kind 12 the step is the number of the
-- attempt that a gateway has settled.
CREATE OR REPLACE VIEW ledger_leg AS
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
    leg.value ->> 'account' AS account,
    (leg.value ->> 'amount')::bigint AS amount,
    CASE posting.kind WHEN 7 THEN 'payout' WHEN 8 THEN 'card' ELSE 'sale' END AS source
FROM posting, jsonb_array_elements(posting.body::jsonb) AS leg;

-- Means of paying of members of clubs, kept by gateways; of cards only the last four digits.
CREATE TABLE payment_profile (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
);

-- What each member has on file, by the member's number.
CREATE TABLE wallet (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
);
