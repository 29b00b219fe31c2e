//! The `OpenAPI` document of the real hosts: whole, consistent, honest about access and secrets.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Command, Stdio};

use contract::events_listing::{EVENTS_TAKE_DEFAULT, EVENTS_TAKE_MAX};
use serde_json::Value;
use service::openapi;
use service::operation::Operation;
use service::pages::PageRequest;
use service::registry::{Registry, RegistrySettings};
use wire::{DateTime, NameStyle, TypeMeta, ValueType};

fn registry() -> Registry {
    let hosts = contract::hosts("Agents", "Clubs");
    Registry::new(hosts, RegistrySettings::default()).unwrap()
}

/// The document of the host with that base path, or at the root.
fn document(registry: &Registry, base_path: Option<&str>, names: Option<NameStyle>) -> Value {
    let host =
        base_path.map(|path| registry.hosts().iter().find(|host| host.base_path == path).unwrap());
    let request = PageRequest {
        registry,
        host,
        path: &["openapi.json"],
        query: &[],
        base_url: "http://localhost:8080",
        now: DateTime::MIN,
        names,
    };
    serde_json::from_slice(&openapi::respond(&request).unwrap().body).unwrap()
}

fn root() -> Value {
    document(&registry(), None, None)
}

fn visible(registry: &Registry) -> Vec<(&'static str, &'static Operation)> {
    let hosts = registry.hosts().iter();
    let all = hosts.flat_map(|host| host.operations.iter().map(|it| (host.base_path, *it)));
    all.filter(|(_, operation)| !operation.is_hidden).collect()
}

/// Every value of a document, with the name it stands under.
fn walk<'v>(name: &'v str, value: &'v Value, visit: &mut dyn FnMut(&'v str, &'v Value)) {
    visit(name, value);
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| walk(name, value, visit)),
        Value::Array(items) => items.iter().for_each(|item| walk(name, item, visit)),
        _ => {}
    }
}

/// The described operations, with path and verb.
fn described(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths
        .flat_map(|(path, verbs)| {
            let verbs = verbs.as_object().unwrap().iter();
            verbs.map(move |(verb, it)| (path.as_str(), verb.as_str(), it))
        })
        .collect()
}

#[test]
fn every_route_and_verb_is_there() {
    // Proves that nothing published is left out, at the root and below each host.
    let registry = registry();
    let whole = root();
    for (base_path, operation) in visible(&registry) {
        let own = document(&registry, Some(base_path), None);
        for route in operation.routes {
            for verb in route.verbs.each() {
                let verb = verb.to_ascii_lowercase();
                let path = format!("{base_path}{}", route.path);
                assert_eq!(whole["paths"][&path][&verb]["x-operation"], operation.name(), "{path}");
                assert!(own["paths"][route.path][&verb].is_object(), "{verb} {}", route.path);
            }
        }
        let by_name = format!("/api/{}", operation.name());
        assert_eq!(own["paths"][&by_name]["post"].is_object(), operation.allows("POST"));
        assert_eq!(own["paths"][&by_name]["get"].is_object(), operation.allows("GET"));
    }
}

#[test]
fn every_reachable_type_is_a_component() {
    // Proves that types of equal names on different hosts, or of different namespaces, are kept
    // apart, and that every type that requests and answers reach is described.
    let registry = registry();
    let whole = root();
    let components = whole["components"]["schemas"].as_object().unwrap();
    for (base_path, operation) in visible(&registry) {
        let mut reached = BTreeSet::new();
        reach(operation.request, &mut reached);
        operation.response.into_iter().for_each(|meta| reach(meta, &mut reached));
        for (namespace, name) in reached {
            let host = base_path.trim_matches('/');
            let names = [format!("{host}.{name}"), format!("{host}.{namespace}.{name}")];
            assert!(names.iter().any(|name| components.contains_key(name)), "{names:?}");
        }
    }
    let statuses = ["clubs.ResponseStatus", "clubs.ServiceStack.ResponseStatus"];
    let types = statuses.map(|name| components[name]["type"].as_str().unwrap());
    assert_eq!(types, ["string", "object"]);
}

fn reach(meta: &'static TypeMeta, found: &mut BTreeSet<(&'static str, &'static str)>) {
    if found.insert((meta.namespace, meta.name)) {
        meta.all_members().for_each(|member| reach_value(&member.value, found));
    }
}

fn reach_value(value: &'static ValueType, found: &mut BTreeSet<(&'static str, &'static str)>) {
    match value {
        ValueType::Record(meta) | ValueType::Enum(meta) => reach(meta(), found),
        ValueType::Nullable(inner) | ValueType::List(inner) => reach_value(inner, found),
        ValueType::Map(_, value) => reach_value(value, found),
        _ => {}
    }
}

