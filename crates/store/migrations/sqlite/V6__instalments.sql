-- Instalments of contracts.

-- The books, leg by leg, with what has come since V5.
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
        WHEN 15 THEN 'contract_began'
    END AS kind,
    posting.at,
    posting.currency,
    leg.value ->> '$.account' AS account,
    leg.value ->> '$.amount' AS amount,
    CASE posting.kind WHEN 7 THEN 'payout' WHEN 8 THEN 'card' ELSE 'sale' END AS source
FROM posting, json_each(posting.body) AS leg;

-- Contracts that were sold before instalments were charged: each is looked at when its first day
-- begins anywhere, eight hours before it does by UTC (`Contract::due`).
INSERT INTO due
SELECT
    contract.id >> 32,
    unixepoch(contract.body ->> '$.start') * 1000000 - 28800000000,
    46,
    contract.id & 4294967295
FROM contract
WHERE contract.body ->> '$.state' IN ('active', 'scheduled');
