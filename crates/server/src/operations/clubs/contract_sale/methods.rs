//! The list of means of paying of a request: from tokens to the profiles that they name
//! (`payments.md` §4.1, §4.3).

use contract::contract_sold::PaymentMethodDto;
use domain::ids::PaymentProfileId;
use domain::money::Currency;
use domain::profile::{AcctToken, MethodAsked, ProfileTokenUse};
use domain::time::Timestamp;
use domain::token::Secret;
use rust_decimal::Decimal;
use service::types::SecretText;

use crate::app::App;
use crate::money::minor_units;
use crate::operations::clubs::caller::ClubCaller;
use crate::operations::family::Failure;

/// What names no profile: a token that was not made here. It is refused where tokens are looked at,
/// so that what is wrong with the sale itself is told first.
const NOBODY: (PaymentProfileId, Secret) = (PaymentProfileId(0), Secret([0; 16]));

/// The methods of a request, without their caps, which need the store's currency.
pub(in crate::operations::clubs) struct Methods {
    asked: Option<Vec<MethodAsked>>,
    caps: Vec<Option<Decimal>>,
}

impl Methods {
    /// Reads the list, and writes into it which profiles it names in place of the tokens that it
    /// shows: tokens are never written, and two of them would look alike, but a request must be
    /// told from an earlier one.
    pub(in crate::operations::clubs) fn read(
        app: &App,
        by: &ClubCaller,
        sent: &mut Option<Vec<PaymentMethodDto>>,
    ) -> Methods {
        let caps = sent.iter().flatten().map(|method| method.payment_amount).collect();
        let asked = sent.as_ref().map(|sent| {
            sent.iter().map(|method| asked(app, by, method)).collect::<Vec<MethodAsked>>()
        });
        for (dto, method) in sent.iter_mut().flatten().zip(asked.iter().flatten()) {
            name_profile(dto, method);
        }
        Methods { asked, caps }
    }

    /// Says which request shows the tokens, as a hash: the same one may show them again.
    pub(in crate::operations::clubs) fn shown_by(&mut self, request: u128) {
        let asked = self.asked.iter_mut().flatten();
        let tokens = asked.filter_map(|method| method.profile_token.as_mut());
        tokens.for_each(|token| token.request = request);
    }

    /// The first `ProfileToken` of the list.
    pub(super) fn profile_token(&self) -> Option<ProfileTokenUse> {
        self.asked.iter().flatten().find_map(|method| method.profile_token)
    }

    /// The list with its caps in minor units.
    ///
    /// # Errors
    /// [`domain::refusal::Code::InvalidAmount`]
    pub(super) fn in_currency(
        mut self,
        currency: Currency,
    ) -> Result<Option<Vec<MethodAsked>>, Failure> {
        for (method, cap) in self.asked.iter_mut().flatten().zip(&self.caps) {
            method.cap = cap.map(|cap| minor_units(cap, currency)).transpose()?;
        }
        Ok(self.asked)
    }
}

/// One method as it was sent, but for its cap.
fn asked(app: &App, by: &ClubCaller, method: &PaymentMethodDto) -> MethodAsked {
    let shown = |token: &Option<SecretText>| {
        let text = token.as_ref().map(|token| token.expose().trim().to_owned());
        text.filter(|text| !text.is_empty())
    };
    let acct_token = shown(&method.acct_token).map(|text| {
        let read = app.vault.read_acct_token(&text).filter(|(chain, _)| *chain == by.chain);
        read.map_or(AcctToken { id: NOBODY.0, secret: NOBODY.1 }, |(_, token)| token)
    });
    let profile_token = shown(&method.profile_token).map(|text| {
        let read = app.vault.read_profile_token(&text).filter(|read| read.chain == by.chain);
        let nobody = (NOBODY.0, NOBODY.1, Timestamp::default());
        let read = read.map_or(nobody, |read| (read.id, read.secret, read.expires_at));
        ProfileTokenUse { id: read.0, secret: read.1, expires_at: read.2, request: 0 }
    });
    let profile = method.payment_profile_id.as_deref().map(str::trim);
    let profile = profile.filter(|text| !text.is_empty());
    MethodAsked {
        acct_token,
        profile_token,
        profile: profile.map(|text| text.parse().map_or(NOBODY.0, PaymentProfileId)),
        use_preferred: method.use_preferred.unwrap_or(false),
        cap: None,
        keeps_preference: method.do_not_update_payment_type_preference.unwrap_or(false),
    }
}

fn name_profile(dto: &mut PaymentMethodDto, method: &MethodAsked) {
    let named = [
        method.acct_token.map(|token| format!("account {}", token.id.0)),
        method.profile_token.map(|token| format!("new {}", token.id.0)),
        method.profile.map(|id| id.0.to_string()),
    ];
    let named: Vec<String> = named.into_iter().flatten().collect();
    let payment_profile_id = (!named.is_empty()).then(|| named.join(" and "));
    let (acct_token, profile_token) = (None, None);
    let sent = std::mem::take(dto);
    *dto = PaymentMethodDto { acct_token, profile_token, payment_profile_id, ..sent };
}