#[test]
fn no_reference_dangles_and_no_id_repeats() {
    // Proves what every generator of clients relies on.
    let registry = registry();
    let bases = registry.hosts().iter().map(|host| Some(host.base_path));
    for base in bases.chain([None]) {
        let document = document(&registry, base, None);
        let mut ids = BTreeSet::new();
        walk("", &document, &mut |name, value| {
            if name == "$ref" {
                let pointer = value.as_str().unwrap().trim_start_matches('#');
                assert!(document.pointer(pointer).is_some(), "{pointer}");
            }
            if name == "operationId" {
                assert!(ids.insert(value.as_str().unwrap()), "{value} twice");
            }
        });
        assert!(ids.len() > 1);
    }
}

#[test]
fn newcomers_read_what_the_source_says() {
    // Proves that members without a published description show our own, in words that need no
    // source; that a published one stays; and that limits told in words are the real ones.
    let document = root();
    let schemas = &document["components"]["schemas"];
    let line = &schemas["tickets.TicketDetails"];
    assert_eq!(line["description"], "One line of an order.");
    let state = &schemas["tickets.Ticket"]["properties"]["ticketStatus"];
    assert_eq!(state["description"], "State of the ticket.");
    let take = document.pointer("/paths/~1tickets~1events/get/parameters").unwrap();
    let take = take.as_array().unwrap().iter().find(|it| it["name"] == "take").unwrap();
    let (most, usual) = (EVENTS_TAKE_MAX, EVENTS_TAKE_DEFAULT);
    let words = format!("Most events to return, 1 to {most}; {usual} when left out.");
    assert_eq!(take["description"], words);
    let order = &document["paths"]["/tickets/ticketOrder"]["post"]["description"];
    let order = order.as_str().unwrap();
    assert!(order.starts_with("Orders admissions to one event, or a team pass.\n\n"), "{order}");
    walk("", &document, &mut |name, value| {
        let is_text = name == "description" && value.is_string();
        assert!(!is_text || !value.as_str().unwrap().contains('§'), "{value}");
    });
    let registry = registry();
    for (_, operation) in visible(&registry) {
        for member in operation.request.all_members().filter(|it| it.description.is_some()) {
            assert_eq!(member.explanation(), member.description);
        }
    }
}

#[test]
fn access_is_what_the_operation_declares() {
    // Proves that whoever reads the document learns who may call.
    let registry = registry();
    let whole = root();
    let all = visible(&registry);
    for (path, verb, described) in described(&whole) {
        let host = described["x-host"].as_str().unwrap();
        let name = described["x-operation"].as_str().unwrap();
        let (_, operation) = all
            .iter()
            .find(|(base, operation)| base.trim_matches('/') == host && operation.name() == name)
            .unwrap();
        let access = &operation.access;
        let rule = &described["x-access"];
        let told: Vec<&str> =
            rule["anyRole"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert!(access.any_role.iter().all(|role| told.contains(role)), "{path}");
        assert!(told.len() <= 3, "each role once: {told:?}");
        let security = described["security"].as_array().unwrap();
        let needs_one = !security.is_empty() && !security.contains(&serde_json::json!({}));
        assert_eq!(needs_one, access.needs_principal() && verb != "options", "{verb} {path}");
    }
    let key = &whole["components"]["securitySchemes"]["ApiKeyParameter"];
    assert_eq!((&key["in"], &key["name"]), (&"query".into(), &"ApiKey".into()));
    let sold = &whole["paths"]["/clubs/sales/contract/sold"]["post"]["security"];
    assert_eq!(*sold, serde_json::json!([{"ApiKeyParameter": []}, {}]));
}

#[test]
fn secrets_are_marked_and_never_in_urls() {
    // Proves that a form made from the document hides secrets and sends none in a URL.
    let registry = registry();
    let whole = root();
    for (base_path, operation) in visible(&registry) {
        let host = base_path.trim_matches('/');
        let mut found = Vec::new();
        secrets(operation.request, &mut Vec::new(), &mut found);
        for (type_name, style_names) in found {
            let components = whole["components"]["schemas"].as_object().unwrap();
            let name = [format!("{host}.{type_name}Input"), format!("{host}.{type_name}")]
                .into_iter()
                .find(|name| components.contains_key(name))
                .unwrap();
            let member = style_names
                .iter()
                .map(|member| &components[&name]["properties"][member])
                .find(|member| member.is_object())
                .unwrap();
            assert_eq!(member["format"], "password", "{name} {style_names:?}");
            assert_eq!(member["writeOnly"], true, "{name} {style_names:?}");
        }
    }
    for (path, _, described) in described(&whole) {
        for parameter in described["parameters"].as_array().unwrap() {
            let name = parameter["name"].as_str().unwrap();
            assert_ne!(parameter["schema"]["format"], "password", "{path} {name}");
            assert!(!["cardInfo", "PaymentInfo"].contains(&name), "{path} {name}");
        }
    }
}

/// The secret members that a type reaches: the type's name and the member's spellings.
fn secrets(
    meta: &'static TypeMeta,
    open: &mut Vec<&'static str>,
    found: &mut Vec<(&'static str, [&'static str; 3])>,
) {
    if open.contains(&meta.name) {
        return;
    }
    open.push(meta.name);
    for member in meta.all_members() {
        match &member.value {
            ValueType::Secret => found.push((meta.name, member.name.styled)),
            ValueType::Record(meta) | ValueType::List(ValueType::Record(meta)) => {
                secrets(meta(), open, found);
            }
            _ => {}
        }
    }
}

