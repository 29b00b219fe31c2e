//! Every operation, every kind of caller, compared with the roles that the pages publish.

use serde_json::json;
use server::access::keys::{NewKey, create, withdraw};
use server::access::users::By;
use server::http::HttpOptions;

use crate::client::Request;
use crate::people::{PASSWORD, change_elsewhere, rights, sign_in, user};
use crate::shop::{Shop, until};
use domain::user::UserChange;

/// Who may call: any of the roles, with the permission.
#[derive(Clone, Copy)]
enum Published {
    Open,
    SignedIn,
    Roles(&'static [&'static str], Option<&'static str>),
}
use Published::{Open, Roles, SignedIn};

const AGENTS: Published = Roles(&["Agent", "Administrator"], None);
const ADMINISTRATORS: Published = Roles(&["Administrator"], None);
const OFFICE: Published = Roles(&["Admin", "TeamAdmin"], None);
const SCANNERS: Published = Roles(&["Admin", "TeamAdmin", "Gate"], Some("ReadData"));
const CARD_OFFICE: Published = Roles(&["Admin", "TeamAdmin"], Some("ReadData"));
const SELLERS: Published = Roles(&["Admin", "TeamAdmin", "MobileApp"], Some("ReadData"));

/// As the five pages say; the siblings as `domain.md` §1.4 and §8 say. What answers strangers in
/// its own way (`Authenticate`, `Register`, `GetAccessToken`) is tested in `sign_in` and `tokens`.
const PUBLISHED: &[(&str, &str, Published)] = &[
    ("POST", "OwnerCardsOrderRequest", SELLERS),
    ("GET", "OwnerCardsOrderStatus", SELLERS),
    ("GET", "GetOwnerCardType", SELLERS),
    ("GET", "OwnerCardTypes", SELLERS),
    ("GET", "GetOwnerCards", SELLERS),
    ("GET", "SearchOwnerCards", CARD_OFFICE),
    ("PUT", "UpdateOwnerCard", CARD_OFFICE),
    ("POST", "EventOwnerGiveAwayCards", CARD_OFFICE),
    ("POST", "RefundOwnerCard", CARD_OFFICE),
    ("POST", "TicketOrder", SELLERS),
    ("POST", "TransferTicketToEventRequest", CARD_OFFICE),
    ("POST", "TransferTicketQuoteRequest", CARD_OFFICE),
    ("GET", "TransferTicketTopupSessionRequest", Open),
    ("POST", "StartTopup3DSecureRequest", Open),
    ("POST", "PayTopupWith3DSecureRequest", Open),
    ("POST", "MarkTopupPaidRequest", SELLERS),
    ("GET", "TransferLogRequest", CARD_OFFICE),
    ("POST", "CancelTransferRequest", CARD_OFFICE),
    ("POST", "RetryTransferRefundRequest", CARD_OFFICE),
    ("POST", "TransferTicketRequest", SELLERS),
    ("GET", "TicketOrderFind", SELLERS),
    ("GET", "GetTeamPassType", SELLERS),
    ("GET", "SearchTeamPassTypes", SELLERS),
    ("GET", "TeamPasses", SELLERS),
    ("POST", "TicketOrderMail", Roles(&["Admin", "TeamAdmin", "MobileApp"], None)),
    ("POST", "ThreeDSecureStart", SELLERS),
    ("POST", "ThreeDSecureFinish", SELLERS),
    ("GET", "EventSeating", SELLERS),
    ("POST", "EventSeatingFindAndReserve", SELLERS),
    ("POST", "EventSeatingReserveSeats", SELLERS),
    ("POST", "EventSeatingReleaseSeats", SELLERS),
    ("POST", "EventSeatingBlockSeats", OFFICE),
    ("POST", "CustomerPaymentsRequest", AGENTS),
    ("GET", "ListAgents", ADMINISTRATORS),
    ("GET", "ListCustomers", AGENTS),
    ("POST", "SaveCustomer", AGENTS),
    ("GET", "OrderHeadersOpen", AGENTS),
    ("GET", "OrderHeadersClosed", AGENTS),
    ("GET", "GetOrderHeader", AGENTS),
    ("POST", "CreateOrder", AGENTS),
    ("POST", "AddOrderLine", AGENTS),
    ("DELETE", "RemoveOrderLine", AGENTS),
    ("POST", "CancelOrder", AGENTS),
    ("POST", "FulfilOrder", AGENTS),
    ("POST", "CloseOrder", AGENTS),
    ("POST", "EndSubscription", AGENTS),
    ("POST", "RefundOrder", ADMINISTRATORS),
    ("POST", "CreatePaymentLink", AGENTS),
    ("GET", "TicketOrderStatus", SELLERS),
    ("POST", "TicketOrderReview", Roles(&["Admin"], None)),
    ("POST", "PhoneVerificationRequest", SELLERS),
    ("POST", "PhoneVerificationConfirm", SELLERS),
    ("POST", "PhoneVerificationRevoke", SELLERS),
    ("GET", "SmsOutbox", Roles(&["Admin"], None)),
    ("POST", "PaymentCards", SELLERS),
    ("POST", "CardTokens", SELLERS),
    ("POST", "CardTokensSaveCard", SELLERS),
    ("POST", "PaymentCardsDelete", SELLERS),
    ("POST", "RefundProcess", OFFICE),
    ("POST", "RefundRetry", OFFICE),
    ("GET", "RefundJobs", OFFICE),
    ("POST", "RefundJobsStop", OFFICE),
    ("POST", "EventsCancel", OFFICE),
    ("POST", "TicketOrderCancel", OFFICE),
    ("POST", "PayoutsCreate", Roles(&["Admin"], None)),
    ("GET", "PayoutsList", OFFICE),
    ("GET", "PayoutsOwed", OFFICE),
    ("GET", "LedgerBalances", OFFICE),
    ("GET", "LedgerEntries", OFFICE),
    ("GET", "LedgerAttempts", OFFICE),
    ("GET", "LedgerUnsettled", OFFICE),
    ("GET", "LedgerSettlements", Roles(&["Admin"], None)),
    ("POST", "LedgerSettlementsImport", Roles(&["Admin"], None)),
    ("POST", "LedgerSettlementsAccept", Roles(&["Admin"], None)),
    ("POST", "PayoutsCorrect", Roles(&["Admin"], None)),
    ("GET", "TasksList", OFFICE),
    ("POST", "TasksDone", OFFICE),
    ("POST", "GateScan", SCANNERS),
    ("POST", "GateUndo", OFFICE),
    ("GET", "GateCounts", SCANNERS),
    ("GET", "GateBundle", SCANNERS),
    ("POST", "GateUpload", SCANNERS),
    ("GET", "EventDetailsAndPrices", SELLERS),
    ("GET", "EventsListing", SELLERS),
    ("GET", "ListEventOwners", OFFICE),
    ("POST", "SaveEventOwner", OFFICE),
    ("GET", "ListEventSeries", OFFICE),
    ("POST", "SaveEventSeries", Roles(&["Admin"], None)),
    ("GET", "ListEventLocations", OFFICE),
    ("POST", "SaveEventLocation", Roles(&["Admin"], None)),
    ("GET", "ListTicketTypes", OFFICE),
    ("POST", "SaveTicketType", OFFICE),
    ("GET", "ListOfficeEvents", OFFICE),
    ("POST", "SaveEvent", OFFICE),
    ("POST", "SaveEventPrice", OFFICE),
    ("GET", "ListOwnerCardTypes", OFFICE),
    ("POST", "SaveOwnerCardType", OFFICE),
    ("GET", "ListTeamPassTypes", OFFICE),
    ("POST", "SaveTeamPassType", OFFICE),
    ("POST", "CreateSpecialTickets", OFFICE),
    ("GET", "ListSpecialTickets", OFFICE),
    ("POST", "CreateUserRequest", Roles(&["Admin"], None)),
    ("GET", "ListAudit", OFFICE),
    ("POST", "AssignRoles", Roles(&["Admin"], None)),
    ("POST", "UnAssignRoles", Roles(&["Admin"], None)),
    ("POST", "ConvertSessionToToken", SignedIn),
    ("GET", "GetApiKeys", SignedIn),
    ("POST", "RegenerateApiKeys", SignedIn),
    ("GET", "ListApiKeys", Roles(&["Admin"], None)),
    ("POST", "WithdrawApiKey", Roles(&["Admin"], None)),
];

