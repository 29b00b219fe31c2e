//! Whole files: what they hold, at the root and below a host.

use std::collections::BTreeMap;

use service::codegen::Language;
use service::host::Host;
use wire::{TypeMeta, ValueType};

use crate::ask::{get, registry};

/// The file of a language.
fn file(target: &str) -> String {
    let reply = get(&registry(), "till.example", target).unwrap();
    assert_eq!(reply.status, 200, "{target}");
    String::from_utf8(reply.body).unwrap()
}

/// The types that a host's operations reach, each once.
fn types(host: &Host) -> Vec<&'static TypeMeta> {
    let operations = host.operations.iter();
    let mut waiting: Vec<_> = operations
        .flat_map(|operation| operation.response.into_iter().chain([operation.request]))
        .collect();
    let mut types: Vec<&'static TypeMeta> = Vec::new();
    while let Some(meta) = waiting.pop() {
        if !types.iter().any(|known| (known.namespace, known.name) == (meta.namespace, meta.name)) {
            types.push(meta);
            waiting.extend(meta.base.map(|base| base()));
            waiting.extend(meta.members.iter().filter_map(|member| named(&member.value)));
        }
    }
    types
}

fn named(value: &ValueType) -> Option<&'static TypeMeta> {
    match value {
        ValueType::Enum(meta) | ValueType::Record(meta) => Some(meta()),
        ValueType::Nullable(inner) | ValueType::List(inner) | ValueType::Map(_, inner) => {
            named(inner)
        }
        _ => None,
    }
}

/// Proves that no two different types of the hosts share a name, so that a file of all hosts has
/// every type under its own. The one exception is published: the outcome of a payment is called
/// like the framework's error, and `codegen::model` says what becomes of it.
#[test]
fn names_are_unique_among_hosts() {
    let mut namespaces: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for host in contract::hosts("Agents", "Clubs") {
        for meta in types(&host) {
            let known = namespaces.entry(meta.name).or_default();
            if !known.contains(&meta.namespace) {
                known.push(meta.namespace);
            }
        }
    }
    namespaces.retain(|_, namespaces| namespaces.len() > 1);
    let shared: Vec<_> = namespaces.into_iter().collect();
    assert_eq!(shared, [("ResponseStatus", vec!["ServiceStack", "Clubs.ServiceModel"])]);
}

/// Proves that the root knows every operation of every host, each in its host's own style, and that
/// a host's file knows only its own.
#[test]
fn root_covers_all_hosts() {
    for language in Language::all() {
        let key = language.key();
        let root = file(&format!("/types/{key}"));
        let clubs = file(&format!("/clubs/types/{key}"));
        for host in registry().hosts() {
            for operation in &host.operations {
                // Libraries have what is the framework's own; what all hosts have proves nothing.
                let namespace = operation.request.namespace;
                let is_own = !["ServiceStack", "Guichet.ServiceModel"].contains(&namespace);
                if is_own {
                    assert!(root.contains(operation.name()), "{key}: {}", operation.name());
                    let is_of_clubs = host.base_path == "/clubs";
                    assert_eq!(clubs.contains(operation.name()), is_of_clubs, "{key}");
                }
            }
        }
    }
    let root = file("/types/typescript");
    for member in ["public ticketTokenId: string;", "public OrderID: string;", "public MemberId"] {
        assert!(root.contains(member), "{member}");
    }
    let camel = file("/camel/agents/types/typescript");
    assert!(camel.contains("public orderID: string;") && !camel.contains(" OrderID:"));
}

/// Proves that what an operation needs, and nothing else, can be had.
#[test]
fn types_are_chosen() {
    let one = file("/types/python?IncludeTypes=TicketOrder.*");
    assert!(one.contains("class TicketOrderResult") && one.contains("class TicketHolderInfo"));
    assert!(!one.contains("OwnerCards") && one.contains("\nIncludeTypes: TicketOrder.*\n"));
    let alone = file("/types/python?includetypes=TicketOrder");
    assert!(alone.contains("class TicketOrder(") && !alone.contains("class Ticket:"));
    let above = file("/types/python?IncludeTypes=*.TicketHolderInfo");
    assert!(above.contains("class TicketHoldersList") && !above.contains("class RequestSignature"));
    let space = file("/types/python?IncludeTypes=Clubs.ServiceModel/*");
    assert!(space.contains("class PendingPaymentResponse") && !space.contains("class Ticket"));
    let requests = file("/types/python?ExcludeTypes=types");
    assert!(requests.contains("class TicketOrder(") && !requests.contains("class Ticket:"));
    let others = file("/types/python?ExcludeTypes=services,TicketDetails");
    assert!(others.contains("class Ticket:") && !others.contains("class TicketOrder("));
    assert!(!others.contains("class TicketDetails:"));
}

/// Proves that a service's type keeps its published name beside the framework's of that name.
#[test]
fn framework_names_give_way() {
    let clubs = file("/clubs/types/python");
    assert!(clubs.contains("class ResponseStatus(IntEnum):"));
    assert!(clubs.contains("response_status: Optional[servicestack.ResponseStatus] = None"));
    let agents = file("/agents/types/python");
    assert!(agents.contains("response_status: Optional[ResponseStatus] = None"));
    let clubs = file("/clubs/types/typescript");
    assert!(clubs.contains("export enum ResponseStatus\n"));
    assert!(clubs.contains("export class ServiceStackResponseStatus\n"));
    assert!(clubs.contains(": ServiceStackResponseStatus;"));
}

/// Proves that the links at `/types` lead somewhere and that the description is complete.
#[test]
fn description_is_complete() {
    let links = file("/tickets/types");
    for language in Language::all() {
        assert!(links.contains(&format!("\"/tickets/types/{}\"", language.key())));
    }
    let description: serde_json::Value =
        serde_json::from_str(&file("/types/metadata.json")).unwrap();
    let operations = description["operations"].as_array().unwrap();
    let find = |name: &str| {
        let mut operations = operations.iter();
        operations.find(|operation| operation["request"]["name"] == name).unwrap()
    };
    let payments = find("CustomerPaymentsRequest");
    assert_eq!(payments["returnType"]["name"], "CustomerPaymentsResponse");
    assert_eq!(payments["method"], "POST");
    assert_eq!(payments["routes"][1]["verbs"], "POST,PUT,OPTIONS");
    assert_eq!(payments["requiresAnyRole"][0], "Agent");
    assert_eq!(find("EventsListing")["method"], "GET");
    let members = payments["request"]["properties"].as_array().unwrap();
    let order = members.iter().find(|member| member["name"] == "OrderID").unwrap();
    assert_eq!(
        (order["type"].as_str(), order["isValueType"].as_bool()),
        (Some("Guid"), Some(true))
    );
    let sold = &find("ContractSoldEndpoint")["response"]["properties"][3];
    assert_eq!(
        (sold["type"].as_str(), &sold["genericArgs"][0]),
        (Some("IReadOnlyList`1"), &"PendingPaymentResponse".into())
    );
    assert!(file("/types/metadata.xml").contains("<MetadataTypes"));
}
