//! The page of one operation (`servicestack.md §8.2`, whose numbers the comments name).

use wire::NameStyle;

use super::html::{Html, encoded};
use super::index::listed_formats;
use super::{PageRequest, shell, type_tables};
use crate::access::Access;
use crate::codegen::{self, Language};
use crate::format::Format;
use crate::host::Host;
use crate::operation::Operation;
use crate::operation_page::SamplePage;
use crate::reply::Reply;

/// The text of the link to the list of operations; the first letter is part of it.
const BACK: &str = "<back to all web services";

/// One operation as it is shown in one format.
struct Page<'p> {
    request: &'p PageRequest<'p>,
    host: &'p Host,
    operation: &'static Operation,
    format: Format,
    /// The language whose types are shown; without one, tables.
    language: Option<Language>,
    /// What stands before all paths.
    prefix: String,
    names: NameStyle,
}

/// The page that the query asks for: `op`, and perhaps `lang`.
pub(super) fn respond(request: &PageRequest<'_>, format: Format, name: &str) -> Reply {
    let Some((host, operation)) = find(request, name) else {
        return missing(request, "operation", name);
    };
    let language = match request.query_value("lang").filter(|key| !key.is_empty()) {
        None => None,
        Some(key) => match Language::from_key(key) {
            None => return missing(request, "language", key),
            language => language,
        },
    };
    let (prefix, names) = (request.prefix(), request.names_of(host));
    Page { request, host, operation, format, language, prefix, names }.reply()
}

/// The operation of that name, in any case, of the first host that has one.
pub(super) fn find<'r>(
    request: &PageRequest<'r>,
    name: &str,
) -> Option<(&'r Host, &'static Operation)> {
    let mut all = request
        .hosts()
        .flat_map(|host| host.visible_operations().map(move |operation| (host, operation)));
    all.find(|(_, operation)| operation.name().eq_ignore_ascii_case(name))
}

/// A page that says what does not exist, and leads back.
fn missing(request: &PageRequest<'_>, kind: &'static str, name: &str) -> Reply {
    let mut page = shell::begin("Not found", "Not found", &format!("{}/ui", request.prefix()));
    page.markup("<p>There is no ")
        .text(kind)
        .wrap(" <b>", name, "</b> here.</p>\n<p>")
        .link(&back(request), BACK)
        .markup("</p>\n");
    shell::reply(404, page)
}

fn back(request: &PageRequest<'_>) -> String {
    format!("{}/metadata", request.prefix())
}

