//! What members of clubs pay with: the vault, import, what is on file, and the keys of clubs.

mod check;
mod club;
mod keys;
mod life;
mod race;
mod refusals;
mod traces;
