//! Tickets that move: what it means for tickets, money, rights and books (`domain.md` §4,
//! `payments.md` §7.2).

mod books;
mod late;
mod rights;
mod stage;