impl Page<'_> {
    fn reply(&self) -> Reply {
        let name = self.operation.name();
        let explorer = format!("{}/ui/{}", self.prefix, encoded(name));
        let mut page = shell::begin(&self.host.title, &self.host.title, &explorer);
        page.markup("<p>").link(&back(self.request), BACK).wrap("</p>\n<h2>", name, "</h2>\n");
        self.about(&mut page);
        access(&self.operation.access, &mut page);
        self.routes(&mut page);
        self.tabs(&mut page);
        self.types(&mut page);
        self.format_hint(&mut page);
        self.samples(&mut page);
        shell::reply(200, page)
    }

    /// Points 3 and 4: tags and description.
    fn about(&self, page: &mut Html) {
        if !self.operation.tags.is_empty() {
            page.markup("<p>");
            for tag in self.operation.tags {
                page.wrap("<span class=\"tag\">", tag, "</span> ");
            }
            page.markup("</p>\n");
        }
        if let Some(description) = self.operation.description {
            page.wrap("<h3 id=\"desc\">", description, "</h3>\n");
        }
    }

    /// Point 6.
    fn routes(&self, page: &mut Html) {
        if self.operation.routes.is_empty() {
            return;
        }
        let caption = "The following routes are available for this service:";
        page.plain_table(caption, &["Verbs", "Path", "Summary", "Notes"]);
        for route in self.operation.routes {
            let verbs = if route.verbs.allows_all() { "All Verbs" } else { route.verbs.text() };
            page.wrap("<tr><td>", verbs, "</td><th scope=\"row\" class=\"code\">")
                .text(&self.prefix)
                .wrap("", route.path, "</th>");
            if route.notes.is_empty() {
                page.wrap("<td colspan=\"2\">", route.summary, "</td></tr>\n");
            } else {
                page.wrap("<td class=\"long\">", route.summary, "</td>").wrap(
                    "<td class=\"long\"><em>",
                    route.notes,
                    "</em></td></tr>\n",
                );
            }
        }
        page.end_table();
    }

    /// Point 7.
    fn tabs(&self, page: &mut Html) {
        page.markup("<nav aria-label=\"Languages\"><ul>\n");
        self.tab("Metadata", None, page);
        for language in Language::TABS {
            if Language::from_key(language.key()).is_some() {
                self.tab(language.title(), Some(language), page);
            }
        }
        page.markup("</ul></nav>\n");
    }

    fn tab(&self, title: &str, language: Option<Language>, page: &mut Html) {
        let current = if language == self.language { "\" aria-current=\"page" } else { "" };
        page.wrap("<li><a href=\"", &self.address(self.format, language), "").markup(current).wrap(
            "\">",
            title,
            "</a></li>\n",
        );
    }

    /// The address of this page in another format or language.
    fn address(&self, format: Format, language: Option<Language>) -> String {
        let (prefix, name) = (&self.prefix, encoded(self.operation.name()));
        let language = language.map(|language| format!("&lang={}", language.key()));
        let language = language.unwrap_or_default();
        format!("{prefix}/{}/metadata?op={name}{language}", format.key())
    }

    /// Point 8.
    fn types(&self, page: &mut Html) {
        let Some(language) = self.language else {
            return type_tables::write(self.operation, self.names, page);
        };
        let (host, operation) = (self.host, self.operation);
        let source = codegen::operation_source_named(host, operation, language, self.names);
        sample("Source of the types", source.as_deref().unwrap_or_default(), page);
        page.markup("<p>");
        let (key, name) = (language.key(), self.operation.name());
        let target = format!("{}/types/{key}?IncludeTypes={name}.*", self.prefix);
        page.link(&target, &format!("{} {name} DTOs", language.title())).markup("</p>\n");
    }

    /// Points 9 and 10, and links to the other formats.
    fn format_hint(&self, page: &mut Html) {
        let key = self.format.key();
        page.markup("<p>To override the Content-type in your clients, use the HTTP ")
            .wrap("<b>Accept</b> Header, append the <b>.", key, "</b> suffix or ")
            .wrap("<b>?format=", key, "</b></p>\n");
        if self.format == Format::Json {
            page.markup("<p>To embed the response in a <b>jsonp</b> callback, append ")
                .markup("<b>?callback=myCallback</b></p>\n");
        }
        page.markup("<nav aria-label=\"Formats\"><ul>\n");
        for format in listed_formats(self.request) {
            let current = if format == self.format { "\" aria-current=\"page" } else { "" };
            page.wrap("<li><a href=\"", &self.address(format, self.language), "")
                .markup(current)
                .wrap("\">", format.key(), "</a></li>\n");
        }
        page.markup("</ul></nav>\n");
        page.wrap("<h3>HTTP + ", &key.to_uppercase(), "</h3>\n")
            .markup("<p>The following are sample HTTP requests and responses. The placeholders ")
            .markup("shown need to be replaced with actual values.</p>\n");
    }

    /// Points 11 and 12.
    fn samples(&self, page: &mut Html) {
        let Self { names, operation, format, ref prefix, .. } = *self;
        let samples = SamplePage { names, operation, format, prefix };
        let authority = self.request.base_url.split_once("://").map_or("", |(_, rest)| rest);
        sample("Sample request", &samples.request(authority), page);
        if let Some(response) = samples.response() {
            sample("Sample response", &response, page);
        }
    }
}

/// A text that is shown as it is, in a box that scrolls.
fn sample(label: &'static str, text: &str, page: &mut Html) {
    page.wrap("<pre role=\"group\" tabindex=\"0\" aria-label=\"", label, "\">")
        .wrap("", text, "</pre>\n");
}

/// Point 5.
fn access(access: &Access, page: &mut Html) {
    if !access.needs_principal() {
        return;
    }
    let any = |one, several, list: &[&str]| if list.len() == 1 { one } else { several };
    let (roles, permissions) = (access.any_role, access.any_permission);
    let lists = [
        ("Required role(s):", access.all_roles),
        (any("Requires the role:", "Requires any of the roles:", roles), roles),
        ("Required permission(s):", access.all_permissions),
        (
            any("Requires the permission:", "Requires any of the permissions:", permissions),
            permissions,
        ),
    ];
    page.plain_table("Requires Authentication", &[]);
    page.markup("<tr>");
    for (heading, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        page.wrap("<th scope=\"row\">", heading, "</th><td>").wrap("", &list.join(", "), "</td>");
    }
    page.markup("</tr>\n").end_table();
}
