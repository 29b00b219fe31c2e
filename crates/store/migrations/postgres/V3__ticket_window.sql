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
