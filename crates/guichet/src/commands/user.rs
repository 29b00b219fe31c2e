//! `guichet user …`: people who sign in.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use domain::user::{Rights, User, UserChange};
use server::access::password::{self as policy, PasswordCost, Passwords};
use server::access::users::{By, NewAccount, change, create, described};
use store::Store;

use super::key::organisers;
use crate::installation::Place;
use crate::password;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a user; the password is asked for, or read from standard input.
    Add(Add),
    /// Show the users.
    List(List),
    /// Give a user another password, and end all its sessions and tokens.
    Password(Named),
    /// Give a user exactly these rights.
    Roles(Roles),
    /// Let a user no longer sign in, and end all its sessions and tokens.
    Lock(Named),
    /// Let a user sign in again, and forget wrong passwords.
    Unlock(Named),
    /// Remove a user; its name is free again.
    Remove(Named),
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The name to sign in with.
    #[arg(long)]
    name: String,
    /// The e-mail address, which signs in as well.
    #[arg(long)]
    email: Option<String>,
    /// Given name.
    #[arg(long)]
    first_name: Option<String>,
    /// Family name.
    #[arg(long)]
    last_name: Option<String>,
    /// How others see the user.
    #[arg(long)]
    display_name: Option<String>,
    #[command(flatten)]
    rights: RightsArguments,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
struct RightsArguments {
    /// What it is: Admin, TeamAdmin, MobileApp, Agent, Administrator. May be repeated.
    #[arg(long, value_name = "ROLE")]
    role: Vec<String>,
    /// What it may: ReadData. May be repeated.
    #[arg(long, value_name = "PERMISSION")]
    permission: Vec<String>,
    /// The slug of an organiser a TeamAdmin acts for. May be repeated.
    #[arg(long, value_name = "SLUG")]
    organiser: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct Named {
    /// The user name or e-mail address.
    name: String,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct Roles {
    /// The user name or e-mail address.
    name: String,
    #[command(flatten)]
    rights: RightsArguments,
    #[command(flatten)]
    place: Place,
}

pub(crate) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Add(arguments) => add(arguments).await,
        Command::List(arguments) => list(arguments).await,
        Command::Password(named) => set_password(named).await,
        Command::Roles(arguments) => set_roles(arguments).await,
        Command::Lock(named) => changed(named, "lock", UserChange::Lock).await,
        Command::Unlock(named) => changed(named, "unlock", UserChange::Unlock).await,
        Command::Remove(named) => changed(named, "remove", UserChange::Remove).await,
    }
}

async fn add(arguments: Add) -> anyhow::Result<ExitCode> {
    let password = password::read()?;
    policy::check(&password).map_err(anyhow::Error::msg)?;
    let store = arguments.place.open_or_create("user add").await?;
    let made = async {
        let rights = arguments.rights.read(&store).await?;
        let account = NewAccount {
            name: Some(arguments.name),
            email: arguments.email,
            first_name: arguments.first_name,
            last_name: arguments.last_name,
            display_name: arguments.display_name,
            password,
            rights,
        };
        let passwords = Passwords::new(PasswordCost::SAFE);
        anyhow::Ok(create(&store, &passwords, account, &By::command_line()).await?)
    };
    let made = made.await;
    store.close().await?;
    told(&*made?);
    Ok(ExitCode::SUCCESS)
}

async fn set_password(named: Named) -> anyhow::Result<ExitCode> {
    let password = password::read()?;
    policy::check(&password).map_err(anyhow::Error::msg)?;
    let hash = Passwords::new(PasswordCost::SAFE).hash(password).await?;
    changed(named, "password", UserChange::Password(hash)).await
}

async fn set_roles(arguments: Roles) -> anyhow::Result<ExitCode> {
    let store = arguments.place.open_existing("user roles").await?;
    let made = async {
        let rights = arguments.rights.read(&store).await?;
        one(&store, &arguments.name, UserChange::Rights(rights)).await
    };
    let made = made.await;
    store.close().await?;
    told(&*made?);
    Ok(ExitCode::SUCCESS)
}

async fn changed(named: Named, command: &str, what: UserChange) -> anyhow::Result<ExitCode> {
    let store = named.place.open_existing(&format!("user {command}")).await?;
    let made = one(&store, &named.name, what).await;
    store.close().await?;
    told(&*made?);
    Ok(ExitCode::SUCCESS)
}

async fn one(store: &Store, name: &str, what: UserChange) -> anyhow::Result<Arc<User>> {
    let user = store.user_named(name).await?;
    let user = user.with_context(|| format!("there is no user \"{name}\""))?;
    Ok(change(store, &user, what, &By::command_line()).await?)
}

async fn list(arguments: List) -> anyhow::Result<ExitCode> {
    let store = arguments.place.open_existing("user list").await?;
    let users = store.users().await;
    store.close().await?;
    for user in users?.iter().filter(|user| !user.is_removed()) {
        if arguments.json { println!("{}", json(user)) } else { told(user) }
    }
    Ok(ExitCode::SUCCESS)
}

fn told(user: &User) {
    let state = match (user.is_removed(), user.active) {
        (true, _) => "removed",
        (false, true) => "active",
        (false, false) => "locked",
    };
    println!("{}  {}  {state}  {}", user.id.0, user.name, described(&user.rights));
}

fn json(user: &User) -> serde_json::Value {
    let organisers: Vec<u32> = user.rights.organisers.iter().map(|shard| shard.0).collect();
    serde_json::json!({
        "id": user.id.0,
        "name": user.name,
        "email": user.email,
        "active": user.active,
        "roles": user.rights.roles,
        "permissions": user.rights.permissions,
        "organisers": organisers,
        "sessions": user.sessions.len(),
    })
}

impl RightsArguments {
    async fn read(&self, store: &Store) -> anyhow::Result<Rights> {
        Ok(Rights {
            roles: self.role.clone(),
            permissions: self.permission.clone(),
            organisers: organisers(store, &self.organiser).await?,
        })
    }
}
