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
