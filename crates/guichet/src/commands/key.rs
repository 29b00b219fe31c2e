//! `guichet key …`: keys of programs that may call.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use domain::api_key::ClubScope;
use domain::catalogue::Principal;
use domain::club::{Chain, ClubStore, Member};
use domain::ids::{ClubStoreId, MemberId, Shard};
use domain::record::Record;
use domain::user::Rights;
use server::access::API_KEY_PREFIX;
use server::access::keys::{NewKey, create, withdraw};
use server::access::signature::{APP_ROLE, ClientSystem, system_id};
use server::access::users::{By, described};
use server::keys::token_key;
use store::{Options, Store};

use crate::installation::{Installation, Place};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a key; it is printed once, on the last line, and stored nowhere. For an app, the lines
    /// before it say with what it signs its requests, which is told as seldom.
    Create(Create),
    /// Show the keys: number, how it begins, name and rights.
    List(List),
    /// Make a key open nothing any more. A program that serves notices within two seconds.
    Withdraw(Withdraw),
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// Whose key it is, for your own lists.
    #[arg(long)]
    name: String,
    /// What it is: Admin, TeamAdmin, MobileApp, Agent, Administrator, or Club with --chain. May be
    /// repeated.
    #[arg(long, value_name = "ROLE", required = true)]
    role: Vec<String>,
    /// What it may: ReadData. May be repeated.
    #[arg(long, value_name = "PERMISSION")]
    permission: Vec<String>,
    /// The slug of an organiser a TeamAdmin acts for, or of an agency of an Agent. May be repeated.
    #[arg(long, value_name = "SLUG")]
    organiser: Vec<String>,
    /// The slug of the chain that a club's program acts for.
    #[arg(long, value_name = "SLUG")]
    chain: Option<String>,
    /// The number of a store of the chain, to limit the key to it. May be repeated.
    #[arg(long, value_name = "NUMBER", requires = "chain")]
    store: Vec<u32>,
    /// The number of a member of the chain, to limit the key to what is theirs.
    #[arg(long, value_name = "NUMBER", requires = "chain")]
    member: Option<u32>,
    #[command(flatten)]
    place: Place,
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
pub(crate) struct Withdraw {
    /// The key's number from `guichet key list`, or its beginning: gk_59c67a94.
    key: String,
    #[command(flatten)]
    place: Place,
}

pub(crate) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Create(arguments) => run_create(arguments).await,
        Command::List(arguments) => run_list(arguments).await,
        Command::Withdraw(arguments) => run_withdraw(arguments).await,
    }
}

async fn run_create(arguments: Create) -> anyhow::Result<ExitCode> {
    let is_app = arguments.role.iter().any(|role| role == APP_ROLE);
    let place = arguments.place.clone();
    let store = match is_app {
        true => open_with_keys(&place).await?,
        false => place.open_or_create("key create").await?,
    };
    let made = make(&store, arguments).await;
    store.close().await?;
    let key = made?;
    if is_app {
        let ClientSystem { id, secret } = ClientSystem::of_key(&key, &token_key(&place.data)?);
        println!("systemId: {id}\nsystemSecret: {}", *secret);
    }
    println!("{key}");
    Ok(ExitCode::SUCCESS)
}

/// The secret that an app signs with comes from the key files, so they must be those with which
/// requests will be checked.
async fn open_with_keys(place: &Place) -> anyhow::Result<Store> {
    let installation = Installation::create(&place.data)?;
    let store = installation.open_node(&place.database, "key create", Options::default()).await?;
    match installation.refuse_lost_keys(&store).await.and_then(|()| Ok(token_key(&place.data)?)) {
        Ok(_) => Ok(store),
        Err(error) => {
            store.close().await?;
            Err(error)
        }
    }
}

async fn make(store: &Store, arguments: Create) -> anyhow::Result<String> {
    let club = club(store, &arguments).await?;
    let key = NewKey {
        club,
        name: arguments.name,
        roles: arguments.role,
        permissions: arguments.permission,
        organisers: organisers(store, &arguments.organiser).await?,
    };
    Ok(create(store, key).await?)
}

/// What the key of a club's program may touch. What it is limited to must be there: a number that
/// was typed wrong would open another store.
async fn club(store: &Store, arguments: &Create) -> anyhow::Result<Option<ClubScope>> {
    let Some(slug) = &arguments.chain else { return Ok(None) };
    let chain = organiser(store, slug).await?;
    let found = store.read::<Chain>(Chain::key_of(chain)).await?;
    anyhow::ensure!(found.is_some(), "\"{slug}\" is no chain of clubs");
    let stores: Vec<_> = arguments.store.iter().copied().map(ClubStoreId).collect();
    for id in &stores {
        let found = store.read::<ClubStore>(ClubStore::key_of(chain, *id)).await?;
        anyhow::ensure!(found.is_some(), "\"{slug}\" has no store {}", id.0);
    }
    let member = arguments.member.map(MemberId);
    if let Some(id) = member {
        let found = store.read::<Member>(Member::key_of(chain, id)).await?;
        anyhow::ensure!(found.is_some(), "\"{slug}\" has no member {}", id.0);
    }
    Ok(Some(ClubScope { chain, stores, member }))
}

