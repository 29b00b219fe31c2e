//! `/types`: where the types of the services can be had in which language (`servicestack.md §9.1`).

use super::index::ROOT_TITLE;
use super::{PageRequest, is, shell};
use crate::codegen::Language;
use crate::reply::Reply;

/// The page, if it was asked for.
pub(super) fn respond(request: &PageRequest<'_>) -> Option<Reply> {
    match request.path {
        [page] if is(page, "types") => Some(links(request)),
        _ => None,
    }
}

fn links(request: &PageRequest<'_>) -> Reply {
    let title = request.host.map_or(ROOT_TITLE, |host| &host.title);
    let prefix = request.prefix();
    let mut page = shell::begin(title, title, &format!("{prefix}/ui"));
    page.markup("<p>").link(&format!("{prefix}/metadata"), "Operations").markup("</p>\n");
    page.markup("<h2>Types</h2>\n<p>The types of all operations, to build clients with.</p>\n<ul>");
    for language in Language::all() {
        let target = format!("{prefix}/types/{}", language.key());
        page.markup("\n<li>").link(&target, language.title()).markup("</li>");
    }
    page.markup("\n<li>")
        .link(&format!("{prefix}/types/metadata.json"), "Description for programs");
    page.markup("</li>\n</ul>\n<p>Options go into the address, for example ");
    let example = format!("{prefix}/types/csharp?IncludeTypes={{tag}}");
    page.wrap("<code>", &example, "</code>; the head of each file lists them.</p>\n");
    shell::reply(200, page)
}
