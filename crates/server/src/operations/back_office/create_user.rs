//! `POST /login/create`: an Admin with the right to makes a user.

use contract::back_office::create_user::{CreateUserRequest, CreateUserRequestResult};
use domain::user::Rights;
use service::matched::Matched;
use service::reply::Reply;
use wire::SecretText;
use zeroize::Zeroizing;

use super::fields::Fields;
use crate::access::users::{AccountError, NewAccount, create};
use crate::app::App;
use crate::operations::Call;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::family::{Failure, wrong};

/// The most organisers that one user acts for.
const ORGANISERS_MAX: usize = 50;

answers!(CreateUserRequestResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| make(app, call, &request).await).await
}

async fn make(
    app: &App,
    call: &Call<'_>,
    request: &CreateUserRequest,
) -> Result<CreateUserRequestResult, Failure> {
    let ids = request.event_owner_ids.as_deref().unwrap_or_default();
    let mut fields = Fields::default();
    if ids.len() > ORGANISERS_MAX {
        fields.wrong("EventOwnerIds", format!("{ORGANISERS_MAX} at most."));
    }
    let organisers = fields.organisers("EventOwnerIds", ids, &app.store.sellers().await?);
    fields.finish()?;
    let password = request.password.as_ref().map(SecretText::expose).unwrap_or_default();
    let rights = Rights {
        roles: request.roles.clone().unwrap_or_default(),
        permissions: request.permissions.clone().unwrap_or_default(),
        organisers,
    };
    let account = NewAccount {
        name: request.user_name.clone(),
        email: request.email.clone(),
        first_name: request.first_name.clone(),
        last_name: request.last_name.clone(),
        display_name: request.display_name.clone(),
        password: Zeroizing::new(password.to_owned()),
        rights,
    };
    let created = create(&app.store, &app.access.passwords, account, &call.by()).await;
    let user = created.map_err(why)?;
    Ok(CreateUserRequestResult {
        user_id: Some(user.id.0.to_string()),
        user_name: Some(user.name.clone()),
        ..ok()
    })
}

fn why(error: AccountError) -> Failure {
    match error {
        AccountError::Invalid { field, message } => Failure::invalid(vec![wrong(field, message)]),
        AccountError::Empty { field } => Failure::invalid(vec![wrong(field, "It is needed.")]),
        AccountError::Busy(_) => Failure::overloaded(),
        AccountError::Store(error) => error.into(),
    }
}
