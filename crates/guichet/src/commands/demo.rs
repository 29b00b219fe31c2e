//! `guichet demo`: clubs, a season and a key in a folder, and a server to order from.

mod admin;
mod client;
mod season;
mod shops;
mod tour;

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use domain::ids::Shard;
use domain::time::Timestamp;
use server::access::keys::{NewKey, create};
use server::catalogue::{Catalogue, file, import};
use store::{Clock as _, Store, SystemClock};

use self::client::Client;
use self::shops::{Offers, Shops};
use super::serve::{Server, Settings};
use crate::installation::{DatabaseArguments, Installation};

/// The key that the printed lines use, kept so that they work after a restart.
const KEY_FILE: &str = "demo.key";

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The demo's folder; made if it is not there, kept for the next time.
    #[arg(long, value_name = "FOLDER", default_value = "guichet-demo")]
    data: PathBuf,
    /// Plays one season day over HTTP, tells it here, shows the books, and ends.
    #[arg(long)]
    tour: bool,
    #[command(flatten)]
    settings: Settings,
}

pub(crate) async fn run(mut arguments: Arguments) -> anyhow::Result<ExitCode> {
    let installation = Installation::create(&arguments.data)?;
    arguments.settings.mail = arguments.settings.mail.or_demo_folder(&installation.folder);
    arguments.settings.sms = arguments.settings.sms.or_test_mode();
    arguments.settings.start_log();
    let options = arguments.settings.store_options();
    let listener = arguments.settings.listen().await?;
    let store = installation.open(&DatabaseArguments::default(), "demo", options).await?;
    let server = Server::start(&installation, listener, store, &arguments.settings).await?;
    let store = &server.running.app.store;
    let now = SystemClock.now();
    prepare(store, now).await?;
    let shops = Shops::import(store).await?;
    let key = key(store, &installation.folder).await?;
    let password = admin::password(store, &installation.folder).await?;
    if arguments.tour {
        return tour(server, &key, shops).await;
    }
    let first = first_offer(&Catalogue::new(store.clone()), now).await?;
    server.announce()?;
    let address = server.address;
    let show = async {
        let offers = shops.open(&Client::new(address, &key)).await?;
        let address = address.to_string();
        let shown = lines(&address, (&key, &password), &first, &arguments.data);
        let more = more_lines(&address, &key, &shops, &offers);
        std::io::stdout().lock().write_all([shown, more].concat().as_bytes())?;
        anyhow::Ok(())
    };
    tokio::try_join!(server.run(), show)?;
    Ok(ExitCode::SUCCESS)
}

/// Plays the tour beside the server, and ends with it.
async fn tour(server: Server, key: &str, shops: Shops) -> anyhow::Result<ExitCode> {
    let (address, store) = (server.address, server.running.app.store.clone());
    let (ended, stop) = tokio::sync::oneshot::channel::<()>();
    let serving = server.run_until(async { drop(stop.await) });
    let play = async {
        let played = tour::play(address, key, shops, &store).await;
        drop(ended);
        played
    };
    let ((), played) = tokio::join!(serving, play);
    played
}

/// Brings the season in, once.
async fn prepare(store: &Store, now: Timestamp) -> anyhow::Result<()> {
    if store.sellers().await?.iter().any(|shard| *shard != Shard::HOUSE) {
        return Ok(());
    }
    let season = file::parse(&season::catalogue(now)).map_err(anyhow::Error::msg)?;
    import::import(store, &season).await?;
    Ok(())
}

async fn key(store: &Store, folder: &Path) -> anyhow::Result<String> {
    let path = folder.join(KEY_FILE);
    if let Ok(key) = fs::read_to_string(&path) {
        return Ok(key.trim().to_owned());
    }
    let new = NewKey {
        name: "demo box office".into(),
        roles: vec!["Admin".into()],
        permissions: vec!["ReadData".into()],
        organisers: Vec::new(),
        club: None,
    };
    let key = create(store, new).await?;
    let mut options = fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&path)?;
    writeln!(file, "{key}").with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(key)
}

/// What the printed lines order.
struct FirstOffer {
    event: u32,
    name: String,
    ticket_type: u32,
    price: String,
}