/// What only a user has.
const OF_A_USER: [&str; 3] = ["GetApiKeys", "RegenerateApiKeys", "ConvertSessionToToken"];

/// Those that strangers call, what browsers and gateways open without a caller, and the documents,
/// which refuse by HTTP status (see `documents`). Those of clubs look at their key themselves (see
/// `profiles`).
const ELSEWHERE: &[&str] = &[
    "TicketOrderDocument",
    "Authenticate",
    "Register",
    "GetAccessToken",
    "TopupPage",
    "TopupPageReturn",
    "TopupPageScript",
    "PaymentPage",
    "PaymentPageReturn",
    "PaymentPageScript",
    "ThreeDSecureReturn",
    "SandboxChallenge",
    "PhonePaymentCallback",
    "BorgunEvent",
    "StripeWebhook",
    "ContractSoldEndpoint",
    "ContractSoldNewUserEndpoint",
    "AddAgreement",
    "SellAgreement",
    "RefundContract",
    "PaymentProfileBalance",
    "CalculateInstallmentPlan",
    "ListPackages",
    "FindContracts",
    "FreezeContract",
    "UnfreezeContract",
    "CancelContract",
    "PayInstallment",
    "WriteOffInstallment",
    "ListStores",
    "FindMembers",
    "SaveMember",
    "ListStaff",
    "SaveStaff",
    "VaultPaymentProfile",
    "ImportPaymentProfile",
    "AddMemberPaymentProfile",
    "MemberPaymentProfiles",
    "PreferPaymentProfile",
    "RemovePaymentProfile",
];

