//! `/members`: who buys at clubs.

use std::sync::Arc;

use contract::clubs::members::{
    FindMembers, FindMembersResponse, MemberDto, SaveMember, SaveMemberResponse,
};
use document::{MAIL_ADDRESS_LENGTH_MAX, MailAddress};
use domain::audit::AuditEvent;
use domain::club::{self, Member, MemberDetails};
use domain::ids::Shard;
use domain::phone::PhoneNumber;
use domain::record::{Kind, word};
use domain::refusal::{Code, Refusal};
use service::matched::Matched;
use service::reply::Reply;
use service::status::FieldError;

use super::answer::answer;
use super::caller::{ClubCaller, club_caller};
use crate::app::App;
use crate::operations::event_presentation::{int, utc};
use crate::operations::family::{Failure, wrong};
use crate::operations::{Call, office};
use crate::text;

/// The most members that one question finds.
const FOUND_MAX: u32 = 100;

/// The most members of all chains with one e-mail address that are looked at.
const EMAIL_FOUND_MAX: u32 = 10_000;

/// The longest name, in characters.
const NAME_LENGTH_MAX: usize = 100;

/// The longest text of any other member, in characters.
const TEXT_LENGTH_MAX: usize = 255;

/// Serves `FindMembers`.
pub(super) async fn serve_find(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(matched, async |request| find(app, call, &request).await).await
}

async fn find(
    app: &App,
    call: &Call<'_>,
    request: &FindMembers,
) -> Result<FindMembersResponse, Failure> {
    let by = club_caller(app, call, &super::asked!(request, "FindMembers")).await?;
    let members = match request.member_id.filter(|number| *number != 0) {
        Some(number) => {
            let id = by.member(number)?;
            let member = app.store.read::<Member>(Member::key_of(by.chain, id)).await?;
            vec![member.ok_or_else(|| club::no_member(id))?]
        }
        None => by_word(app, &by, request).await?,
    };
    let shown = members.iter().filter(|member| may_see(&by, member)).map(|member| shown(member));
    Ok(FindMembersResponse { members: Some(shown.collect()) })
}

async fn by_word(
    app: &App,
    by: &ClubCaller,
    request: &FindMembers,
) -> Result<Vec<Arc<Member>>, Failure> {
    by.any_member()?;
    let mut problems = Vec::new();
    let told = details(&request.phone, &request.email, &mut problems);
    if told.phone.is_none() && told.email.is_none() && problems.is_empty() {
        problems.push(wrong("MemberId", "Say whom: MemberId, Phone or Email."));
    }
    if !problems.is_empty() {
        return Err(Failure::invalid(problems));
    }
    let phone = told.phone.map(|phone| word("phone", &phone));
    let email = told.email.map(|email| Member::word_of_email(&email));
    let Some(first) = phone.or(email) else { return Ok(Vec::new()) };
    let found = app.store.find(first, FOUND_MAX).await?;
    let keys = found.into_iter().filter(|key| key.kind == Kind::Member && key.shard == by.chain);
    let mut members = app.store.read_all::<Member>(keys.collect()).await?;
    members.retain(|member| {
        let words = member.words();
        [phone, email].into_iter().flatten().all(|word| words.contains(&word))
    });
    members.sort_by_key(|member| member.id);
    Ok(members)
}

/// Whether a member of the chain has this e-mail address, in whatever case it is written.
pub(super) async fn is_known(
    app: &App,
    chain: Shard,
    email: Option<&str>,
) -> Result<bool, Failure> {
    let Some(word) = email.map(Member::word_of_email) else { return Ok(false) };
    // The finder knows members of all chains.
    let found = app.store.find(word, EMAIL_FOUND_MAX).await?;
    Ok(found.iter().any(|key| key.kind == Kind::Member && key.shard == chain))
}

/// A caller that is limited to stores sees the members of those.
fn may_see(by: &ClubCaller, member: &Member) -> bool {
    by.store(int(member.store.0)).is_ok()
}

/// Serves `SaveMember`.
pub(super) async fn serve_save(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(matched, async |request| save(app, call, &request).await).await
}

