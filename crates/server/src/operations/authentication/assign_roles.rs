//! `/assignroles` and `/unassignroles`: an Admin gives rights to a user and takes them away.

use std::sync::Arc;

use contract::authentication::assign_roles::{
    AssignRoles, AssignRolesResponse, UnAssignRoles, UnAssignRolesResponse,
};
use domain::user::{Rights, User, UserChange};
use service::matched::Matched;
use service::reply::Reply;
use service::status::ServiceError;

use super::super::Call;
use super::needed;
use crate::access::admit::Refused;
use crate::access::users::change;
use crate::app::App;

/// Serves `AssignRoles`.
pub(super) async fn assign(
    app: &App,
    matched: &Matched<'_, '_>,
    call: &Call<'_>,
) -> Result<Reply, Refused> {
    let request = matched.bind::<AssignRoles>()?;
    let rights = rights(request.roles, request.permissions);
    let name = request.user_name.as_deref();
    let user = changed(app, call, name, UserChange::Grant(rights)).await?;
    let response = AssignRolesResponse {
        all_roles: Some(user.rights.roles.clone()),
        all_permissions: Some(user.rights.permissions.clone()),
        ..AssignRolesResponse::default()
    };
    Ok(matched.reply(&response, 200))
}

/// Serves `UnAssignRoles`.
pub(super) async fn un_assign(
    app: &App,
    matched: &Matched<'_, '_>,
    call: &Call<'_>,
) -> Result<Reply, Refused> {
    let request = matched.bind::<UnAssignRoles>()?;
    let rights = rights(request.roles, request.permissions);
    let name = request.user_name.as_deref();
    let user = changed(app, call, name, UserChange::Revoke(rights)).await?;
    let response = UnAssignRolesResponse {
        all_roles: Some(user.rights.roles.clone()),
        all_permissions: Some(user.rights.permissions.clone()),
        ..UnAssignRolesResponse::default()
    };
    Ok(matched.reply(&response, 200))
}

fn rights(roles: Option<Vec<String>>, permissions: Option<Vec<String>>) -> Rights {
    let (roles, permissions) = (roles.unwrap_or_default(), permissions.unwrap_or_default());
    Rights { roles, permissions, organisers: Vec::new() }
}

async fn changed(
    app: &App,
    call: &Call<'_>,
    name: Option<&str>,
    what: UserChange,
) -> Result<Arc<User>, Refused> {
    let name = needed("UserName", name)?;
    let Some(user) = app.store.user_named(name).await? else {
        return Err(ServiceError::new(404, "UserNotFound", "There is no such user.").into());
    };
    let user = change(&app.store, &user, what, &call.by()).await?;
    app.access.forget_user(user.id);
    Ok(user)
}
