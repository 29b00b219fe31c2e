//! Settlement files of gateways: read, matched with what the till took, and taken in.
//!
//! [`read`] makes lines of a file ([`profile`] knows what each gateway calls its columns), or says
//! what is wrong with it, line by line, and then nothing of it is booked. [`import`] finds the
//! payment of each line and hands it to the rules ([`domain::settlement`]), which book or ask.

mod amount;
mod day;
pub mod import;
mod matching;
pub mod profile;
pub mod read;
mod table;

/// The longest file, in bytes.
pub const FILE_LENGTH_MAX: usize = 16 << 20;
