//! An order of a team pass (`domain.md` §3.1 `teamPass`).

use std::sync::Arc;

use contract::ticket_order::TicketOrderResult;
use domain::catalogue::Organiser;
use domain::facts::Key;
use domain::ids::{NumberKind, PassTypeId};
use domain::pass::PassType;
use domain::record::Kind;
use domain::refusal::{Code, Refusal};
use domain::sale::{PlacePass, Tender};
use service::types::Decimal;

use super::presentation::View;
use super::{Asked, again};
use crate::money::guard;
use crate::operations::family::Failure;
use crate::operations::payment::Parties;

/// Places the order and drives it; answers with the ticket that stands for it.
pub(super) async fn order(
    asked: &Asked<'_>,
    pass_type: PassTypeId,
    price: Decimal,
) -> Result<TicketOrderResult, Failure> {
    let app = asked.app;
    let not_found = || Refusal::new(Code::TeamPassNotValid, "There is no such team pass to buy.");
    let shard = app.store.shard_of(NumberKind::PassType, pass_type.0).await?;
    let shard = shard.ok_or_else(not_found)?;
    let kind = app.store.read::<PassType>(PassType::key_of(shard, pass_type)).await?;
    let kind = kind.ok_or_else(not_found)?;
    asked.check_scope(shard)?;
    let club: Option<Arc<Organiser>> =
        app.store.read(Key::number(shard, Kind::Organiser, 0)).await?;
    let club = club.ok_or_else(not_found)?;
    let claimed = asked.intake.claimed.locate(app, asked.call, shard).await?;
    let place = app.till.place().ok_or_else(Failure::overloaded)?;
    let phone = asked.origin.proved_number();
    let parties = Parties { organiser: &club, phone, for_proof: false };
    let (source, named) = asked.payment(&parties).await?;
    let guards = named.guards(kind.currency)?;
    let command = PlacePass {
        shard,
        pass_type,
        price_guard: guard(price, kind.currency)?,
        buyer: asked.intake.buyer.clone(),
        tender: Tender {
            instrument: named.instrument,
            credit: claimed.credit,
            total_guard: guards.total,
            currency_guard: guards.currency.or(asked.intake.currency_guard),
        },
        secret: app.secret()?,
        marks: {
            let repeatable = asked.repeatable(source.as_ref());
            repeatable.marks(asked.origin.signature.as_ref(), shard).await?
        },
    };
    match app.till.order(place, command, source).await {
        Ok(sale) => Ok(asked.result(&sale, View::of(app, &sale, None))),
        Err(refused) => Err(again(*refused).err().unwrap_or_else(Failure::overloaded)),
    }
}
