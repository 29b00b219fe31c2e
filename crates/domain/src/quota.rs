//! How many admissions may be sold, and how many are.
//!
//! `sold + held + free = limit` at every instant. A place is *held* while its sale waits for
//! money and *sold* once the tickets are live; only a transition of the sale moves it.

use serde::{Deserialize, Serialize};

use crate::ids::{QuotaId, Shard};
use crate::refusal::{Code, Refusal};

/// One limit. Several ticket types may share it; a ticket type may be under several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    /// The seller whose places it counts.
    pub shard: Shard,
    /// Its number.
    pub id: QuotaId,
    /// What it limits, for people: `Hekla – Esja, standing`.
    pub name: String,
    /// How many admissions may be sold; `None` means no limit.
    pub limit: Option<u32>,
    /// Places of sales that wait for money.
    pub held: u32,
    /// Places of live tickets.
    pub sold: u32,
}

impl Quota {
    /// A quota of which nothing is sold yet.
    #[must_use]
    pub fn new(shard: Shard, id: QuotaId, name: impl Into<String>, limit: Option<u32>) -> Quota {
        Quota { shard, id, name: name.into(), limit, held: 0, sold: 0 }
    }

    /// How many more places may be taken; `None` means no limit.
    ///
    /// A limit lowered below what is taken leaves zero, never less.
    #[must_use]
    pub fn free(&self) -> Option<u32> {
        let taken = self.held.saturating_add(self.sold);
        self.limit.map(|limit| limit.saturating_sub(taken))
    }

    /// Takes `count` places for a sale that waits for money.
    ///
    /// # Errors
    /// [`Code::SoldOut`], saying how many are left, when fewer are free.
    pub fn hold(&mut self, count: u32) -> Result<(), Refusal> {
        self.check(count)?;
        self.held += count;
        Ok(())
    }

    /// Takes `count` places for tickets that are live at once.
    ///
    /// # Errors
    /// [`Code::SoldOut`], saying how many are left, when fewer are free.
    pub fn sell(&mut self, count: u32) -> Result<(), Refusal> {
        self.check(count)?;
        self.sold += count;
        Ok(())
    }

    /// Turns `count` held places into sold ones.
    pub fn settle(&mut self, count: u32) {
        self.release(count);
        self.sold += count;
    }

    /// Gives `count` held places back.
    pub fn release(&mut self, count: u32) {
        assert!(self.held >= count, "quota {}: released more than was held", self.id.0);
        self.held -= count;
    }

    /// Gives `count` sold places back.
    pub fn give_back(&mut self, count: u32) {
        assert!(self.sold >= count, "quota {}: gave back more than was sold", self.id.0);
        self.sold -= count;
    }

    fn check(&self, count: u32) -> Result<(), Refusal> {
        match self.free() {
            Some(0) => Err(Refusal::new(Code::SoldOut, "No tickets of this type are left.")),
            Some(free) if free < count => Err(Refusal::new(
                Code::SoldOut,
                format!("Only {free} tickets of this type are left."),
            )),
            _ => Ok(()),
        }
    }
}
