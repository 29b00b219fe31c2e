//! The hosts as a whole: every published route leads to its operation.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use service::exchange::{Exchange, HeaderPairs};
use service::operation::{Effect, Operation};
use service::registry::{Registry, RegistrySettings};
use wire::{MemberMeta, ValueType};

fn registry() -> Registry {
    let hosts = contract::hosts("Agents", "Clubs");
    Registry::new(hosts, RegistrySettings::default()).unwrap()
}

/// The operation that a request leads to, or the status it is answered with.
fn found(registry: &Registry, verb: &str, path: &str) -> Result<&'static str, u16> {
    let headers = &HeaderPairs(&[]);
    let exchange = Exchange { verb, headers, ..Exchange::get(path) };
    let routed = registry.route(&exchange);
    routed.map(|matched| matched.operation.name()).map_err(|reply| reply.status)
}

/// Proves that every route answers at the root and below its base path, with each of its verbs,
/// and that the pre-defined routes know every operation.
#[test]
fn every_route_leads_to_its_operation() {
    let registry = registry();
    for host in registry.hosts() {
        for operation in &host.operations {
            let name = operation.name();
            for route in operation.routes {
                let path = route.path.replace(['{', '}'], "");
                for verb in route.verbs.each().filter(|verb| *verb != "OPTIONS") {
                    let below = format!("{}{path}", host.base_path);
                    assert_eq!(found(&registry, verb, &path), Ok(name), "{verb} {path}");
                    assert_eq!(found(&registry, verb, &below), Ok(name), "{verb} {below}");
                }
            }
            let verb = operation.routes[0].verbs.each().next().unwrap();
            assert_eq!(found(&registry, verb, &format!("/api/{name}")), Ok(name));
            assert_eq!(found(&registry, verb, &format!("/jsv/reply/{name}")), Ok(name));
        }
    }
}

/// Proves what the published verbs forbid and allow besides.
#[test]
fn other_verbs_are_refused() {
    let registry = registry();
    assert_eq!(found(&registry, "GET", "/OrderOwnerCards"), Err(404));
    assert_eq!(found(&registry, "GET", "/api/OwnerCardsOrderRequest"), Err(405));
    assert_eq!(found(&registry, "OPTIONS", "/v1/CustomerPayments"), Err(200));
    assert_eq!(found(&registry, "GET", "/ticketOrder/status"), Ok("TicketOrderStatus"));
    assert_eq!(found(&registry, "GET", "/clubs/ticketOrder"), Err(404));
}

/// Whatever takes money, moves tickets or changes what is sold.
const WRITING: &[&str] = &[
    "OwnerCardsOrderRequest",
    "UpdateOwnerCard",
    "EventOwnerGiveAwayCards",
    "RefundOwnerCard",
    "TicketOrder",
    "TransferTicketToEventRequest",
    "StartTopup3DSecureRequest",
    "PayTopupWith3DSecureRequest",
    "MarkTopupPaidRequest",
    "TopupPage",
    "CancelTransferRequest",
    "RetryTransferRefundRequest",
    "TransferTicketRequest",
    "TicketOrderReview",
    "TicketOrderMail",
    "PhoneVerificationRequest",
    "PhoneVerificationConfirm",
    "PhoneVerificationRevoke",
    "CardTokensSaveCard",
    "PaymentCardsDelete",
    "ThreeDSecureStart",
    "ThreeDSecureFinish",
    "ThreeDSecureReturn",
    "PhonePaymentCallback",
    "BorgunEvent",
    "StripeWebhook",
    "EventSeatingFindAndReserve",
    "EventSeatingReserveSeats",
    "EventSeatingReleaseSeats",
    "EventSeatingBlockSeats",
    "RefundProcess",
    "RefundRetry",
    "RefundJobsStop",
    "EventsCancel",
    "TicketOrderCancel",
    "PayoutsCreate",
    "PayoutsCorrect",
    "LedgerSettlementsImport",
    "LedgerSettlementsAccept",
    "TasksDone",
    "GateScan",
    "GateUndo",
    "GateUpload",
    "SaveEventOwner",
    "SaveEventSeries",
    "SaveEventLocation",
    "SaveTicketType",
    "SaveEvent",
    "SaveEventPrice",
    "SaveOwnerCardType",
    "SaveTeamPassType",
    "CreateSpecialTickets",
    "CreateUserRequest",
    "CustomerPaymentsRequest",
    "SaveCustomer",
    "CreateOrder",
    "AddOrderLine",
    "RemoveOrderLine",
    "CancelOrder",
    "FulfilOrder",
    "CloseOrder",
    "EndSubscription",
    "RefundOrder",
    "CreatePaymentLink",
    "PaymentPage",
    "ContractSoldEndpoint",
    "ContractSoldNewUserEndpoint",
    "AddAgreement",
    "SellAgreement",
    "RefundContract",
    "FreezeContract",
    "UnfreezeContract",
    "CancelContract",
    "PayInstallment",
    "WriteOffInstallment",
    "SaveMember",
    "SaveStaff",
    "VaultPaymentProfile",
    "ImportPaymentProfile",
    "AddMemberPaymentProfile",
    "PreferPaymentProfile",
    "RemovePaymentProfile",
];

