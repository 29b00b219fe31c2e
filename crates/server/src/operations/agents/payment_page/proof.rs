//! 3-D Secure at the page: to the bank with the card that it asks about, and back.

use contract::agents::payment_page::PaymentPageReturn;
use domain::agency::CustomerOrder;
use domain::enrolment::{OrderId, ProofOwner, STARTS_PER_SESSION, Starter};
use domain::money::Money;
use domain::payment::Claims;
use domain::record::word;
use domain::refusal::{Code, Refusal};
use domain::sale::Sale;
use domain::token::Token;
use gateway::{CardToken, ChallengePage, Proof, Source, SourceKind, TokenUse};
use service::reply::Reply;

use super::Visit;
use crate::app::App;
use crate::operations::family::Failure;
use crate::operations::payment;
use crate::operations::three_d_secure::return_page::foreign;
use crate::operations::three_d_secure::start;
use crate::order_link::{self, PAGE_PATH};
use crate::pages::see_other;
use crate::three_d_secure::{Begin, ProofText, Standing, begin, find, go_on};

/// Where a bank's challenge leads back to; what is at its end leads to no order by itself.
const RETURN_PATH: &str = "/pay/return/";

/// Who may use a proof that was obtained at the page of an order: whoever pays that order.
pub(super) fn owner(order: &CustomerOrder) -> ProofOwner {
    ProofOwner { order: Some(order.id), ..ProofOwner::default() }
}

impl Visit<'_> {
    /// Asks the bank of the card that was typed in, and pays if it has no question.
    pub(super) async fn prove(&self, sale: &Sale, base_url: &str) -> Result<Reply, Failure> {
        let source = self.card()?;
        let no_card = || Refusal::new(Code::CardInvalid, "Send a card.");
        let card_hash = payment::card_hash(self.app, &source).ok_or_else(no_card)?;
        let nonce = Token { shard: self.order.shard, number: 0, secret: self.app.secret()? };
        let asked = Begin {
            organiser: &self.agent.organiser,
            money: Money::new(sale.total, sale.currency),
            owner: owner(&self.order),
            card_hash,
            starters: vec![starter(&self.order)],
            return_base: &format!("{base_url}{}", start::RETURN_PATH),
            return_url: Some(format!("{base_url}{RETURN_PATH}{}", nonce.text())),
        };
        let standing = begin(self.app, asked, source).await?;
        self.follow(sale, standing).await
    }

    /// Pays with what the holder has proved.
    pub(super) async fn pay_proved(
        &self,
        sale: &Sale,
        order_id: &OrderId,
    ) -> Result<Reply, Failure> {
        let standing = go_on(self.app, order_id, Some(&owner(&self.order)), None).await?;
        self.follow(sale, standing).await
    }

    async fn follow(&self, sale: &Sale, standing: Standing) -> Result<Reply, Failure> {
        let Standing { enrolment, proof, page } = standing;
        match (proof, page) {
            (Some(token), _) => {
                let kept = enrolment.card_token.as_ref();
                let kept = kept.and_then(|kept| CardToken::parse(TokenUse::Single, &kept.0).ok());
                let kept = kept.ok_or_else(unavailable)?;
                let order_id = enrolment.order_id;
                let proof = ProofText { order_id, token };
                let claims = Claims { proof: Some(proof.claim()), ..Claims::default() };
                let what = SourceKind::Token(kept);
                let proof = Some(Proof::ThreeDSecure(proof.token));
                let source = Source { proof, ..what.into() };
                self.submit(Some(sale.id), Some(claims), Some(source)).await?;
                Ok(self.again())
            }
            (None, Some(ChallengePage::Url(url))) => Ok(see_other(url)),
            (None, Some(ChallengePage::Html(html))) => Ok(foreign(html)),
            (None, None) => Err(unavailable().into()),
        }
    }
}

fn unavailable() -> Refusal {
    Refusal::new(Code::AuthenticationUnavailable, "The bank cannot be asked.")
}

/// What the proofs are counted under that are started for one order.
fn starter(order: &CustomerOrder) -> Starter {
    let hash = word("proofs of order", &format!("{} {}", order.shard.0, order.id.0));
    Starter { hash, limit: STARTS_PER_SESSION }
}

/// The page that a browser left for its bank. The link's handle is not stored with the
/// authentication, so it is made again here, for whoever knows both names of it.
pub(super) async fn way_back(
    app: &App,
    request: &PaymentPageReturn,
    base_url: &str,
) -> Result<Option<String>, Failure> {
    let nonce = request.nonce.as_deref().unwrap_or_default();
    let order_id = request.order_id.as_deref().map(str::trim).and_then(OrderId::parse);
    let Some(order_id) = order_id.filter(|_| !nonce.is_empty()) else { return Ok(None) };
    let Ok(enrolment) = find(app, &order_id).await else { return Ok(None) };
    let asked = format!("{base_url}{RETURN_PATH}{nonce}");
    let is_its = enrolment.return_url.as_ref() == Some(&asked);
    let Some(order) = enrolment.owner.order.filter(|_| is_its) else { return Ok(None) };
    if app.clock.now() >= enrolment.expires_at() {
        return Ok(None);
    }
    let Some(order) = order_link::read(app, enrolment.shard, order).await? else {
        return Ok(None);
    };
    let status = match request.status.as_deref() {
        Some("passed") => "passed",
        Some("open") => "open",
        _ => "failed",
    };
    let handle = order_link::handle(&app.link_key, &order).text();
    Ok(Some(format!("{PAGE_PATH}{handle}?orderId={}&status={status}", order_id.text())))
}
