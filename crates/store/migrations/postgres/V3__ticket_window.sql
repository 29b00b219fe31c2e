-- The ticket window whole: seats, season cards, passes, transfers, payouts, the gate.
-- Addresses and bodies as in V1.

-- Where the seats of a venue are.
CREATE TABLE seat_map (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
) WITH (fillfactor = 50);

-- The seats of one section at one event.
CREATE TABLE seat_block (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
) WITH (fillfactor = 50);

-- Holds of seats, for minutes.
CREATE TABLE reservation (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
) WITH (fillfactor = 50);

-- Proofs of who a card's holder is.
CREATE TABLE enrolment (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
) WITH (fillfactor = 50);

-- Kinds of season cards.
CREATE TABLE card_type (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
) WITH (fillfactor = 50);

-- Season cards.
CREATE TABLE card (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
) WITH (fillfactor = 50);

-- Kinds of team passes.
CREATE TABLE pass_type (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
) WITH (fillfactor = 50);

-- Team passes.
CREATE TABLE pass (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
) WITH (fillfactor = 50);

-- Moves of tickets.
CREATE TABLE transfer (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
) WITH (fillfactor = 50);

-- What organisers are owed, event by event; the number is the event's.
CREATE TABLE event_book (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
) WITH (fillfactor = 50);

-- What was sold before is in the balances; `owner_payable:` has 14 letters.
INSERT INTO event_book (shard, number, version, body)
SELECT
    shard,
    substr(account, 15)::bigint,
    1,
    json_build_object('shard', shard, 'event', substr(account, 15)::bigint,
        'payable', -sum(amount))::text
FROM balance
WHERE substr(account, 1, 14) = 'owner_payable:'
GROUP BY shard, account;

-- What organisers are owed and owe apart from events.
CREATE TABLE owner_book (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
) WITH (fillfactor = 50);

-- Money paid out to organisers.
CREATE TABLE payout (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
) WITH (fillfactor = 50);

-- Who went in; the number is the event's.
CREATE TABLE gate (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
) WITH (fillfactor = 50);

-- Long work, done a step at a time.
CREATE TABLE job (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
) WITH (fillfactor = 50);

-- What persons must do.
CREATE TABLE task (
    shard bigint NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, number)
) WITH (fillfactor = 50);

-- Phones that were proved, with the cards saved for them, by a hash of the number.
CREATE TABLE phone (
    shard bigint NOT NULL,
    day bigint NOT NULL,
    hash bytea NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, day, hash)
);

-- How often something may still be tried.
CREATE TABLE allowance (
    shard bigint NOT NULL,
    day bigint NOT NULL,
    hash bytea NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, day, hash)
);

-- Payment references that clients chose.
CREATE TABLE order_reference (
    shard bigint NOT NULL,
    day bigint NOT NULL,
    hash bytea NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, day, hash)
);

-- Single-use codes of campaigns, by a hash of the code.
CREATE TABLE special_ticket (
    shard bigint NOT NULL,
    day bigint NOT NULL,
    hash bytea NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, day, hash)
);

-- The finder: what is looked for by a word, such as a phone; only hashes of words are kept.
-- Derived from the aggregates as they are written. The key serves both who looks for a word,
-- seller by seller, and who takes a row away.
CREATE TABLE found (
    shard bigint NOT NULL,
    word bytea NOT NULL,
    kind bigint NOT NULL,
    number bigint NOT NULL,
    PRIMARY KEY (shard, word, kind, number)
);

-- The books, leg by leg, with what has come since V1. What V1 calls the sale of a posting is the
-- number of its source: a sale's, but of kind 7 a payout's, of kind 8 a card's. What V1 calls the
-- attempt is the step of the source: the number of a sale's attempt, or of its refund.
-- Of kinds 10 and 11 the sale is another seller's.
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
    END AS kind,
    posting.at,
    posting.currency,
    leg.value ->> 'account' AS account,
    (leg.value ->> 'amount')::bigint AS amount,
    CASE posting.kind WHEN 7 THEN 'payout' WHEN 8 THEN 'card' ELSE 'sale' END AS source
FROM posting, jsonb_array_elements(posting.body::jsonb) AS leg;

-- Every try to move money, sale by sale; of a refund of money that came with the ticket from an
-- earlier sale, `charge_key` names the charge it gives back.
CREATE OR REPLACE VIEW sale_attempt AS
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
    (attempt.value ->> 'ask_at')::bigint AS ask_at,
    attempt.value -> 'of' ->> 'key' AS charge_key
FROM sale, json_array_elements(sale.body::json -> 'attempts') AS attempt;
