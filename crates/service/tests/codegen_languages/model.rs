//! A host with every sort of type and member, and one whose texts try to become code.

use service::Dto;
use service::access::Access;
use service::host::{Conventions, Host};
use service::operation::{Effect, Operation, ResponseSource, Route};
use service::status::ResponseStatus;
use service::types::{Bytes, DateTime, Decimal, Guid, Map, SecretText, TimeSpan};
use wire::NameStyle;

/// Both hosts, the peaceful one first.
pub(crate) fn hosts() -> Vec<Host> {
    let host = |title: &str, base_path, names, operations| Host {
        title: title.to_owned(),
        base_path,
        names,
        properties_optional: false,
        conventions: Conventions::default(),
        operations,
    };
    vec![
        host("Samples", "/samples", NameStyle::Camel, vec![&SAVE, &FIND, &FORGET]),
        host("Attacks", "/attacks", NameStyle::Pascal, vec![&ATTACK]),
    ]
}

/// Writes, and says itself what it returns.
pub(crate) static SAVE: Operation = Operation {
    routes: &[Route::new("POST", "/everything"), Route::new("PUT", "/everything/{Number}")],
    description: Some("Saves one of every kind."),
    access: Access::OPEN,
    effect: Effect::Writes,
    tags: &["samples"],
    ..Operation::of::<SaveEverything, SaveEverythingResponse>()
};

/// Reads; only the service knows what it returns.
static FIND: Operation = Operation {
    routes: &[Route::new("", "/find")],
    access: Access::OPEN,
    response_source: ResponseSource::ServiceMethod,
    ..Operation::of::<FindNodes, Node>()
};

/// Returns nothing.
static FORGET: Operation = Operation {
    routes: &[Route::new("DELETE", "/everything")],
    access: Access::OPEN,
    effect: Effect::Writes,
    response: None,
    ..Operation::of::<Forget, Node>()
};

/// Tries to get out of comments and strings.
static ATTACK: Operation = Operation {
    routes: &[Route::new("GET", "/attack/\"); PWNED(); (\"\\")],
    access: Access::OPEN,
    ..Operation::of::<Attack, Attack>()
};

/// Written by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Dto)]
#[dto(namespace = "Sample.ServiceModel.Types")]
pub(crate) enum Color {
    #[default]
    Red,
    Green,
}

/// Written by name, with numbers of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Dto)]
#[dto(namespace = "Sample.ServiceModel.Types", description = "Where an order stands.")]
pub(crate) enum Stage {
    #[default]
    #[dto(value = 0)]
    Open,
    #[dto(value = 10)]
    Closed,
}

/// Written by other texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Dto)]
#[dto(namespace = "Sample.ServiceModel.Types")]
pub(crate) enum Size {
    #[default]
    #[dto(member = "small \"s\"")]
    Small,
    #[dto(member = "large")]
    Large,
}

/// Written as a number, any sum of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Dto)]
#[dto(namespace = "Sample.ServiceModel.Types", flags)]
pub(crate) enum Rights {
    #[default]
    #[dto(value = 0)]
    None,
    #[dto(value = 1)]
    Read,
    #[dto(value = 2)]
    Write,
    #[dto(other)]
    Other(i32),
}

/// Written as a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Dto)]
#[dto(namespace = "Sample.ServiceModel.Types", as_integer)]
pub(crate) enum Level {
    #[default]
    #[dto(value = 1)]
    Low,
    #[dto(value = 2)]
    High,
}

/// What others derive from.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Sample.ServiceModel.Types", data_contract)]
pub(crate) struct Entity {
    #[dto(order = 1)]
    pub(crate) id: i64,
    #[dto(data_member = "created_on", order = 2)]
    pub(crate) created: Option<DateTime>,
}

/// Nests in itself.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Sample.ServiceModel.Types")]
pub(crate) struct Node {
    #[dto(base)]
    pub(crate) entity: Entity,
    pub(crate) name: Option<String>,
    pub(crate) children: Option<Vec<Node>>,
}