async fn run_list(arguments: List) -> anyhow::Result<ExitCode> {
    let store = arguments.place.open_existing("key list").await?;
    let keys = store.principals().await;
    store.close().await?;
    for key in keys? {
        if arguments.json { println!("{}", json(&key)) } else { told(&key) }
    }
    Ok(ExitCode::SUCCESS)
}

async fn run_withdraw(arguments: Withdraw) -> anyhow::Result<ExitCode> {
    let store = arguments.place.open_existing("key withdraw").await?;
    let withdrawn = take_back(&store, &arguments.key).await;
    store.close().await?;
    println!("{}", withdrawn?);
    Ok(ExitCode::SUCCESS)
}

async fn take_back(store: &Store, meant: &str) -> anyhow::Result<String> {
    let keys = store.principals().await?;
    let key = meant_of(&keys, meant)?;
    let (number, name) = (key.id.0, &key.name);
    Ok(match withdraw(store, key, &By::command_line()).await? {
        true => format!("key {number} of {name} opens nothing any more"),
        false => format!("key {number} of {name} was withdrawn before"),
    })
}

/// The one key that is meant. A whole key is looked for by what is kept of its beginning, and is
/// not repeated.
fn meant_of<'k>(keys: &'k [Arc<Principal>], meant: &str) -> anyhow::Result<&'k Principal> {
    if let Ok(number) = meant.parse::<u32>() {
        let key = keys.iter().find(|key| key.id.0 == number);
        return key
            .map(Arc::as_ref)
            .with_context(|| format!("there is no key {number}; see `guichet key list`"));
    }
    let is_beginning = meant.starts_with(API_KEY_PREFIX) && meant.len() > API_KEY_PREFIX.len();
    anyhow::ensure!(
        is_beginning,
        "a key is named by its number or its beginning, as `guichet key list` shows them"
    );
    let is_it =
        |hint: &str| hint.starts_with(meant) || (!hint.is_empty() && meant.starts_with(hint));
    let mut found = keys.iter().filter(|key| is_it(&key.hint));
    let key = found.next().context("there is no key that begins so; see `guichet key list`")?;
    let is_only = found.next().is_none();
    anyhow::ensure!(is_only, "several keys begin so; give the number from `guichet key list`");
    Ok(key)
}

fn told(key: &Principal) {
    let state = if key.active { "active" } else { "withdrawn" };
    let rights = match key.owner {
        Some(user) => format!("as user {}", user.0),
        None => [described(&rights(key)), scope(key)].concat(),
    };
    println!("{}  {:11}  {}  {state}  {rights}", key.id.0, key.hint, key.name);
}

/// What the key of a club's program is limited to, as the end of its line.
fn scope(key: &Principal) -> String {
    let Some(club) = &key.club else { return String::new() };
    let stores = club.stores.iter().map(|store| format!(", store {}", store.0));
    let member = club.member.iter().map(|member| format!(", member {}", member.0));
    format!(", chain {}{}", club.chain.0, stores.chain(member).collect::<String>())
}

fn rights(key: &Principal) -> Rights {
    let Principal { roles, permissions, organisers, .. } = key.clone();
    Rights { roles, permissions, organisers }
}

fn json(key: &Principal) -> serde_json::Value {
    let organisers: Vec<u32> = key.organisers.iter().map(|shard| shard.0).collect();
    let is_app = key.owner.is_none() && key.roles.iter().any(|role| role == APP_ROLE);
    serde_json::json!({
        "id": key.id.0,
        "begins": key.hint,
        "name": key.name,
        "active": key.active,
        "roles": key.roles,
        "permissions": key.permissions,
        "organisers": organisers,
        "chain": key.club.as_ref().map(|club| club.chain.0),
        "stores": key.club.as_ref().map(|club| club.stores.clone()),
        "member": key.club.as_ref().and_then(|club| club.member),
        "user": key.owner.map(|user| user.0),
        "systemId": is_app.then(|| system_id(key.key_id)),
    })
}

/// The shards of organisers, by their slugs.
pub(crate) async fn organisers(store: &Store, slugs: &[String]) -> anyhow::Result<Vec<Shard>> {
    let mut organisers = Vec::new();
    for slug in slugs {
        organisers.push(organiser(store, slug).await?);
    }
    Ok(organisers)
}

async fn organiser(store: &Store, slug: &str) -> anyhow::Result<Shard> {
    for shard in store.sellers().await? {
        let rows = store.catalogue(shard).await?;
        let found = rows
            .records
            .iter()
            .any(|record| matches!(record, Record::Organiser(organiser) if organiser.slug == slug));
        if found {
            return Ok(shard);
        }
    }
    anyhow::bail!("there is no organiser \"{slug}\"; import a catalogue with it first")
}