/// A caller and the way it shows itself.
struct Walker {
    what: String,
    /// `None` for whoever is as good as a stranger.
    rights: Option<(Option<&'static str>, bool)>,
    /// A user, and not the key of a program.
    is_user: bool,
    show: Box<dyn Fn(Request) -> Request>,
}

fn expected(published: Published, walker: &Walker) -> (u16, &'static str) {
    const LET_IN: (u16, &str) = (0, "");
    let Some((role, may_read)) = walker.rights else {
        return if matches!(published, Open) { LET_IN } else { (401, "Not Authenticated") };
    };
    let Roles(roles, permission) = published else { return LET_IN };
    if role == Some("Admin") {
        return LET_IN;
    }
    if !role.is_some_and(|role| roles.contains(&role)) {
        return (403, "Invalid Role");
    }
    if permission.is_some() && !may_read { (403, "Invalid Permission") } else { LET_IN }
}

async fn walk(shop: &Shop, walkers: &[Walker]) {
    for walker in walkers {
        for (number, &(verb, name, published)) in PUBLISHED.iter().enumerate() {
            // An address has few tries with keys that nobody has.
            let address = format!("192.0.2.{number}");
            let request = Request::new(verb, &format!("/api/{name}"));
            let request = request.header("X-Forwarded-For", &address);
            let request = match verb {
                "POST" => request.json(&json!({ "preserveSession": true })),
                _ => request,
            };
            let answer = shop.send(&(walker.show)(request)).await;
            let what = format!("{} as {}: {}", name, walker.what, answer.text());
            let (status, message) = expected(published, walker);
            if status == 0 {
                let is_own = OF_A_USER.contains(&name) && !walker.is_user;
                let is_token_for_token =
                    name == "ConvertSessionToToken" && walker.what.contains("by token");
                let is_refused = [401, 403].contains(&answer.status);
                assert_eq!(is_refused, is_own || is_token_for_token, "{what}");
                continue;
            }
            assert_eq!(
                (answer.status, answer.told_message().as_str()),
                (status, message),
                "{what}"
            );
            assert_eq!(answer.header("www-authenticate").is_some(), status == 401, "{what}");
        }
    }
}

/// Strangers, each in another way.
async fn strangers(shop: &Shop) -> Vec<Walker> {
    let anna = user(shop, "Anna", rights(&["Admin"], &["ReadData"])).await;
    let held = sign_in(shop, "anna").await;
    let gone = shop.key(&["Admin"], &[]).await;
    let principal = shop.store().principals().await.unwrap().pop().unwrap();
    withdraw(shop.store(), &principal, &By::command_line()).await.unwrap();
    change_elsewhere(shop, &anna, UserChange::Lock).await;
    let session = held.session.clone();
    until("the end of a session that was ended elsewhere", async || {
        let request = Request::get("/auth").accept("application/json");
        let answer = shop.send(&request.header("X-ss-id", &session)).await;
        (answer.status == 401).then_some(())
    })
    .await;
    let cookie = format!("ss-id={session}; ss-opt=temp");
    let (body, signature) = held.bearer.rsplit_once('.').unwrap();
    let foreign = format!("{body}.{}", signature.chars().rev().collect::<String>());
    let unknown = "gk_0000000000000000000000000000000000000000000000000000000000000000";
    let header = |what: &str, name: &'static str, value: String| Walker {
        what: what.to_owned(),
        rights: None,
        is_user: false,
        show: Box::new(move |request| request.header(name, &value)),
    };
    let bearer = |what: &str, value: &str| header(what, "Authorization", format!("Bearer {value}"));
    vec![
        header("nobody", "X-Nothing", "1".into()),
        bearer("an unknown key", unknown),
        bearer("a withdrawn key", &gone),
        header("a withdrawn key of its own header", "X-Api-Key", gone.clone()),
        bearer("a token of a foreign signature", &foreign),
        header("a session that was ended", "Cookie", cookie),
        header("a session that never was", "X-ss-id", "abc".into()),
        header("a session of its own header", "X-ss-id", session),
    ]
}

