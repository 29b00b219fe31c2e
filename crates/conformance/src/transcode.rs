//! Reading a value of a named type from one format and writing it in another.

use service::dto::Described;
use service::types::{Bytes, DateTime, Decimal, Guid, Map, TimeSpan};
use wire::source::Reading;
use wire::{Problems, Settings, Value, csv, json, jsv, query};

use crate::types::{
    Code, Color, CustomRoute, Derived, Hello, HelloResponse, Holder, Nested, PascalIds, Permission,
    Person, Resp, Resp2, Status, Str, Sub, T2, Table,
};

/// What a value is read from.
#[derive(Clone, Copy)]
pub(crate) enum Input<'t> {
    /// A JSON document of any type; the way vectors state values.
    Json(&'t str),
    /// A JSV document or value.
    Jsv(&'t str),
    /// The decoded value of one parameter.
    Parameter(&'t str),
    /// A CSV document.
    Csv(&'t str),
}

/// What a value is written as.
#[derive(Clone, Copy)]
pub(crate) enum Output {
    Json,
    Jsv,
    Query,
    Csv,
}

type Transcode = fn(Input<'_>, Output, &Settings) -> Result<String, Problems>;

/// A function that reads and writes values of the type that `name` means; `None` for an unknown
/// name. `Dictionary<…>` and its interface are `Dict<…>`; other collections and `X[]` are
/// `List<X>`; blanks do not count.
pub(crate) fn of_type(name: &str) -> Option<Transcode> {
    const LISTS: [&str; 7] =
        ["HashSet<", "ISet<", "Queue<", "Stack<", "IEnumerable<", "ICollection<", "IList<"];
    let name: String = name.chars().filter(|letter| !letter.is_whitespace()).collect();
    let name = name.replace("IDictionary<", "Dict<").replace("Dictionary<", "Dict<");
    let name = LISTS.iter().fold(name, |name, list| name.replace(list, "List<"));
    match name.strip_suffix("[]") {
        Some("byte") | None => lookup(&name),
        Some(item) => lookup(&format!("List<{item}>")),
    }
}

/// One arm a type, and for each the lists and dictionaries of it.
macro_rules! types {
    ($name:expr; $($text:literal => $type:ty),+ $(,)?) => {
        match $name {
            $(
                $text => Some(transcode::<$type>),
                concat!("List<", $text, ">") => Some(transcode::<Vec<$type>>),
                concat!("List<List<", $text, ">>") => Some(transcode::<Vec<Vec<$type>>>),
                concat!("Dict<string,", $text, ">") => Some(transcode::<Map<String, $type>>),
                concat!("Dict<string,List<", $text, ">>") => {
                    Some(transcode::<Map<String, Option<Vec<$type>>>>)
                }
            )+
            _ => None,
        }
    };
}

/// One arm a key type of a dictionary.
macro_rules! keys {
    ($name:expr; $($text:literal => $type:ty),+ $(,)?) => {
        match $name {
            $(
                concat!("Dict<", $text, ",int>") => Some(transcode::<Map<$type, i32>>),
                concat!("Dict<", $text, ",bool>") => Some(transcode::<Map<$type, bool>>),
                concat!("Dict<", $text, ",string>") => {
                    Some(transcode::<Map<$type, Option<String>>>)
                }
                concat!("Dict<", $text, ",Sub>") => Some(transcode::<Map<$type, Option<Sub>>>),
            )+
            _ => None,
        }
    };
}

fn lookup(name: &str) -> Option<Transcode> {
    let found: Option<Transcode> = types! { name;
        "string" => Option<String>, "bool" => bool, "int" => i32, "long" => i64,
        "double" => f64, "decimal" => Decimal, "DateTime" => DateTime, "TimeSpan" => TimeSpan,
        "Guid" => Guid, "byte[]" => Option<Bytes>, "bool?" => Option<bool>, "int?" => Option<i32>,
        "decimal?" => Option<Decimal>, "DateTime?" => Option<DateTime>, "Color" => Color,
        "Str" => Option<Str>, "Sub" => Option<Sub>, "T2" => Option<T2>, "Resp" => Option<Resp>,
        "Resp2" => Option<Resp2>, "Nested" => Option<Nested>, "Person" => Option<Person>,
        "char" => Option<String>, "Uri" => Option<String>, "float" => f64,
    };
    let with_keys: Option<Transcode> = keys! { name;
        "int" => i32, "long" => i64, "bool" => bool, "decimal" => Decimal, "Guid" => Guid,
        "DateTime" => DateTime, "TimeSpan" => TimeSpan, "Color" => Color,
    };
    found.or(with_keys).or_else(|| plain(name))
}

/// Types that are not put into lists and dictionaries.
fn plain(name: &str) -> Option<Transcode> {
    Some(match name {
        "List<Dict>" | "List<Dict<string,string>>" => {
            transcode::<Vec<Option<Map<String, Option<String>>>>>
        }
        "Dict<string,Dict<string,string>>" => {
            transcode::<Map<String, Option<Map<String, Option<String>>>>>
        }
        "Dict" | "Dict<string,object>" => transcode::<Map<String, Option<String>>>,
        "Dict<string,Dict<string,int>>" => transcode::<Map<String, Option<Map<String, i32>>>>,
        "Table" => transcode::<Table>,
        "PascalIds" => transcode::<PascalIds>,
        "Holder" => transcode::<Holder>,
        "Derived" => transcode::<Derived>,
        "Hello" => transcode::<Hello>,
        "Code" => transcode::<Code>,
        "Permission" => transcode::<Permission>,
        "Status" => transcode::<Status>,
        _ => return None,
    })
}

/// The description of the record that `name` means.
pub(crate) fn meta_of(name: &str) -> Option<&'static wire::TypeMeta> {
    Some(match name {
        "Str" => Str::META,
        "Sub" => Sub::META,
        "T2" => T2::META,
        "Resp" => Resp::META,
        "Resp2" => Resp2::META,
        "Nested" => Nested::META,
        "PascalIds" => PascalIds::META,
        "Holder" => Holder::META,
        "Derived" => Derived::META,
        "Hello" => Hello::META,
        "HelloResponse" => HelloResponse::META,
        "CustomRoute" => CustomRoute::META,
        "Person" => Person::META,
        _ => return None,
    })
}

fn transcode<T: Value>(
    input: Input<'_>,
    output: Output,
    settings: &Settings,
) -> Result<String, Problems> {
    let mut value = T::default();
    match input {
        Input::Json(text) => {
            let mut reading = Reading::of_body(settings);
            let mut reader = json::Reader::new(text.as_bytes(), settings)?;
            value.read(&mut reader, &mut reading)?;
            reader.finish()?;
            reading.finish()?;
        }
        Input::Jsv(text) => {
            let mut reading = Reading::of_body(settings);
            let mut reader = jsv::Reader::of_value(text, settings)?;
            value.read(&mut reader, &mut reading)?;
            reader.finish()?;
            reading.finish()?;
        }
        Input::Parameter(text) => {
            jsv::read_value(text, &mut value, settings)?;
        }
        Input::Csv(text) => csv::read(text.as_bytes(), &mut value, settings)?,
    }
    let mut bytes = Vec::new();
    match output {
        Output::Json => json::write(&value, settings, &mut bytes),
        Output::Jsv => jsv::write(&value, settings, &mut bytes),
        Output::Query => query::write(&value, settings, &mut bytes),
        Output::Csv => csv::write(&value, settings, &mut bytes),
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
