//! Cards and tokens: what a charge is confirmed with, and cards kept for later.
//!
//! A kept card is a payment method of a customer, and Stripe takes it only when both are named.
//! So its token names both: `pm_…@cus_…`.

use domain::attempt::CallResult;
use zeroize::Zeroizing;

use super::answer::{Method, MethodCard, Named};
use super::intents::{KEY_MEMBER, mask};
use super::wire::{done, told};
use super::{NOT_SENDABLE, StripeGateway, is_key, is_plain};
use crate::gateway::{PaymentRequest, SavedCard, TokenUse};
use crate::secret::{Card, CardToken, Expiry, SecurityCode, Source, SourceKind};
use crate::silence::Sending;

/// Where payment methods are.
const METHODS: &str = "/v1/payment_methods";

/// Where customers are.
pub(super) const CUSTOMERS: &str = "/v1/customers";

/// What begins the name of a token that a browser made of a card.
const BROWSER_TOKEN: &str = "tok_";

/// What stands between a payment method and its customer in a token of ours.
const OF: char = '@';

/// The name of a customer.
#[derive(Clone, Copy)]
pub(super) struct Customer<'a>(pub(super) &'a str);

/// What a charge is confirmed with.
pub(super) struct Means<'a> {
    /// The members of a form that say it.
    pub(super) members: Vec<(&'static str, Zeroizing<String>)>,
    /// Whose payment method it is, where it belongs to somebody.
    pub(super) customer: Option<Customer<'a>>,
}

/// Where the members of a card stand in a form: for a payment, and for a payment method.
struct Names {
    kind: &'static str,
    token: &'static str,
    number: &'static str,
    month: &'static str,
    year: &'static str,
    code: &'static str,
}

const IN_PAYMENT: Names = Names {
    kind: "payment_method_data[type]",
    token: "payment_method_data[card][token]",
    number: "payment_method_data[card][number]",
    month: "payment_method_data[card][exp_month]",
    year: "payment_method_data[card][exp_year]",
    code: "payment_method_data[card][cvc]",
};

const IN_METHOD: Names = Names {
    kind: "type",
    token: "card[token]",
    number: "card[number]",
    month: "card[exp_month]",
    year: "card[exp_year]",
    code: "card[cvc]",
};

