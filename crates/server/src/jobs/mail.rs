//! The letters of the outbox. A letter that is not taken stays, is tried again after longer and
//! longer pauses, and is given up after days; it never keeps those behind it waiting. While no
//! mail server answers at all, one letter is tried now and then, so that a backlog costs next to
//! nothing.
//!
//! How often a letter was tried is known to this process only: after a restart it is tried at once.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use domain::effect::{Effect, MailContent, Owed};
use domain::ids::Shard;
use domain::language::Language;
use domain::time::{Span, Timestamp};
use store::{Clock, Fault, Store};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tracing::{error, info, warn};

use super::next_round;
use super::outbox::Walk;
use crate::mail::letter::{Unwritten, Writer};
use crate::mail::{MailFault, Mailer, Posted};
use crate::standing::Standing;

/// The pause before the second try of a letter; each later one is twice as long.
const PAUSE_MIN: Duration = Duration::from_secs(5);

/// The longest pause between two tries of a letter.
const PAUSE_MAX: Duration = Duration::from_secs(3_600);

/// The longest pause while nobody takes letters.
const SERVER_PAUSE_MAX: Duration = Duration::from_secs(60);

/// After how long a letter is given up.
const GIVE_UP_AFTER: Span = Span::hours(72);

/// How many letters are sent at the same time.
const SENT_AT_ONCE: usize = 4;

/// How many times rows are taken in a round, as in [`super::outbox`].
const PAGES_MAX: u32 = 8;

/// How many letters are known to be waiting for another try; beyond it, none is tried for a while.
const WAITING_MAX: usize = 10_000;

/// Who takes the letters of the outbox to the mail server.
#[derive(Clone)]
pub(crate) struct Postman {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) writer: Writer,
    /// `None` when the operator named no mail server.
    pub(crate) mailer: Option<Arc<dyn Mailer>>,
}

/// Sends what is owed every `pause` until `stop` turns true.
pub(crate) async fn run(
    postman: Postman,
    standing: Arc<Standing>,
    pause: Duration,
    mut stop: watch::Receiver<bool>,
) {
    let mut rounds = Rounds::default();
    loop {
        if standing.leads() {
            // A mail server that takes its time holds nobody up who ends the program: the letters
            // stay in the outbox.
            let mut end = stop.clone();
            tokio::select! {
                gone = rounds.go(&postman) => tell(gone),
                _ = end.wait_for(|is_end| *is_end) => return,
            }
        }
        if !next_round(pause, &mut stop).await {
            return;
        }
    }
}

fn tell(gone: Result<(), Fault>) {
    if let Err(fault) = gone {
        warn!(%fault, "letters could not be taken from the outbox; trying again");
    }
}

/// A letter in the outbox.
#[derive(Clone)]
struct Letter {
    address: (Shard, u32),
    to: String,
    language: Language,
    queued_at: Timestamp,
    content: MailContent,
}

impl Letter {
    fn of(owed: Owed) -> Option<Letter> {
        let Owed { shard, id, effect } = owed;
        let Effect::Mail { to, language, queued_at, content } = effect else { return None };
        Some(Letter { address: (shard, id), to, language, queued_at, content })
    }
}

/// What became of a letter.
enum Outcome {
    /// It was taken, or need not be sent: it leaves the outbox.
    Done,
    /// It stays.
    Failed(MailFault),
}

impl Postman {
    async fn deliver(&self, letter: &Letter) -> Outcome {
        let (shard, id) = letter.address;
        let written = self.writer.write(shard, &letter.to, letter.language, letter.content);
        let mail = match written.await {
            Ok(mail) => mail,
            Err(Unwritten::Needless(reason)) => {
                warn!(seller = shard.0, letter = id, reason, "a letter was not sent");
                return Outcome::Done;
            }
            Err(Unwritten::Fault(fault)) => {
                return Outcome::Failed(MailFault::Unreachable(fault.to_string()));
            }
        };
        let name = format!("letter-{}.{id}", shard.0);
        let Some(mailer) = &self.mailer else {
            let reason = "none is set up; see docs/mail.md";
            return Outcome::Failed(MailFault::Unreachable(reason.to_owned()));
        };
        match mailer.send(&Posted { mail, name, at: letter.queued_at }).await {
            Ok(()) => {
                info!(seller = shard.0, letter = id, about = ?letter.content, "a letter was sent");
                Outcome::Done
            }
            Err(fault) => Outcome::Failed(fault),
        }
    }