/// One role, once as the key of a program and once as a user in each way a user may come.
async fn callers(shop: &Shop, role: Option<&'static str>, may_read: bool) -> Vec<Walker> {
    let permissions: &[&str] = if may_read { &["ReadData"] } else { &[] };
    let roles: Vec<&str> = role.into_iter().collect();
    let name = format!("{}{may_read}", role.unwrap_or("none"));
    let mut given = rights(&roles, permissions);
    given.organisers = vec![domain::ids::Shard(shop.number("organiser", "hekla"))];
    let key = NewKey {
        name: name.clone(),
        roles: given.roles.clone(),
        permissions: given.permissions.clone(),
        organisers: given.organisers.clone(),
        club: None,
    };
    let key = create(shop.store(), key).await.unwrap();
    user(shop, &name, given).await;
    let held = sign_in(shop, &name).await;
    let walker = |way: &str, is_user, show: Box<dyn Fn(Request) -> Request>| Walker {
        what: format!("{name} by {way}"),
        rights: Some((role, may_read)),
        is_user,
        show,
    };
    let (key2, session, session2) = (key.clone(), held.session.clone(), held.session);
    let (bearer, bearer2, user_name) = (held.bearer.clone(), held.bearer, name.clone());
    vec![
        walker("key", false, Box::new(move |request| request.key(&key))),
        walker("X-Api-Key", false, Box::new(move |request| request.header("X-Api-Key", &key2))),
        walker("token", true, Box::new(move |request| request.key(&bearer))),
        walker(
            "token cookie",
            true,
            Box::new(move |request| request.header("Cookie", &format!("ss-tok={bearer2}"))),
        ),
        walker(
            "session header",
            true,
            Box::new(move |request| request.header("X-ss-id", &session)),
        ),
        walker(
            "session cookie",
            true,
            Box::new(move |request| request.header("Cookie", &format!("a=b; ss-id={session2}"))),
        ),
        walker("Basic", true, Box::new(move |request| request.password(&user_name, PASSWORD))),
    ]
}

#[tokio::test]
async fn every_caller_may_what_is_published() {
    // Proves for each operation and each way of calling who is let in, who gets 401 and who 403.
    let trusted_proxies = vec![std::net::Ipv4Addr::LOCALHOST.into()];
    let http = HttpOptions { trusted_proxies, ..HttpOptions::default() };
    let shop = Shop::listening(http).await;
    walk(&shop, &strangers(&shop).await).await;
    let roles = ["Admin", "TeamAdmin", "MobileApp", "Agent", "Administrator", "Gate"].map(Some);
    for role in roles.into_iter().chain([None]) {
        for may_read in [true, false] {
            walk(&shop, &callers(&shop, role, may_read).await).await;
        }
    }
}

#[test]
fn no_operation_is_left_out() {
    // Proves that the table above names every operation of every host.
    let hosts = contract::hosts("Agents", "Clubs");
    let operations = hosts.iter().flat_map(|host| &host.operations);
    for name in operations.map(|operation| operation.name()) {
        let is_known = PUBLISHED.iter().any(|(_, known, _)| *known == name);
        assert!(is_known || ELSEWHERE.contains(&name), "{name}");
    }
}
