//! Routes and attributes in the C# spelling that most languages repeat, in code or in comments:
//! `Route("/path", "POST")`, `ApiMember(Description="...", IsRequired=true)`. They stand on one
//! line and every text in them is a string with escapes, so that a line comment can hold them.

use wire::MemberMeta;

use super::generator::SourceFile;
use super::model::ModelType;
use super::text::{one_line, quoted};

/// The routes of a request, in published order.
pub(crate) fn routes(item: &ModelType<'_>) -> impl Iterator<Item = String> {
    let routes = item.operation().map_or(&[][..], |operation| operation.routes);
    routes.iter().map(|route| {
        let path = string(route.path);
        match route.verbs.text() {
            "" => format!("Route({path})"),
            verbs => format!("Route({path}, {})", string(verbs)),
        }
    })
}

/// The published attribute of a type.
pub(crate) fn of_type(item: &ModelType<'_>) -> Option<String> {
    item.meta.attribute.map(one_line)
}

/// Routes and attribute of a type as line comments, each behind `mark`; routes in files only.
pub(crate) fn comments(
    file: &SourceFile<'_>,
    item: &ModelType<'_>,
    mark: &str,
) -> impl Iterator<Item = String> {
    let routes = routes(item).filter(|_| file.is_file());
    routes.chain(of_type(item)).map(move |text| format!("{mark}{text}"))
}

/// What a member says of itself in the documents: as published, or made from its parts.
pub(crate) fn of_member(member: &MemberMeta) -> Option<String> {
    if let Some(published) = member.attribute {
        return Some(one_line(published));
    }
    let parts = [
        member.description.map(|text| format!("Description={}", string(text))),
        member.required.then(|| "IsRequired=true".to_owned()),
        member.parameter.map(|kind| format!("ParameterType={}", string(kind))),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| format!("ApiMember({})", parts.join(", ")))
}

fn string(text: &str) -> String {
    quoted(text, '"', &[])
}
