//! The steps of 3-D Secure: the bank is asked, the holder goes there and comes back
//! (`payments.md` §1.8). What each answer means is the table in [`super::mpi`].

use serde::Serialize;
use zeroize::Zeroizing;

use super::amount::{Purchase, other_purchase, purchase};
use super::document::Document;
use super::held::{Held, Step};
use super::mpi::{
    Enrollment, METHOD_DONE, Said, SecondEnrollment, Validation, md_of, method_page, shown_page,
};
use super::{Borgun, STATUS_OK};
use crate::authentication::{Authentication, Challenge, ChallengeAnswer, ChallengePage, Passed};
use crate::gateway::PaymentRequest;
use crate::secret::{MpiToken, Source};
use crate::silence::Silence;

const ENROLLMENT: &str = "/api/mpi/v2/enrollment";
const VALIDATION: &str = "/api/mpi/v2/validation";

impl Borgun {
    /// Asks the bank, and once more where the table says so.
    pub(super) async fn ask_bank(
        &self,
        request: &PaymentRequest<'_>,
        source: &Source,
        return_url: &str,
    ) -> Authentication {
        let md = md_of(request.key);
        let body = |told: &Purchase| Enrollment::new(source, told, &md, return_url);
        let first = purchase(request.money);
        let Some((told, asked)) = first.and_then(|told| Some((told, body(&told)?))) else {
            return unavailable("this gateway asks no bank about that");
        };
        let answer = self.ask(ENROLLMENT, &asked).await;
        let answer = match answer.as_ref().map_or(Said::Again, Said::of) {
            Said::Again => self.ask(ENROLLMENT, &asked).await,
            Said::OtherExponent => {
                match other_purchase(request.money, &told).and_then(|it| body(&it)) {
                    Some(asked) => self.ask(ENROLLMENT, &asked).await,
                    None => answer,
                }
            }
            _ => answer,
        };
        let held = Held {
            step: Step::Challenge,
            mpi_token: None,
            xid: None,
            tx_id: None,
            md,
            return_url: return_url.to_owned(),
        };
        self.take(answer, held)
    }

    /// Goes on with what the holder's browser brought; without that only says where it stands.
    pub(super) async fn go_on(
        &self,
        handle: &str,
        answer: Option<&ChallengeAnswer<'_>>,
    ) -> Authentication {
        let Some(held) = self.seal.open(handle) else {
            return unavailable("the authentication was begun elsewhere");
        };
        match (held.step, answer.map(|answer| answer.text.trim())) {
            (Step::Passed, _) => self.passed(held),
            (Step::Method, Some(METHOD_DONE)) => self.ask_again(held).await,
            (Step::Challenge, Some(text)) if text != METHOD_DONE => self.validate(held, text).await,
            (Step::Method | Step::Challenge, _) => {
                let page = ChallengePage::Html(shown_page());
                Authentication::Challenge(Challenge { handle: handle.to_owned(), page })
            }
        }
    }

    /// The bank has read the device: now it says whether it wants to ask the holder.
    async fn ask_again(&self, held: Held) -> Authentication {
        let Some((xid, tx_id)) = held.xid.as_deref().zip(held.tx_id.as_deref()) else {
            return unavailable("the gateway did not name the authentication");
        };
        let answer = self.ask_twice(ENROLLMENT, &SecondEnrollment::new(xid, tx_id)).await;
        self.take(answer, held)
    }

    async fn validate(&self, held: Held, text: &str) -> Authentication {
        let answer = self.ask_twice(VALIDATION, &Validation::new(text, &held.md)).await;
        match answer.as_ref().map_or(Said::Unlisted, Said::of) {
            // The holder was asked: a page now would begin again what is over.
            Said::Challenge | Said::Method => unavailable("the bank asks for what was done"),
            _ => self.take(answer, held),
        }
    }

    /// Asks, and once more when something on the way failed.
    async fn ask_twice(&self, path: &str, body: &(impl Serialize + Sync)) -> Option<Document> {
        let answer = self.ask(path, body).await;
        match answer.as_ref().map_or(Said::Again, Said::of) {
            Said::Again | Said::OtherExponent => self.ask(path, body).await,
            _ => answer,
        }
    }

    async fn ask(&self, path: &str, body: &(impl Serialize + Sync)) -> Option<Document> {
        match self.post(path, body).await {
            Ok(reply) if reply.status == STATUS_OK => reply.document,
            Ok(_) | Err(Silence::NotSent(_) | Silence::NoAnswer(_)) => None,
        }
    }

    /// Takes an answer of the bank to the till, and remembers what it told.
    fn take(&self, answer: Option<Document>, held: Held) -> Authentication {
        let Some(answer) = answer else { return unavailable("the bank cannot be asked") };
        let told = answer.text("MPIToken").map(Zeroizing::new);
        let held = Held {
            mpi_token: told.or(held.mpi_token),
            xid: answer.text("XId").or(held.xid),
            tx_id: answer.text("TxId").or(held.tx_id),
            ..held
        };
        match Said::of(&answer) {
            Said::Passed => self.passed(held),
            Said::Challenge => {
                let page = answer.page("RedirectToACSForm");
                self.challenge(held, Step::Challenge, page)
            }
            Said::Method => {
                let content = answer.page("TDSMethodContent");
                let page = content.map(|content| method_page(&content, &held.return_url));
                self.challenge(held, Step::Method, page)
            }
            Said::Failed => Authentication::Failed,
            Said::OtherExponent | Said::Again => unavailable("the bank cannot be asked"),
            Said::Unlisted => unavailable("the bank's answer is not known"),
        }
    }

    fn passed(&self, held: Held) -> Authentication {
        let token = held.mpi_token.as_deref().and_then(|token| MpiToken::parse(token).ok());
        let Some(token) = token else { return unavailable("the gateway gave no proof") };
        match self.seal.close(&Held { step: Step::Passed, ..held }) {
            Some(handle) => Authentication::Passed(Passed { token, handle }),
            None => unavailable("there are no random numbers"),
        }
    }

    fn challenge(&self, held: Held, step: Step, page: Option<String>) -> Authentication {
        let Some(page) = page else { return unavailable("the bank's page cannot be read") };
        match self.seal.close(&Held { step, ..held }) {
            Some(handle) => {
                let page = ChallengePage::Html(page);
                Authentication::Challenge(Challenge { handle, page })
            }
            None => unavailable("there are no random numbers"),
        }
    }
}

fn unavailable(why: &str) -> Authentication {
    Authentication::Unavailable(format!("Who the holder is is not known: {why}."))
}
