//! What measures Guichet from outside: a load client, the programs it drives, their cost.
//!
//! [`load`] sends orders over loopback TCP as cheaply as it can, because it shares the machine
//! with what it measures. [`program`] starts and ends the programs under test by process id,
//! [`usage`] reads what they cost, [`machine`] says on what they ran.

pub mod clock;
pub mod formats;
pub mod growth;
pub mod health;
pub mod load;
pub mod machine;
pub mod orders;
pub mod program;
pub mod usage;
