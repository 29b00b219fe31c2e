//! Sources in the languages of clients: lines of members, enums, imports.
//!
//! A vector names a member as C# declares it. It becomes a type of its own here, of which the page
//! of an operation is generated, so that the generators are asked as everybody asks them. The types
//! live as long as the program, because the product's own do.

use serde_json::{Value, json};
use service::codegen::{Language, operation_source, python};
use service::host::{Conventions, Host};
use service::operation::{Effect, Operation, ResponseSource};
use wire::NameStyle;
use wire::meta::{EnumMember, MemberMeta, TypeKind, TypeMeta};

use super::{Output, Unsupported, text, whole_text};
use crate::csharp::{self, Declared};
use crate::made::{self, leak, leaked};
use crate::vector::Vector;

/// The forms of Python, as the vectors call them.
const PYTHON_OPTIONAL: &str = "MakePropertiesOptional on: the default up to v6.4 (seeds 0-2)";
const PYTHON_DEFAULTS: &str = "MakePropertiesOptional off: the default from v6.5 (seeds 3-4)";

/// The forms of Kotlin.
const KOTLIN_CLOSED: &str = "to v8.4";
const KOTLIN_OPEN: &str = "v8.5+";

pub(super) fn python_name(vector: &Vector) -> Output {
    Ok(python::member_name(whole_text(vector)?).into())
}

pub(super) fn python_enum_name(vector: &Vector) -> Output {
    Ok(python::enum_name(whole_text(vector)?).into())
}

pub(super) fn python_line(vector: &Vector) -> Output {
    let line = |properties_optional| {
        let python_factories = true;
        let conventions = Conventions { python_factories, ..Conventions::default() };
        let host = Host { properties_optional, conventions, ..host() };
        member_line(vector, Language::Python, &host, |line| line.contains(" = "))
    };
    Ok(json!({ PYTHON_OPTIONAL: line(true)?, PYTHON_DEFAULTS: line(false)? }))
}

pub(super) fn python_enum(vector: &Vector) -> Output {
    let source = page(enumeration(&vector.input)?, Language::Python, &host())?;
    let start = source.find("class ").unwrap_or_default();
    Ok(source[start..].trim_end().into())
}

pub(super) fn kotlin(vector: &Vector) -> Output {
    let form = |kotlin_open| {
        let conventions = Conventions { kotlin_open, ..Conventions::default() };
        let host = Host { conventions, ..host() };
        if text(&vector.input, "ask").is_some_and(|ask| ask.contains("imports")) {
            let source = page(record(&[]), Language::Kotlin, &host)?;
            let imports = source.lines().filter_map(|line| line.strip_prefix("import "));
            return Ok(imports.collect::<Vec<_>>().into());
        }
        member_line(vector, Language::Kotlin, &host, |line| line.contains("var "))
    };
    Ok(json!({ KOTLIN_CLOSED: form(false)?, KOTLIN_OPEN: form(true)? }))
}

pub(super) fn typescript(vector: &Vector) -> Output {
    let is_member =
        |line: &str| line.starts_with("public ") && !line.starts_with("public constructor");
    member_line(vector, Language::TypeScript, &host(), is_member)
}

/// A host like the one that the vectors were taken from.
fn host() -> Host {
    Host {
        title: "Vectors".to_owned(),
        base_path: "/vectors",
        names: NameStyle::Camel,
        properties_optional: false,
        conventions: Conventions::default(),
        operations: Vec::new(),
    }
}

/// The line of the vector's member in a page.
fn member_line(
    vector: &Vector,
    language: Language,
    host: &Host,
    is_member: impl Fn(&str) -> bool,
) -> Output {
    let declared = text(&vector.input, "member")
        .ok_or_else(|| Unsupported::because("an input without a member"))?;
    let Declared { name, value, interface, named, required } =
        csharp::member(declared, language)
            .ok_or_else(|| Unsupported::because(format!("the member {declared}")))?;
    let source = page(
        record(leaked(vec![MemberMeta { required, ..made::member(name, value, interface) }])),
        language,
        host,
    )?;
    let line = source.lines().map(str::trim).find(|line| is_member(line)).unwrap_or_default();
    Ok(line.replace(csharp::PLACEHOLDER, named.unwrap_or_default()).into())
}

fn page(request: TypeMeta, language: Language, host: &Host) -> Result<String, Unsupported> {
    let operation = Operation {
        request: leak(request),
        response: None,
        response_source: ResponseSource::ServiceMethod,
        effect: Effect::Reads,
        ..Operation::of::<csharp::Nothing, csharp::Nothing>()
    };
    operation_source(host, leak(operation), language)
        .ok_or_else(|| Unsupported::because(language.title()))
}

fn record(members: &'static [MemberMeta]) -> TypeMeta {
    TypeMeta { kind: TypeKind::Record, members, enum_members: &[], ..made::record("Vector") }
}

/// `{"enum": ..., "members": [...], "values": [...]}`, and `"flags": true`.
fn enumeration(input: &Value) -> Result<TypeMeta, Unsupported> {
    let list = |name: &str| input.get(name).and_then(Value::as_array);
    let (Some(name), Some(names)) = (text(input, "enum"), list("members")) else {
        return Err(Unsupported::because("an enum without name or members"));
    };
    let (name, has_attribute) =
        name.strip_prefix("[Flags] ").map_or((name, false), |plain| (plain, true));
    let number = |index: usize| {
        let given = list("values").and_then(|values| values.get(index)?.as_i64());
        given.map_or(i32::try_from(index), i32::try_from).unwrap_or_default()
    };
    let member = |(index, name): (usize, &Value)| EnumMember {
        name: leak(name.as_str().unwrap_or_default().to_owned()),
        number: number(index),
        member: None,
    };
    let is_flags = has_attribute || input.get("flags").and_then(Value::as_bool).unwrap_or_default();
    Ok(TypeMeta {
        kind: if is_flags { TypeKind::FlagsEnum } else { TypeKind::Enum },
        enum_members: leaked(names.iter().enumerate().map(member).collect()),
        ..made::record(leak(name.to_owned()))
    })
}