async fn first_offer(catalogue: &Catalogue, now: Timestamp) -> anyhow::Result<FirstOffer> {
    let sellers = catalogue.sellers().await?;
    let offers = sellers.iter().flat_map(|seller| seller.offers.values());
    let open = offers.filter(|offer| offer.open_for_sale(now).is_ok());
    let next = open.min_by_key(|offer| (offer.event.starts_at, offer.event.id));
    let next = next.context("the demo's season is over; delete its folder and start again")?;
    let own = next.ticket_types.iter().find(|kind| kind.organiser.is_some() && kind.price > 0);
    let own = own.context("the demo's event has no ticket type of its club")?;
    let row = next.event.prices.iter().find(|row| row.ticket_type == own.id);
    let price = row.and_then(|row| row.price).unwrap_or(own.price);
    Ok(FirstOffer {
        event: next.event.id.0,
        name: next.event.name.clone(),
        ticket_type: own.id.0,
        price: domain::money::Money::new(price, next.event.currency).text(),
    })
}

/// What a person can paste into a second terminal.
fn lines(
    address: &str,
    (key, password): (&str, &str),
    first: &FirstOffer,
    folder: &Path,
) -> String {
    let folder = folder.display();
    let curl = format!("curl -s -H 'Authorization: Bearer {key}'");
    let (json, jsv) = (json_body(first), jsv_body(first));
    let (name, user) = (&first.name, admin::NAME);
    format!(
        r#"
Everything is in {folder}; delete that folder to begin anew. Ctrl-C stops the demo.
Cards: 4242424242424242 pays, 4000000000000002 is declined; any CVC, any later month.
In a browser: http://{address}/ui, signed in as {user} with the password {password}

What can be ordered:

  {curl} http://{address}/events.json

Order one ticket for {name}, in JSON:

  {curl} http://{address}/ticketOrder \
    -H 'Accept: application/json' -H 'Content-Type: application/json' \
    -d '{json}'

The same in JSV:

  {curl} http://{address}/ticketOrder \
    -H 'Accept: text/jsv' -H 'Content-Type: text/jsv' \
    -d '{jsv}'

Ask what became of an order, with the ticketTokenId of its answer:

  {curl} 'http://{address}/ticketOrder/status.json?ticketTokenId=TOKEN'

"#
    )
}

/// What an agency's customer and a club can do.
fn more_lines(address: &str, key: &str, shops: &Shops, offers: &Offers) -> String {
    let payment_page = &offers.payment_page;
    let sale = sale_body(shops, offers);
    format!(
        r#"Pay an order of an agency as its customer, in a browser:

  {payment_page}

Sell a year at a club to a member with a card on file:

  curl -s -H 'Authorization: Bearer {key}' http://{address}/clubs/sales/contract/sold \
    -H 'Accept: application/json' -H 'Content-Type: application/json' \
    -d '{sale}'

"#
    )
}

fn sale_body(shops: &Shops, offers: &Offers) -> String {
    let Shops { chain, store, package, .. } = shops;
    let Offers { member, due, .. } = offers;
    [
        format!(r#"{{"ChainId":{chain},"StoreId":{store},"MemberId":{member},"#),
        format!(r#""PackageId":{package},"PaymentAmount":{due}}}"#),
    ]
    .concat()
}

fn json_body(first: &FirstOffer) -> String {
    let FirstOffer { event, ticket_type, price, .. } = first;
    [
        format!(r#"{{"order":{{"eventId":{event},"paymentMethodId":"card"}},"#),
        format!(r#""orderDetails":[{{"eventSeriesOwnerTicketType":{ticket_type},"count":1}}],"#),
        r#""cardInfo":{"paymentMethod":{"paymentType":"Card","pan":"4242424242424242","#.into(),
        r#""expYear":"2032","expMonth":"12","cvc":"123"},"#.into(),
        format!(r#""amount":{price},"currency":"ISK"}}}}"#),
    ]
    .concat()
}

fn jsv_body(first: &FirstOffer) -> String {
    let FirstOffer { event, ticket_type, price, .. } = first;
    [
        format!("{{order:{{eventId:{event},paymentMethodId:card}},"),
        format!("orderDetails:[{{eventSeriesOwnerTicketType:{ticket_type},count:1}}],"),
        "cardInfo:{paymentMethod:{paymentType:Card,pan:4242424242424242,".into(),
        "expYear:2032,expMonth:12,cvc:123},".into(),
        format!("amount:{price},currency:ISK}}}}"),
    ]
    .concat()
}