/// One member of every kind.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(
    namespace = "Sample.ServiceModel",
    implements = "IAudited",
    attribute = "ApiResponse(Description=\"Done\", ResponseType=typeof(SaveEverythingResponse), \
                 StatusCode=200)"
)]
pub(crate) struct SaveEverything {
    pub(crate) flag: bool,
    #[dto(description = "How many.", required, parameter = "path")]
    pub(crate) number: i32,
    pub(crate) large: i64,
    pub(crate) ratio: f64,
    pub(crate) price: Decimal,
    pub(crate) starts: DateTime,
    pub(crate) lasts: TimeSpan,
    #[dto(name = "OrderID")]
    pub(crate) order_id: Guid,
    #[dto(description = "What it is called.", required)]
    pub(crate) title: Option<String>,
    pub(crate) secret: Option<SecretText>,
    pub(crate) picture: Option<Bytes>,
    pub(crate) maybe_flag: Option<bool>,
    pub(crate) maybe_number: Option<i32>,
    pub(crate) maybe_price: Option<Decimal>,
    pub(crate) maybe_starts: Option<DateTime>,
    pub(crate) color: Color,
    pub(crate) maybe_color: Option<Color>,
    pub(crate) stage: Stage,
    pub(crate) size: Size,
    pub(crate) rights: Rights,
    pub(crate) level: Level,
    pub(crate) root: Option<Node>,
    pub(crate) numbers: Option<Vec<i32>>,
    pub(crate) texts: Option<Vec<Option<String>>>,
    pub(crate) nodes: Option<Vec<Node>>,
    #[dto(interface)]
    pub(crate) read_only: Option<Vec<Node>>,
    pub(crate) lists: Option<Vec<Option<Vec<Option<String>>>>>,
    pub(crate) meta: Option<Map<String, Option<String>>>,
    pub(crate) by_number: Option<Map<i32, Node>>,
}

/// Names that some language keeps for itself.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Sample.ServiceModel")]
pub(crate) struct SaveEverythingResponse {
    #[dto(name = "class")]
    pub(crate) class: Option<String>,
    #[dto(name = "type")]
    pub(crate) kind: Option<String>,
    #[dto(name = "self")]
    pub(crate) own: Option<String>,
    #[dto(name = "End")]
    pub(crate) end: Option<String>,
    pub(crate) function: Option<String>,
    #[dto(name = "IsDefault")]
    pub(crate) is_default: bool,
    #[dto(name = "ResponseType")]
    pub(crate) response_type: Option<String>,
    pub(crate) response_status: Option<ResponseStatus>,
}

/// A request without members.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Sample.ServiceModel")]
pub(crate) struct Forget {}

/// A request of few.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Sample.ServiceModel", description = "Finds nodes.")]
pub(crate) struct FindNodes {
    pub(crate) query: Option<String>,
    pub(crate) take: Option<i32>,
}

/// Every way out of a comment or a string that some language knows, each followed by a call.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(
    namespace = "Attack.ServiceModel",
    description = "*/ PWNED() /* *) PWNED() (* \"\"\" PWNED() \
    ''' PWNED() `` PWNED() ${PWNED()} #{PWNED()} \\(PWNED()) \\u002a/ PWNED() \\u000a PWNED() \n \
    PWNED() \r PWNED() \u{2028} PWNED() \u{85} PWNED() \u{0} ?> PWNED() <? =end PWNED() =begin \
    \u{201d} PWNED() \u{202e} \u{2066} \u{feff} \\"
)]
pub(crate) struct Attack {
    #[dto(description = "\"); PWNED(); (\"\" PWNED() \" & PWNED() & \" \u{201d} PWNED() \n=end\n\
        PWNED()\n*/ PWNED() \\\") PWNED() \\u0022 PWNED() ${PWNED()} #{PWNED()} \\(PWNED()) \
        ?> PWNED() <?")]
    pub(crate) text: Option<String>,
    pub(crate) word: Word,
}

/// Its texts want to be code too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Dto)]
#[dto(namespace = "Attack.ServiceModel")]
pub(crate) enum Word {
    #[default]
    #[dto(member = "\"; PWNED(); ' \\\" PWNED() `PWNED()` ${PWNED()} #{PWNED()} \n PWNED()")]
    One,
    #[dto(member = "'; PWNED(); ' \\' PWNED() ${PWNED()} #{PWNED()}")]
    Two,
}
