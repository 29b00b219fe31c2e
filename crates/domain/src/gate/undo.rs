//! The office takes a scan back: a wrong ticket was held to the scanner, or a person turned back.

use std::sync::Arc;

use super::{edit, is_sale_of, unknown_code};
use crate::audit::AuditNote;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::Shard;
use crate::refusal::{Code, Refusal};
use crate::sale::Sale;
use crate::scan_code::Admission;
use crate::time::Timestamp;

/// Takes every scan of one admission back; it may go in again as if for the first time.
#[derive(Clone, Debug)]
pub struct UndoScan {
    /// Which admission of which sale.
    pub admission: Admission,
    /// What the audit tells of it.
    pub note: AuditNote,
}

impl Command for UndoScan {
    type Outcome = Arc<Sale>;

    fn shards(&self) -> Shards {
        Shards::Two(self.admission.shard, Shard::HOUSE)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Sale::key_of(self.admission.shard, self.admission.sale));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Arc<Sale>, Halt> {
        let Admission { shard, sale, number, .. } = self.admission;
        let sale = facts.share::<Sale>(Sale::key_of(shard, sale))?;
        let sale = sale.filter(|sale| is_sale_of(sale, &self.admission));
        let mut sale = Sale::clone(&*sale.ok_or_else(unknown_code)?);
        if sale.first_scan(number.into()).is_none() {
            let message = "Nobody went in with this admission; there is nothing to take back.";
            return Err(Refusal::new(Code::ScanNotFound, message).into());
        }
        if let Some(counted) = sale.counted_entry(number.into()) {
            edit(facts, shard, sale.event)?.leave(&counted.gate);
        }
        sale.scans.retain(|scan| scan.admission != u16::from(number));
        sale.gate_changed_at = Some(now);
        self.note.record_of(shard, facts, now);
        Ok(facts.put(sale))
    }
}
