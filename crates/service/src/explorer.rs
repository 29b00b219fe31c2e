//! The API explorer at `/ui`: one page of plain modules that reads `/openapi.json`. It needs no
//! network but this server, and no build.

use crate::codegen::Language;
use crate::fingerprint::{fingerprint, strong_etag};
use crate::pages::PageRequest;
use crate::reply::Reply;

/// A file of the explorer.
struct Asset {
    name: &'static str,
    content_type: &'static str,
    text: &'static str,
}

const fn script(name: &'static str, text: &'static str) -> Asset {
    Asset { name, content_type: "text/javascript; charset=utf-8", text }
}

const STYLE: Asset = Asset {
    name: "style.css",
    content_type: "text/css; charset=utf-8",
    text: concat!(include_str!("shared.css"), include_str!("explorer/style.css")),
};

const ASSETS: [Asset; 16] = [
    STYLE,
    script("answer.js", include_str!("explorer/answer.js")),
    script("call.js", include_str!("explorer/call.js")),
    script("code.js", include_str!("explorer/code.js")),
    script("details.js", include_str!("explorer/details.js")),
    script("dom.js", include_str!("explorer/dom.js")),
    script("example.js", include_str!("explorer/example.js")),
    script("fields.js", include_str!("explorer/fields.js")),
    script("json.js", include_str!("explorer/json.js")),
    script("list.js", include_str!("explorer/list.js")),
    script("main.js", include_str!("explorer/main.js")),
    script("model.js", include_str!("explorer/model.js")),
    script("nested.js", include_str!("explorer/nested.js")),
    script("request.js", include_str!("explorer/request.js")),
    script("session.js", include_str!("explorer/session.js")),
    script("snippets.js", include_str!("explorer/snippets.js")),
];

const PAGE: &str = include_str!("explorer/index.html");

/// What the page may do: load its own files and ask its own server, nothing else. The empty icon
/// is written into the page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// How long a browser keeps a file whose address changes with its content: a year.
const KEEP: &str = "public, max-age=31536000, immutable";

/// `/ui`, `/ui/{Op}` and the files of the page, below `/ui/assets/{version}`.
pub fn respond(request: &PageRequest<'_>) -> Option<Reply> {
    let (first, rest) = request.path.split_first()?;
    if !first.eq_ignore_ascii_case("ui") {
        return None;
    }
    match rest {
        [] | [_] => Some(page(request)),
        [folder, _, name] if *folder == "assets" => asset(name),
        _ => None,
    }
}

fn page(request: &PageRequest<'_>) -> Reply {
    let root = request.prefix();
    let texts = ASSETS.map(|asset| asset.text.as_bytes());
    let assets = format!("{root}/ui/assets/{}", fingerprint(&texts));
    let text = PAGE
        .replace("{{root}}", &root)
        .replace("{{assets}}", &assets)
        .replace("{{languages}}", &languages())
        .replace("{{shows_all}}", &request.host.is_none().to_string());
    let etag = strong_etag(&[text.as_bytes()]);
    Reply::new(200, "text/html; charset=utf-8", text.into_bytes())
        .with_header("Content-Security-Policy", POLICY)
        .with_header("Referrer-Policy", "no-referrer")
        .with_header("X-Content-Type-Options", "nosniff")
        .with_header("Cache-Control", "no-cache")
        .with_header("ETag", etag)
}

/// The languages that types can be had in, as `key=title;key=title`.
fn languages() -> String {
    let pairs = Language::all().map(|language| format!("{}={}", language.key(), language.title()));
    pairs.collect::<Vec<_>>().join(";")
}

/// The version in the address is not compared: a page that was loaded before an update gets the
/// newer files rather than none.
fn asset(name: &str) -> Option<Reply> {
    let asset = ASSETS.iter().find(|asset| asset.name == name)?;
    let body = asset.text.as_bytes();
    Some(
        Reply::new(200, asset.content_type, body.to_vec())
            .with_header("Cache-Control", KEEP)
            .with_header("ETag", strong_etag(&[body]))
            .with_header("X-Content-Type-Options", "nosniff"),
    )
}

#[cfg(test)]
mod tests {
    use super::{ASSETS, PAGE};

    /// Proves that every module a module asks for is served, and that nothing is asked of others.
    #[test]
    fn every_import_is_served() {
        let names = ASSETS.map(|asset| asset.name);
        for asset in ASSETS {
            let lines = asset.text.lines().filter(|line| line.starts_with("import "));
            let imports = lines.filter_map(|line| line.split_once("from \"./"));
            for import in imports.filter_map(|(_, rest)| rest.strip_suffix("\";")) {
                assert!(names.contains(&import), "{} imports {import}", asset.name);
            }
            let is_used = asset.name == "main.js" || asset.name == "style.css";
            let import = format!("from \"./{}\"", asset.name);
            let mut others = ASSETS.iter();
            assert!(is_used || others.any(|it| it.text.contains(&import)), "{}", asset.name);
            assert!(!asset.text.contains("http://") && !asset.text.contains("https://"));
        }
    }

    /// Proves that the page keeps to its own policy: no script and no style inside it, and that no
    /// text of an answer can become markup.
    #[test]
    fn page_has_nothing_inline() {
        assert_eq!(
            PAGE.matches("<script").count(),
            PAGE.matches("<script type=\"module\" src").count()
        );
        assert!(!PAGE.contains("<style") && !PAGE.contains("style=") && !PAGE.contains("onclick"));
        for asset in ASSETS {
            let markup =
                ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("];
            assert!(!markup.iter().any(|word| asset.text.contains(word)), "{}", asset.name);
        }
    }
}
