//! What members of clubs pay with (`payments.md` §4.3): the vault, import, and the list of what is
//! on file.

mod add;
mod balance;
mod import;
mod list;
mod prefer;
mod remove;
mod shown;
mod vault;

use contract::clubs::profiles as declared;
use domain::audit::{AuditEvent, AuditNote};
use domain::club::Member;
use domain::ids::{MemberId, PaymentProfileId, Shard};
use domain::profile::{PaymentProfile, ProfileTokenUse, Wallet};
use domain::refusal::{Code, Refusal};
use service::types::SecretText;

use super::caller::{Asked, ClubCaller, club_caller};
use crate::app::App;
use crate::operations::Call;
use crate::operations::event_presentation::int;
use crate::operations::family::Failure;
use crate::operations::handlers::{Handler, handler};
use crate::operations::office;

/// What serves these operations.
pub(in crate::operations) static HANDLERS: &[Handler] = &[
    handler!(declared::vault::VAULT_PAYMENT_PROFILE, vault::serve),
    handler!(declared::import::IMPORT_PAYMENT_PROFILE, import::serve),
    handler!(declared::add::ADD_MEMBER_PAYMENT_PROFILE, add::serve),
    handler!(declared::list::MEMBER_PAYMENT_PROFILES, list::serve),
    handler!(declared::balance::PAYMENT_PROFILE_BALANCE, balance::serve),
    handler!(declared::prefer::PREFER_PAYMENT_PROFILE, prefer::serve),
    handler!(declared::remove::REMOVE_PAYMENT_PROFILE, remove::serve),
];

/// Says where a request of this family says who calls.
macro_rules! asked {
    ($request:expr, $operation:literal) => {
        $crate::operations::clubs::caller::Asked {
            operation: $operation,
            api_key: $request.api_key.as_ref(),
            chain_id: $request.chain_id,
            restricted_id: $request.restricted_id,
            restricted_type: $request.restricted_resource_type,
        }
    };
}
pub(super) use asked;

/// A member whose means of paying a caller may touch.
struct Holder {
    by: ClubCaller,
    member: MemberId,
}

impl Holder {
    async fn find(
        app: &App,
        call: &Call<'_>,
        asked: &Asked<'_>,
        member: i32,
    ) -> Result<Holder, Failure> {
        let by = club_caller(app, call, asked).await?;
        let member = by.member(member)?;
        check_store(app, &by, member).await?;
        Ok(Holder { by, member })
    }

    fn chain(&self) -> Shard {
        self.by.chain
    }

    /// The profile of a number that a request names, as the member has it.
    async fn profile(&self, app: &App, id: PaymentProfileId) -> Result<shown::OnFile, Failure> {
        let on_file = on_file(app, self.chain(), self.member).await?;
        on_file.into_iter().find(|known| known.profile.id == id).ok_or_else(|| no_profile().into())
    }
}

/// A caller that is limited to stores may touch what members of those stores have on file.
pub(super) async fn check_store(
    app: &App,
    by: &ClubCaller,
    member: MemberId,
) -> Result<(), Failure> {
    let known = app.store.read::<Member>(Member::key_of(by.chain, member)).await?;
    let message = "This chain has no such member.";
    let known = known.ok_or_else(|| Refusal::new(Code::MemberNotFound, message))?;
    by.store(int(known.store.0))?;
    Ok(())
}

/// What the member has on file and can be shown, the oldest first.
async fn on_file(app: &App, chain: Shard, member: MemberId) -> Result<Vec<shown::OnFile>, Failure> {
    let wallet = app.store.read::<Wallet>(Wallet::key_of(chain, member)).await?;
    let Some(wallet) = wallet else { return Ok(Vec::new()) };
    let keys = wallet.profiles.iter().map(|id| PaymentProfile::key_of(chain, *id)).collect();
    let now = app.clock.now();
    let known = app.store.read_all::<PaymentProfile>(keys).await?;
    let here = known.into_iter().filter(|profile| !profile.is_gone(now));
    Ok(here
        .map(|profile| {
            let is_preferred = wallet.preferred == Some(profile.id);
            shown::OnFile { profile, is_preferred }
        })
        .collect())
}

/// The number of a profile, which is a text in these contracts.
pub(super) fn number(text: Option<&str>) -> Result<PaymentProfileId, Refusal> {
    let number = text.map(str::trim).and_then(|text| text.parse().ok());
    number.map(PaymentProfileId).ok_or_else(no_profile)
}

/// What a `ProfileToken` says, if it was made here for this chain. `request` is the hash of the
/// request that shows it: the same one may show it again.
///
/// # Errors
/// [`Code::ProfileTokenInvalid`]
fn profile_token(
    app: &App,
    chain: Shard,
    token: Option<&SecretText>,
    request: u128,
) -> Result<ProfileTokenUse, Refusal> {
    let text = token.map(SecretText::expose).unwrap_or_default();
    let read = app.vault.read_profile_token(text).filter(|read| read.chain == chain);
    let read = read.ok_or_else(|| {
        let message = "This is no ProfileToken of this chain; leave the card with the vault first.";
        Refusal::new(Code::ProfileTokenInvalid, message)
    })?;
    Ok(ProfileTokenUse { id: read.id, secret: read.secret, expires_at: read.expires_at, request })
}

/// What the audit tells of a change by this caller.
pub(super) fn note(call: &Call<'_>, by: &ClubCaller, event: AuditEvent, detail: &str) -> AuditNote {
    AuditNote { by: by.caller.name.clone(), ..office::audit(call, event, detail) }
}

fn no_profile() -> Refusal {
    let message = "The member has no such means of paying; list them and name one of those.";
    Refusal::new(Code::AcctTokenInvalid, message)
}