#[test]
fn schemas_say_what_is_read_and_written() {
    // Proves the difference between the two directions, the null rule and the published duties.
    let whole = root();
    let schema = |name: &str| &whole["components"]["schemas"][name];
    let price = |name| schema(name)["properties"]["ticketPrice"]["type"].clone();
    assert_eq!(price("tickets.TicketDetailsInfo"), "number");
    assert_eq!(price("tickets.TicketDetails"), serde_json::json!(["number", "string"]));
    let ticket = &schema("tickets.TicketInput")["properties"];
    assert_eq!(ticket["userId"]["type"], serde_json::json!(["integer", "null"]));
    assert_eq!(ticket["id"]["type"], "integer");
    assert_eq!(ticket["deviceId"]["type"], serde_json::json!(["string", "null"]));
    let required = &schema("clubs.ContractSoldEndpoint")["required"];
    assert_eq!(*required, serde_json::json!(["MemberId", "StoreId", "PackageId", "PaymentAmount"]));
    let order = &schema("agents.CustomerPaymentsRequest")["properties"]["OrderID"];
    assert_eq!(order["format"], "uuid");
    let verdict = &schema("tickets.ReviewVerdict")["enum"];
    assert_eq!(*verdict, serde_json::json!(["NotCharged", "Charged"]));
    let answers = &whole["paths"]["/tickets/ticketOrder"]["post"]["responses"];
    for status in ["200", "400", "401", "403", "413", "429", "500", "503"] {
        let answer = match answers[status]["$ref"].as_str() {
            Some(pointer) => whole.pointer(pointer.trim_start_matches('#')).unwrap(),
            None => &answers[status],
        };
        let schema = &answer["content"]["application/json"]["schema"];
        assert!(schema.is_object(), "{status}");
    }
}

#[test]
fn names_follow_the_host_and_the_caller() {
    // Proves that a document describes the very names that its own server writes.
    let registry = registry();
    let names = |document: &Value| {
        let request = &document["components"]["schemas"]["CustomerPaymentsRequest"]["properties"];
        let names: Vec<String> = request.as_object().unwrap().keys().cloned().collect();
        (names, document["servers"][0]["url"].as_str().unwrap().to_owned())
    };
    let text = |names: [&str; 3]| names.map(str::to_owned).to_vec();
    let (pascal, url) = names(&document(&registry, Some("/agents"), None));
    assert_eq!(pascal, text(["Customer", "OrderID", "PaymentInfo"]));
    assert_eq!(url, "http://localhost:8080/agents");
    let (camel, url) = names(&document(&registry, Some("/agents"), Some(NameStyle::Camel)));
    assert_eq!(camel, text(["customer", "orderID", "paymentInfo"]));
    assert_eq!(url, "http://localhost:8080/camel/agents");
}

#[test]
fn a_validator_from_outside_finds_nothing() {
    // Proves that the documents keep to OpenAPI 3.1, by somebody else's reading of it.
    let Some(python) = std::env::var_os("GUICHET_PYTHON") else {
        println!("skipped: GUICHET_PYTHON is not set; `cargo xtask test` sets it");
        return;
    };
    let registry = registry();
    let bases = registry.hosts().iter().map(|host| Some(host.base_path));
    for base in bases.chain([None]) {
        let code = "import json, sys\nfrom openapi_spec_validator import OpenAPIV31SpecValidator\n\
                    errors = list(OpenAPIV31SpecValidator(json.load(sys.stdin)).iter_errors())\n\
                    sys.exit('\\n'.join(str(error) for error in errors) or 0)";
        let mut child = Command::new(&python)
            .args(["-c", code])
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let document = document(&registry, base, None).to_string();
        child.stdin.take().unwrap().write_all(document.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{base:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
