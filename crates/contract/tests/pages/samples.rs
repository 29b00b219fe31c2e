//! The samples, members and texts of the published pages, to the letter.

use contract::{contract_sold, customer_payments, owner_cards, ticket_order, ticket_transfer};
use service::dto::AnyDto;
use service::format::Format;
use service::host::Host;
use service::jsv_layout::pretty;
use service::operation::Operation;
use service::operation_page::SamplePage;

use crate::seeds::{Layout, PAGES, Page, published};

/// Request and response of a page: what stands from `POST` to `HTTP/1.1 200`, and what follows.
fn samples(page: &str) -> (&str, &str) {
    let request = page.rfind("\nPOST /").unwrap() + 1;
    let response = page.rfind("HTTP/1.1 200 OK").unwrap();
    (page[request..response].trim_end_matches('\n'), &page[response..])
}

fn laid_out(text: &str, layout: Layout) -> String {
    let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
    match layout {
        Layout::Exact => text.to_owned(),
        Layout::Lines => lines.collect::<Vec<_>>().join("\n"),
        Layout::Words => text.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}

fn hosts() -> Vec<Host> {
    contract::hosts("Agents", "Clubs")
}

fn host_of<'h>(hosts: &'h [Host], operation: &Operation) -> &'h Host {
    let declares = |host: &&Host| host.operations.iter().any(|op| op.name() == operation.name());
    hosts.iter().find(declares).unwrap()
}

/// Proves that heads and bodies of all published samples come out of the declarations, character
/// for character as far as the copies have kept them.
#[test]
fn samples_are_reproduced() {
    let hosts = hosts();
    for page in &PAGES {
        let Some(text) = published(page.seed) else { continue };
        let (request, response) = samples(&text);
        let Page { operation, format, layout, .. } = *page;
        let ours =
            SamplePage { names: host_of(&hosts, operation).names, operation, format, prefix: "" };
        let check = |ours: &str, published: &str| {
            assert_eq!(laid_out(ours, layout), laid_out(published, layout), "page {}", page.seed);
        };
        check(&ours.request(page.authority), request);
        check(&ours.response().unwrap(), response);
    }
}

/// The body of a sample in the compact form of its format.
fn compact(sample: &str, format: Format) -> String {
    let body = &sample[sample.find('{').unwrap()..];
    if format != Format::Jsv {
        return body.to_owned();
    }
    body.lines().map(|line| line.trim().replacen(": ", ":", 1)).collect::<Vec<_>>().concat()
}

/// Reads a body into a record of its type and writes it again. Secrets come back as masks, for
/// which the sample's word is put in again.
fn read_and_written(record: &mut dyn AnyDto, body: &str, format: Format, host: &Host) -> String {
    let settings = host.settings().strictly();
    let mut out = Vec::new();
    if format == Format::Jsv {
        record.read_jsv(body.as_bytes(), &settings).unwrap();
        record.write_jsv(&settings, &mut out);
    } else {
        record.read_json(body.as_bytes(), &settings).unwrap();
        record.write_json(&settings, &mut out);
    }
    String::from_utf8(out).unwrap().replace("***", "String")
}

fn check_binds_back(index: usize, mut request: impl AnyDto, mut response: impl AnyDto) {
    let page = &PAGES[index];
    let Some(text) = published(page.seed) else { return };
    let hosts = hosts();
    let host = host_of(&hosts, page.operation);
    let (request_text, response_text) = samples(&text);
    let check = |record: &mut dyn AnyDto, sample: &str| {
        // The list whose items the original cannot create: `{}` reads as an item all the same.
        let body = compact(sample, page.format).replace("[{}]", "[]");
        assert_eq!(read_and_written(record, &body, page.format, host), body, "page {}", page.seed);
        if page.format == Format::Jsv && page.layout == Layout::Exact {
            let published = &sample[sample.find('{').unwrap()..];
            assert_eq!(pretty(&compact(sample, page.format)), published, "page {}", page.seed);
        }
    };
    check(&mut request, request_text);
    if page.layout != Layout::Words {
        check(&mut response, response_text);
    }
}

/// Proves that the published samples are read, strictly, and written again as they were.
#[test]
fn samples_bind_back() {
    use contract_sold::{ContractSoldEndpoint, ContractSoldResponse};
    use customer_payments::{CustomerPaymentsRequest, CustomerPaymentsResponse};
    use owner_cards::{OwnerCardsOrderRequest, OwnerCardsOrderResult};
    use ticket_order::{TicketOrder, TicketOrderResult};
    use ticket_transfer::{TransferTicketToEventRequest, TransferTicketToEventResult};
    check_binds_back(0, OwnerCardsOrderRequest::default(), OwnerCardsOrderResult::default());
    check_binds_back(1, TicketOrder::default(), TicketOrderResult::default());
    let transfer = TransferTicketToEventRequest::default();
    check_binds_back(2, transfer, TransferTicketToEventResult::default());
    check_binds_back(3, CustomerPaymentsRequest::default(), CustomerPaymentsResponse::default());
    check_binds_back(4, ContractSoldEndpoint::default(), ContractSoldResponse::default());
}

/// Proves that the published member texts are kept to the letter, in the escapes of the page.
#[test]
fn descriptions_are_published() {
    let page = &PAGES[4];
    let Some(text) = published(page.seed) else { return };
    let request = page.operation.request;
    let described = request.all_members().filter_map(|member| member.description);
    let described: Vec<_> = described.collect();
    assert_eq!(described.len(), 12);
    for description in described {
        let escaped = description.replace('"', "\\\"").replace("\r\n", "\\r\\n");
        assert!(text.contains(&format!("Description=\"{escaped}\"")), "{description}");
    }
    assert!(text.contains(&format!("# @{}", request.attribute.unwrap())));
    let notes = page.operation.routes[0].notes;
    assert!(text.contains(notes), "{notes}");
}