    /// Sends a few at the same time.
    async fn deliver_all(&self, letters: &[Letter]) -> Vec<(Letter, Outcome)> {
        let mut tasks = JoinSet::new();
        for letter in letters.iter().cloned() {
            let postman = self.clone();
            tasks.spawn(async move {
                let outcome = postman.deliver(&letter).await;
                (letter, outcome)
            });
        }
        tasks.join_all().await
    }
}

/// When something may be tried again.
#[derive(Clone, Copy)]
struct Wait {
    until: Instant,
    pause: Duration,
}

impl Wait {
    fn longer(before: Option<Wait>, pause_max: Duration) -> Wait {
        let pause = before.map_or(PAUSE_MIN, |wait| wait.pause * 2).min(pause_max);
        Wait { until: Instant::now() + pause, pause }
    }
}

/// What is known from earlier rounds.
#[derive(Default)]
struct Rounds {
    walk: Walk,
    /// Letters that failed.
    letters: HashMap<(Shard, u32), Wait>,
    /// Nobody takes letters.
    server: Option<Wait>,
}

impl Rounds {
    async fn go(&mut self, postman: &Postman) -> Result<(), Fault> {
        for _ in 0..PAGES_MAX {
            if self.server.is_some_and(|wait| wait.until > Instant::now()) {
                return Ok(());
            }
            let owed = self.walk.next(&postman.store).await?;
            let letters: Vec<Letter> = owed.into_iter().filter_map(Letter::of).collect();
            let due: Vec<Letter> = letters.into_iter().filter(|it| self.is_due(it)).collect();
            for some in due.chunks(SENT_AT_ONCE) {
                if !self.deliver(postman, some).await? {
                    return Ok(());
                }
            }
            if self.walk.is_at_start() {
                return Ok(());
            }
        }
        Ok(())
    }

    fn is_due(&self, letter: &Letter) -> bool {
        self.letters.get(&letter.address).is_none_or(|wait| wait.until <= Instant::now())
    }

    /// Sends some letters; answers whether it is worth going on.
    async fn deliver(&mut self, postman: &Postman, letters: &[Letter]) -> Result<bool, Fault> {
        // The first one shows whether anybody is there, so that the others need not find out.
        let count = if self.server.is_some() { 1 } else { letters.len() };
        let mut done = Vec::new();
        let mut may_go_on = true;
        for (letter, outcome) in postman.deliver_all(&letters[..count]).await {
            let fault = match outcome {
                Outcome::Done => None,
                Outcome::Failed(fault) => Some(fault),
            };
            may_go_on &= self.note_server(fault.as_ref());
            match fault {
                Some(fault) if !self.gives_up(postman, &letter, &fault) => {}
                _ => {
                    self.letters.remove(&letter.address);
                    done.push(letter.address);
                }
            }
        }
        if !done.is_empty() {
            postman.store.outbox_done(done).await?;
        }
        Ok(may_go_on)
    }

    /// Remembers whether somebody takes letters; answers it.
    fn note_server(&mut self, fault: Option<&MailFault>) -> bool {
        let is_lost = matches!(fault, Some(MailFault::Unreachable(_)));
        if is_lost || self.letters.len() >= WAITING_MAX {
            self.server = Some(Wait::longer(self.server, SERVER_PAUSE_MAX));
            return false;
        }
        self.server = None;
        true
    }

    /// Whether a letter that failed is not tried again; else it waits.
    fn gives_up(&mut self, postman: &Postman, letter: &Letter, fault: &MailFault) -> bool {
        let (seller, id) = (letter.address.0.0, letter.address.1);
        if postman.clock.now() >= letter.queued_at.after(GIVE_UP_AFTER) {
            error!(seller, letter = id, %fault, about = ?letter.content, "a letter was given up");
            return true;
        }
        let before = self.letters.get(&letter.address).copied();
        let mut wait = Wait::longer(before, PAUSE_MAX);
        if fault.is_lasting() {
            wait = Wait { until: Instant::now() + PAUSE_MAX, pause: PAUSE_MAX };
        }
        warn!(seller, letter = id, %fault, again_in_s = wait.pause.as_secs(), "a letter waits");
        self.letters.insert(letter.address, wait);
        false
    }
}
