//! Messages of a demo: shown in its terminal, and to an Admin.

use std::collections::VecDeque;
use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use domain::phone::PhoneNumber;
use domain::time::Timestamp;
use store::Clock;

use super::{SmsFault, SmsMessage, SmsSender};

/// How many messages are kept; the oldest go first.
pub const OUTBOX_MESSAGES_MAX: usize = 100;

/// A message that was not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// When it would have left.
    pub at: Timestamp,
    /// To whom.
    pub number: PhoneNumber,
    /// What it says.
    pub text: String,
}

/// Keeps the latest messages in memory.
pub struct SmsOutbox {
    clock: Arc<dyn Clock>,
    is_shown: bool,
    messages: Mutex<VecDeque<Sent>>,
}

impl SmsOutbox {
    /// An empty one. `is_shown` writes each message to standard output, too: that is how whoever
    /// runs a demo in a terminal learns the code.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, is_shown: bool) -> SmsOutbox {
        SmsOutbox { clock, is_shown, messages: Mutex::default() }
    }

    /// The messages, the latest first; those to one number, if one is named.
    #[must_use]
    pub fn messages(&self, number: Option<&PhoneNumber>) -> Vec<Sent> {
        let messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted = |sent: &&Sent| number.is_none_or(|number| *number == sent.number);
        messages.iter().rev().filter(wanted).cloned().collect()
    }
}

#[async_trait]
impl SmsSender for SmsOutbox {
    async fn send(&self, message: &SmsMessage) -> Result<(), SmsFault> {
        let (at, number) = (self.clock.now(), message.number.clone());
        if self.is_shown {
            // A terminal that is gone must not stop the demo.
            let line = format!("SMS to {}: {}\n", number.text(), message.text);
            let _ = std::io::stdout().lock().write_all(line.as_bytes());
        }
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        if messages.len() >= OUTBOX_MESSAGES_MAX {
            messages.pop_front();
        }
        messages.push_back(Sent { at, number, text: message.text.clone() });
        Ok(())
    }
}