async fn save(
    app: &App,
    call: &Call<'_>,
    request: &SaveMember,
) -> Result<SaveMemberResponse, Failure> {
    let by = club_caller(app, call, &super::asked!(request, "SaveMember")).await?;
    let reason = office::reason("Reason", request.reason.as_deref())?.unwrap_or_default();
    let named = request.member_id.filter(|number| *number != 0);
    let member = match named {
        Some(number) => Some(by.member(number)?),
        None => by.any_member().map(|()| None)?,
    };
    let details = read(&by, request)?;
    if let Some(id) = member {
        let known = app.store.read::<Member>(Member::key_of(by.chain, id)).await?;
        let known = known.ok_or_else(|| club::no_member(id))?;
        by.store(int(known.store.0))?;
        check_own(&by, &known, &details)?;
    }
    let note = super::note(call, &by, AuditEvent::MemberSaved, &reason);
    let command = club::SaveMember { shard: by.chain, member, details, note };
    let member = app.store.submit(command).await?;
    Ok(SaveMemberResponse { member: Some(shown(&member)) })
}

/// A caller that is limited to one member speaks for them, not for the club: whether they may buy,
/// and at which store they are a member, is not theirs to say.
fn check_own(by: &ClubCaller, known: &Member, told: &MemberDetails) -> Result<(), Refusal> {
    let is_kept = told.active.is_none_or(|active| active == known.active)
        && told.store.is_none_or(|store| store == known.store);
    if is_kept || by.any_member().is_ok() {
        return Ok(());
    }
    let message = "This key is limited to one member, so it may change neither IsActive nor \
                   StoreId; a key of the chain or of the store may.";
    Err(Refusal::new(Code::RestrictedScopeDenied, message))
}

/// What is told of a member, checked.
pub(super) fn read(by: &ClubCaller, request: &SaveMember) -> Result<MemberDetails, Failure> {
    let mut problems = Vec::new();
    let told = details(&request.phone, &request.email, &mut problems);
    let mut line = |value: &Option<String>, length_max: usize, field: &str| {
        text::kept_line(value.as_deref(), length_max).unwrap_or_else(|message| {
            problems.push(wrong(field, message));
            None
        })
    };
    let name = line(&request.name, NAME_LENGTH_MAX, "Name");
    let external_id = line(&request.external_id, TEXT_LENGTH_MAX, "ExternalId");
    if request.member_id.is_none_or(|number| number == 0) {
        if name.is_none() {
            problems.push(wrong("Name", "A new member needs a name."));
        }
        if request.store_id.is_none() {
            problems.push(wrong("StoreId", "A new member needs a store."));
        }
    }
    if !problems.is_empty() {
        return Err(Failure::invalid(problems));
    }
    let store = request.store_id.map(|number| by.store(number)).transpose()?;
    Ok(MemberDetails { store, name, external_id, active: request.is_active, ..told })
}

/// How somebody is reached, as far as it is told.
fn details(
    phone: &Option<String>,
    email: &Option<String>,
    problems: &mut Vec<FieldError>,
) -> MemberDetails {
    let told = phone.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let number = told.and_then(PhoneNumber::parse);
    if told.is_some() && number.is_none() {
        problems.push(wrong("Phone", "It is no phone number."));
    }
    let email = text::kept_line(email.as_deref(), MAIL_ADDRESS_LENGTH_MAX);
    let email = email.and_then(|email| match email.as_deref().map(MailAddress::parse) {
        Some(Err(error)) => Err(error.to_string()),
        _ => Ok(email),
    });
    let email = email.unwrap_or_else(|message| {
        problems.push(wrong("Email", message));
        None
    });
    let phone = number.map(|number| number.text().to_owned());
    MemberDetails { phone, email, ..MemberDetails::default() }
}

fn shown(member: &Member) -> MemberDto {
    MemberDto {
        member_id: int(member.id.0),
        store_id: int(member.store.0),
        name: Some(member.name.clone()),
        email: member.email.clone(),
        phone: member.phone.clone(),
        external_id: member.external_id.clone(),
        is_active: member.active,
        created_utc: utc(member.created_at),
        changed_utc: utc(member.changed_at),
    }
}