/// Proves that whatever takes money or moves tickets is read strictly and closed to strangers; the
/// contract of the clubs and its siblings check their API key themselves, a payment link is its own
/// proof, and a bank's answer and a provider's message are checked with whoever sent them.
#[test]
fn writing_operations_are_closed() {
    let registry = registry();
    let operations = registry.hosts().iter().flat_map(|host| &host.operations);
    let operations = operations.filter(|operation| !is_authentication(operation));
    let writing: Vec<&Operation> =
        operations.copied().filter(|operation| operation.effect == Effect::Writes).collect();
    let open = |operation: &&&Operation| operation.access.check(None).is_ok();
    let open: Vec<_> = writing.iter().filter(open).map(|operation| operation.name()).collect();
    assert_eq!(
        open,
        [
            "StartTopup3DSecureRequest",
            "PayTopupWith3DSecureRequest",
            "TopupPage",
            "ThreeDSecureReturn",
            "PhonePaymentCallback",
            "BorgunEvent",
            "StripeWebhook",
            "PaymentPage",
            "ContractSoldEndpoint",
            "ContractSoldNewUserEndpoint",
            "AddAgreement",
            "SellAgreement",
            "RefundContract",
            "FreezeContract",
            "UnfreezeContract",
            "CancelContract",
            "PayInstallment",
            "WriteOffInstallment",
            "SaveMember",
            "SaveStaff",
            "VaultPaymentProfile",
            "ImportPaymentProfile",
            "AddMemberPaymentProfile",
            "PreferPaymentProfile",
            "RemovePaymentProfile",
        ]
    );
    let names: Vec<_> = writing.iter().map(|operation| operation.name()).collect();
    assert_eq!(names, WRITING);
}

fn is_authentication(operation: &Operation) -> bool {
    let mut known = contract::authentication::OPERATIONS.iter();
    known.any(|known| std::ptr::eq(*known, operation))
}

/// Proves that a stranger may sign in, register and show a refresh token, and nothing else of it,
/// and that rights are an Admin's business.
#[test]
fn strangers_may_sign_in() {
    let open = |operation: &&&Operation| operation.access.check(None).is_ok();
    let names = |operation: &&Operation| operation.name();
    let operations = contract::authentication::OPERATIONS;
    let open: Vec<_> = operations.iter().filter(open).map(names).collect();
    assert_eq!(open, ["Authenticate", "Register", "GetAccessToken"]);
    let is_admins = |operation: &&&Operation| operation.access.all_roles == ["Admin"];
    let admins: Vec<_> = operations.iter().filter(is_admins).map(names).collect();
    assert_eq!(admins, ["AssignRoles", "UnAssignRoles", "ListApiKeys", "WithdrawApiKey"]);
}

/// Members, at any depth, that are card data or prove who holds a card (`payments.md` §5.1).
const OF_CARDS: &[&str] = &[
    "BorgunCardToken",
    "BorgunMpiToken",
    "CardNumber",
    "Cavv",
    "Ccv",
    "Cres",
    "Cvc",
    "ExpDate",
    "ExpMonth",
    "ExpYear",
    "MpiToken",
    "Pan",
    "StripeToken",
    "Ucaf",
];

/// How deep members of members are looked for.
const DEPTH_MAX: u32 = 8;

fn is_of_cards(member: &MemberMeta, depth: u32) -> bool {
    OF_CARDS.contains(&member.name.declared) || value_is_of_cards(&member.value, depth)
}

fn value_is_of_cards(value: &ValueType, depth: u32) -> bool {
    match value {
        ValueType::Nullable(inner) | ValueType::List(inner) => value_is_of_cards(inner, depth),
        ValueType::Record(meta) if depth < DEPTH_MAX => {
            meta().all_members().any(|member| is_of_cards(member, depth + 1))
        }
        _ => false,
    }
}

/// Proves that no operation takes card data or a proof from its URL.
#[test]
fn card_data_is_named_everywhere() {
    let registry = registry();
    let mut count = 0;
    for operation in registry.hosts().iter().flat_map(|host| &host.operations) {
        // The bank's page chooses how it sends the browser back.
        let is_bank = operation.name() == "ThreeDSecureReturn";
        let members = operation.request.all_members().filter(|_| !is_bank);
        for member in members.filter(|member| is_of_cards(member, 0)) {
            let name = member.name.declared;
            assert!(operation.card_members.contains(&name), "{}: {name}", operation.name());
            count += 1;
        }
    }
    assert!(count > 10, "{count} members found");
}
