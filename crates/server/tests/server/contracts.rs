//! Packages sold to members of clubs by contract: what they cost, how they are paid, what is
//! refused, and the people they are sold to and by.

mod agreements;
mod charging;
mod doors;
mod gift_cards;
mod killed;
mod life;
mod money;
mod newcomers;
mod people;
mod plan;
mod race;
mod refunds;
mod refusals;
mod settlement;
mod split;
mod stage;
