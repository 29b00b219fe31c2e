//! Tickets that move: what it means for tickets, money, rights and books (`domain.md` §4,
//! `payments.md` §7.2).

mod books;
mod by_hand;
mod doubt;
mod late;
mod payout;
mod phone;
mod rights;
mod stage;
mod taken_over;
