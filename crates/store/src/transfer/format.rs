//! The lines of a stream.
//!
//! ```text
//! {"guichet_export":1,"at":1782000000000000,"files":[{"name":"scan-code.key","hex":"07…"}]}
//! {"block":{"kind":"Sale","block":0,"shard":7}}
//! {"record":{"table":"sale","shard":7,"number":1,"body":{…}}}
//! {"posting":{"shard":7,"sale":1,…}}
//! {"due":{"shard":7,"at":1782000040000000,"table":"sale","number":2}}
//! {"balance":{"shard":7,"account":"owner_payable:1","currency":"ISK","amount":-4750}}
//! {"owed":{"shard":7,"id":1,"effect":{…}}}
//! {"end":{"rows":{"sale":2,…},"sums":[…],"sha256":"9f86…"}}
//! ```
//!
//! Blocks come first, then shard by shard its aggregates by kind and key (the postings of sales
//! behind each page of them), its work and its balances; what is owed comes last.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::effect::Effect;
use domain::facts::Key;
use domain::ids::{NumberKind, Shard};
use domain::ledger::Posting;
use domain::record::{Kind, Record};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::attachment::Attachment;
use crate::records::{self, TABLES};
use crate::sums::LedgerSum;

/// The form of a stream; one that is newer than the program is refused.
pub const FORMAT_VERSION: u32 = 1;

/// The first line.
#[derive(Serialize, Deserialize)]
pub(super) struct Header {
    #[serde(rename = "guichet_export")]
    pub(super) version: u32,
    /// The latest moment at which anything was decided, or at which the stream was written.
    pub(super) at: Timestamp,
    pub(super) files: Vec<FileLine>,
}

/// A small file that travels along.
#[derive(Serialize, Deserialize)]
pub(super) struct FileLine {
    name: String,
    hex: String,
}

impl FileLine {
    pub(super) fn of(file: &Attachment) -> FileLine {
        FileLine { name: file.name().to_owned(), hex: to_hex(file.bytes()) }
    }

    pub(super) fn read(self) -> Option<Attachment> {
        Attachment::new(self.name, from_hex(&self.hex)?)
    }
}

/// Every other line.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line<'a> {
    Block(BlockLine),
    #[serde(borrow)]
    Record(RecordLine<'a>),
    Posting(Posting),
    Due(DueLine<'a>),
    Balance(BalanceLine<'a>),
    Owed(OwedLine),
    End(End),
}

#[derive(Serialize, Deserialize)]
pub(super) struct BlockLine {
    pub(super) kind: NumberKind,
    pub(super) block: u32,
    pub(super) shard: Shard,
}

/// An aggregate: its address and its body, as it describes itself.
#[derive(Serialize, Deserialize)]
pub(super) struct RecordLine<'a> {
    #[serde(borrow)]
    table: Cow<'a, str>,
    shard: Shard,
    number: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hash: Option<String>,
    #[serde(borrow)]
    body: Cow<'a, RawValue>,
}

impl RecordLine<'static> {
    pub(super) fn of(record: &Record) -> Result<RecordLine<'static>, String> {
        let Key { shard, kind, number, hash } = record.key();
        let mut body = Vec::new();
        records::encode(record, &mut body)?;
        let body = String::from_utf8(body).map_err(|error| error.to_string())?;
        let body = RawValue::from_string(body).map_err(|error| error.to_string())?;
        Ok(RecordLine {
            table: Cow::Borrowed(table_of(kind)),
            shard,
            number,
            hash: (hash != 0).then(|| format!("{hash:032x}")),
            body: Cow::Owned(body),
        })
    }
}

impl RecordLine<'_> {
    /// The aggregate, if it belongs to the address it comes with.
    pub(super) fn read(&self) -> Result<Record, String> {
        let kind = kind_of(&self.table).ok_or("a table this program does not know")?;
        let hash = self.hash.as_deref().map_or(Ok(0), |hash| u128::from_str_radix(hash, 16));
        let hash = hash.map_err(|error| error.to_string())?;
        let key = Key { shard: self.shard, kind, number: self.number, hash };
        let record = records::decode(&key, self.body.get().as_bytes())?;
        if record.key() == key { Ok(record) } else { Err("it belongs elsewhere".to_owned()) }
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct DueLine<'a> {
    pub(super) shard: Shard,
    pub(super) at: Timestamp,
    #[serde(borrow)]
    pub(super) table: Cow<'a, str>,
    pub(super) number: u32,
}

#[derive(Serialize, Deserialize)]
pub(super) struct BalanceLine<'a> {
    pub(super) shard: Shard,
    #[serde(borrow)]
    pub(super) account: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) currency: Cow<'a, str>,
    pub(super) amount: i64,
}

#[derive(Serialize, Deserialize)]
pub(super) struct OwedLine {
    pub(super) shard: Shard,
    pub(super) id: u32,
    pub(super) effect: Effect,
}

/// The last line.
#[derive(Serialize, Deserialize)]
pub(super) struct End {
    pub(super) rows: BTreeMap<String, u64>,
    pub(super) sums: Vec<LedgerSum>,
    /// Of the header and of the digest over all lines between it and this one.
    pub(super) sha256: String,
}

/// The name of the table that holds a kind.
pub(super) fn table_of(kind: Kind) -> &'static str {
    records::table_of(kind).map_or("", |table| table.name)
}

fn kind_of(name: &str) -> Option<Kind> {
    TABLES.iter().find(|table| table.name == name).map(|table| table.kind)
}

pub(super) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let pairs = digits?;
    let byte = |pair: &[u32]| match *pair {
        [high, low] => u8::try_from(high << 4 | low).ok(),
        _ => None,
    };
    pairs.chunks(2).map(byte).collect()
}