impl StripeGateway {
    /// What `source` is confirmed with; `None` for what a browser will bring.
    ///
    /// # Errors
    /// [`CallResult::NotExecuted`] for what this gateway does not take.
    pub(super) fn means<'a>(&self, source: &'a Source) -> Result<Option<Means<'a>>, CallResult> {
        if source.proof.is_some() {
            return Err(refuse("Stripe asks for proofs itself and takes none from elsewhere."));
        }
        let means = match &source.what {
            SourceKind::Browser => return Ok(None),
            SourceKind::Phone(_) => return Err(refuse("Stripe takes no payment by phone.")),
            SourceKind::Card(card) => plain(self.card_members(card, &IN_PAYMENT)?),
            SourceKind::Token(token) => of_token(token.expose()),
        };
        Ok(Some(means))
    }

    fn card_members(&self, card: &Card, names: &Names) -> Result<Members, CallResult> {
        if !self.raw_cards {
            return Err(refuse("This gateway takes tokens only, no card numbers."));
        }
        let expiry = card.expiry().last_month();
        let text = |text: &str| Zeroizing::new(text.to_owned());
        let mut members = vec![
            (names.kind, text("card")),
            (names.number, text(card.number().digits())),
            (names.month, text(&expiry.month.to_string())),
            (names.year, text(&expiry.year.to_string())),
        ];
        if let Some(code) = card.security_code().map(SecurityCode::digits) {
            members.push((names.code, text(code)));
        }
        Ok(members)
    }

    /// Leaves a card with Stripe; see [`crate::Gateway::tokenize`].
    pub(super) async fn keep(
        &self,
        request: &PaymentRequest<'_>,
        source: &Source,
        token_use: TokenUse,
    ) -> Result<SavedCard, CallResult> {
        if !is_key(request.key) {
            return Err(refuse(NOT_SENDABLE));
        }
        let method = self.method_of(request, source).await?;
        match (token_use, method.customer.as_ref().and_then(|customer| customer.as_str())) {
            (TokenUse::Single, None) => saved(&method, method.id.clone(), token_use),
            (_, Some(customer)) => {
                saved(&method, format!("{}{OF}{customer}", method.id), token_use)
            }
            (TokenUse::Multi, None) => {
                let (method, customer) = self.attach(request, &method.id).await?;
                saved(&method, format!("{}{OF}{customer}", method.id), token_use)
            }
        }
    }

    /// The payment method of a card or token; made if there is none yet.
    async fn method_of(
        &self,
        request: &PaymentRequest<'_>,
        source: &Source,
    ) -> Result<Method, CallResult> {
        let members = match &source.what {
            SourceKind::Card(card) => self.card_members(card, &IN_METHOD)?,
            SourceKind::Token(token) if token.expose().starts_with(BROWSER_TOKEN) => {
                token_members(token.expose(), &IN_METHOD)
            }
            SourceKind::Token(token) => return self.read_method(token.expose()).await,
            SourceKind::Phone(_) | SourceKind::Browser => {
                return Err(refuse("Only a card can be kept."));
            }
        };
        let form: Vec<_> = members.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let key = format!("{}:method", request.key);
        done(self.wire.post(METHODS, &form, Some(&key)).await, Sending::Once)
    }

    pub(super) async fn read_method(&self, token: &str) -> Result<Method, CallResult> {
        let (method, _) = parts_of(token);
        told(self.wire.get(&path_of(method, "")?).await)
    }

    /// Makes a customer for the card, because only a customer's card can be charged again.
    async fn attach(
        &self,
        request: &PaymentRequest<'_>,
        method: &str,
    ) -> Result<(Method, String), CallResult> {
        let customer = self.make_customer(request.key, Sending::Once).await?;
        Ok((self.attach_to(request.key, method, &customer, Sending::Once).await?, customer))
    }

    /// Makes a customer, or brings the one that was made with this key.
    pub(super) async fn make_customer(
        &self,
        key: &str,
        sending: Sending,
    ) -> Result<String, CallResult> {
        let form = [(KEY_MEMBER, key)];
        let made = self.wire.post(CUSTOMERS, &form, Some(&format!("{key}:customer"))).await;
        done::<Named>(made, sending).map(|made| made.id)
    }

    /// Gives a payment method to a customer.
    pub(super) async fn attach_to(
        &self,
        key: &str,
        method: &str,
        customer: &str,
        sending: Sending,
    ) -> Result<Method, CallResult> {
        let (key, form) = (format!("{key}:attach"), [("customer", customer)]);
        let attached = self.wire.post(&path_of(method, "/attach")?, &form, Some(&key)).await;
        done(attached, sending)
    }

    /// Makes Stripe refuse a kept card; see [`crate::Gateway::disable_token`].
    pub(super) async fn forget(&self, token: &CardToken) -> Result<(), CallResult> {
        let (method, _) = parts_of(token.expose());
        if method.starts_with(BROWSER_TOKEN) {
            return Err(refuse("A token of a browser cannot be disabled; it is good for once."));
        }
        let answer = self.wire.post(&path_of(method, "/detach")?, &[], None).await;
        let answer = answer.map_err(|silence| silence.result(Sending::Repeatable))?;
        match answer.status {
            200..=299 | 404 => Ok(()),
            // Detaching what is attached to nobody is refused.
            400 => match self.read_method(token.expose()).await?.customer {
                Some(customer) if customer.is_string() => Err(super::wire::refused(&answer)),
                _ => Ok(()),
            },
            _ => Err(super::wire::refused(&answer)),
        }
    }
}

type Members = Vec<(&'static str, Zeroizing<String>)>;

fn plain(members: Members) -> Means<'static> {
    Means { members, customer: None }
}

fn of_token(token: &str) -> Means<'_> {
    if token.starts_with(BROWSER_TOKEN) {
        return plain(token_members(token, &IN_PAYMENT));
    }
    let (method, customer) = parts_of(token);
    let members = vec![("payment_method", Zeroizing::new(method.to_owned()))];
    Means { members, customer }
}

fn token_members(token: &str, names: &Names) -> Members {
    let text = |text: &str| Zeroizing::new(text.to_owned());
    vec![(names.kind, text("card")), (names.token, text(token))]
}

/// A payment method and, where it was told, its customer.
fn parts_of(token: &str) -> (&str, Option<Customer<'_>>) {
    match token.split_once(OF) {
        Some((method, customer)) => (method, Some(Customer(customer))),
        None => (token, None),
    }
}

/// The path of a payment method and what is done with it.
fn path_of(method: &str, verb: &str) -> Result<String, CallResult> {
    if is_plain(method) {
        Ok(format!("{METHODS}/{method}{verb}"))
    } else {
        Err(refuse("The token is none of Stripe's."))
    }
}

fn saved(method: &Method, token: String, token_use: TokenUse) -> Result<SavedCard, CallResult> {
    let unreadable = |_| super::wire::unreadable();
    let token = CardToken::parse(token_use, &Zeroizing::new(token)).map_err(unreadable)?;
    let card = method.card.as_ref();
    let mask = card.and_then(|card| card.last4.as_deref()).and_then(mask);
    let card_mask = mask.unwrap_or_default();
    Ok(SavedCard { token, card_mask, expiry: card.and_then(expiry_of) })
}

fn expiry_of(card: &MethodCard) -> Option<Expiry> {
    Expiry::parse(&card.exp_month?.to_string(), &card.exp_year?.to_string()).ok()
}

fn refuse(reason: &str) -> CallResult {
    CallResult::NotExecuted(reason.to_owned())
}
