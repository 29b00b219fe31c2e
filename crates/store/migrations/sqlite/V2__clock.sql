-- When each lane's last batch was decided, in microseconds since 1970: a clock that was put back
-- while the program was stopped is noticed at the next start.
ALTER TABLE lane ADD COLUMN at INTEGER;
