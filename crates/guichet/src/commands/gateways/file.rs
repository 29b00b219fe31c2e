//! The file of `--gateways`: one table a gateway. Whatever is not understood stops the start, with
//! one sentence that names the place.

use std::collections::BTreeMap;
use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail, ensure};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::secret::SecretPlace;

/// How publishable keys of Stripe begin.
const PUBLISHABLE_PREFIX: &str = "pk_";

/// The longest publishable key, in bytes.
const PUBLISHABLE_KEY_LENGTH_MAX: usize = 255;

/// The longest name of a gateway; it stands in addresses and in the names of accounts.
const NAME_LENGTH_MAX: usize = 40;

/// The most gateways of one server.
const GATEWAYS_MAX: usize = 64;

/// Milliseconds that a gateway may be given to answer, or its call to leave.
const TIME_RANGE_MS: RangeInclusive<u32> = 1_000..=120_000;

/// Milliseconds between two questions whether a payer has answered.
const POLL_RANGE_MS: RangeInclusive<u32> = 500..=60_000;

/// Seconds that a payer may be given to answer on the phone.
const APPROVAL_RANGE_S: RangeInclusive<u32> = 30..=3_600;

/// One gateway of the file.
#[derive(Debug)]
pub(super) struct Described {
    pub(super) name: String,
    pub(super) common: Common,
    pub(super) kind: Kind,
}

/// What every gateway may say.
#[derive(Debug, Deserialize)]
pub(super) struct Common {
    /// Where the provider is; each kind has its own.
    pub(super) base_url: Option<String>,
    /// How long it may take to answer.
    #[serde(default = "deadline_ms")]
    pub(super) deadline_ms: u32,
    /// How long after the order its payment may still be sent.
    #[serde(default = "send_within_ms")]
    pub(super) send_within_ms: u32,
    /// Whom to trust to vouch for the provider, PEM; else the usual authorities.
    pub(super) root_certificate_file: Option<PathBuf>,
}

/// The members of [`Common`], which no other table has.
const COMMON_KEYS: [&str; 4] =
    ["base_url", "deadline_ms", "send_within_ms", "root_certificate_file"];

fn deadline_ms() -> u32 {
    30_000
}

fn send_within_ms() -> u32 {
    10_000
}

/// What a gateway is, and what only this kind has.
#[derive(Debug)]
pub(super) enum Kind {
    Sandbox(SandboxTable),
    Stripe(StripeTable),
    Borgun(BorgunTable),
    Phone(PhoneTable),
}

/// `kind = "sandbox"`: inside the server, or at `base_url`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SandboxTable {
    /// Whether it asks payers on phones and takes no cards.
    #[serde(default)]
    pub(super) asks_phones: bool,
    /// What its messages are signed with.
    pub(super) callback_secret: Option<SecretPlace>,
}

/// `kind = "stripe"`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StripeTable {
    pub(super) secret_key: SecretPlace,
    #[serde(default)]
    pub(super) webhook_secrets: Vec<SecretPlace>,
    /// What browsers show to Stripe, in clear: it is no secret.
    pub(super) publishable_key: Option<String>,
    #[serde(default)]
    pub(super) raw_cards: bool,
}

/// `kind = "borgun"`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BorgunTable {
    pub(super) private_token: SecretPlace,
    pub(super) public_token: Option<SecretPlace>,
    #[serde(default)]
    pub(super) authorization: AuthorizationForm,
    #[serde(default)]
    pub(super) event_secrets: Vec<SecretPlace>,
    #[serde(default)]
    pub(super) verify_cards: bool,
    #[serde(default)]
    pub(super) resend_same_order_id: bool,
}

/// How Borgun's tokens are written into the header.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum AuthorizationForm {
    #[default]
    Private,
    Bare,
    Pair,
}

/// `kind = "phone"`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PhoneTable {
    pub(super) app_key: SecretPlace,
    pub(super) secrets: Vec<SecretPlace>,
    #[serde(default)]
    pub(super) signing: SigningForm,
    #[serde(default)]
    pub(super) confirmation: ConfirmationForm,
    pub(super) callback_url: Option<String>,
    pub(super) description: Option<String>,
    #[serde(default = "poll_ms")]
    pub(super) poll_ms: u32,
    #[serde(default = "approval_within_s")]
    pub(super) approval_within_s: u32,
}

/// How messages are signed.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SigningForm {
    #[default]
    Hash,
    Hmac,
}

/// Whose yes makes a cart a payment.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ConfirmationForm {
    #[default]
    Till,
    Payer,
}

fn poll_ms() -> u32 {
    2_000
}

fn approval_within_s() -> u32 {
    300
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Root {
    gateway: BTreeMap<String, toml::Table>,
}

/// Reads the file.
///
/// # Errors
/// A sentence that names the file, the gateway and what to do.
pub(super) fn read(path: &Path) -> anyhow::Result<Vec<Described>> {
    let text = fs::read_to_string(path)
        .with_context(|| format!("the gateways in {} cannot be read", path.display()))?;
    parse(&text).with_context(|| format!("{} is not right", path.display()))
}

fn parse(text: &str) -> anyhow::Result<Vec<Described>> {
    let root: Root = toml::from_str(text).map_err(|error| located(text, &error))?;
    ensure!(
        (1..=GATEWAYS_MAX).contains(&root.gateway.len()),
        "it must describe 1 to {GATEWAYS_MAX} gateways, each in a table [gateway.NAME]"
    );
    let described = root.gateway.into_iter().map(|(name, table)| {
        let place = format!("[gateway.{name}]");
        describe(name, table).context(place)
    });
    described.collect()
}

/// The error with its line and without the line's text, which may hold a secret.
fn located(text: &str, error: &toml::de::Error) -> anyhow::Error {
    let start = error.span().map_or(0, |span| span.start.min(text.len()));
    let line = text.as_bytes()[..start].iter().filter(|byte| **byte == b'\n').count() + 1;
    anyhow!("line {line}: {}", one_line(error.message()))
}

fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn describe(name: String, mut table: toml::Table) -> anyhow::Result<Described> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    ensure!(
        (1..=NAME_LENGTH_MAX).contains(&name.len()) && name.bytes().all(plain),
        "a gateway's name has 1 to {NAME_LENGTH_MAX} letters, digits, dashes and underscores"
    );
    let kind = table.remove("kind").and_then(|kind| kind.as_str().map(str::to_owned));
    let mut shared = toml::Table::new();
    for key in COMMON_KEYS {
        shared.extend(table.remove_entry(key));
    }
    let common: Common = filled(shared)?;
    check_range("deadline_ms", common.deadline_ms, &TIME_RANGE_MS)?;
    check_range("send_within_ms", common.send_within_ms, &TIME_RANGE_MS)?;
    let kind = match kind.as_deref() {
        Some("sandbox") => Kind::Sandbox(filled(table)?),
        Some("stripe") => Kind::Stripe(publishable(filled(table)?)?),
        Some("borgun") => Kind::Borgun(filled(table)?),
        Some("phone") => Kind::Phone(checked(filled(table)?)?),
        _ => bail!("kind must be \"sandbox\", \"stripe\", \"borgun\" or \"phone\""),
    };
    Ok(Described { name, common, kind })
}

fn checked(phone: PhoneTable) -> anyhow::Result<PhoneTable> {
    check_range("poll_ms", phone.poll_ms, &POLL_RANGE_MS)?;
    check_range("approval_within_s", phone.approval_within_s, &APPROVAL_RANGE_S)?;
    ensure!(!phone.secrets.is_empty(), "secrets must name one secret at least");
    Ok(phone)
}

/// A secret key in the place of the other would be shown to every buyer.
fn publishable(stripe: StripeTable) -> anyhow::Result<StripeTable> {
    let fits = |key: &String| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let length = PUBLISHABLE_PREFIX.len() + 1..=PUBLISHABLE_KEY_LENGTH_MAX;
        key.starts_with(PUBLISHABLE_PREFIX) && length.contains(&key.len()) && key.bytes().all(plain)
    };
    ensure!(
        stripe.publishable_key.as_ref().is_none_or(fits),
        "publishable_key is the key of the account that begins with {PUBLISHABLE_PREFIX}"
    );
    Ok(stripe)
}

fn check_range(key: &str, value: u32, range: &RangeInclusive<u32>) -> anyhow::Result<()> {
    ensure!(range.contains(&value), "{key} must be {} to {}", range.start(), range.end());
    Ok(())
}

fn filled<T: DeserializeOwned>(table: toml::Table) -> anyhow::Result<T> {
    table.try_into().map_err(|error: toml::de::Error| anyhow!(one_line(error.message())))
}

#[cfg(test)]
mod tests {
    use super::{Kind, parse};

    const STRIPE: &str = "[gateway.cards]\nkind = \"stripe\"\nsecret_key = { file = \"k\" }\n";

    /// The causes of an error in one line, as the program prints them.
    fn told(text: &str) -> String {
        match parse(text) {
            Ok(_) => "fine".into(),
            Err(error) => format!("{error:#}"),
        }
    }

    /// Proves that each slip of whoever writes the file is told in one sentence with its place.
    #[test]
    fn slips_are_told_in_one_sentence() {
        let check = |text: &str, expected: &str| {
            let came = told(text);
            assert!(came.contains(expected), "{text}\n{came}");
            assert!(!came.contains('\n'), "{came}");
            assert!(!came.contains("sk_live"), "{came}");
        };
        check(STRIPE, "fine");
        check("", "missing field `gateway`");
        check("[gateway]", "it must describe 1 to 64 gateways");
        check("[gateways.x]\nkind = \"sandbox\"", "line 1: unknown field `gateways`");
        check("[gateway.x]\nkind = ", "line 2: ");
        check("[gateway.x]\nkind = \"sandbox\"\n[gateway.x]\n", "line 3: duplicate key");
        check("[gateway.x]", "[gateway.x]: kind must be");
        check("[gateway.x]\nkind = \"paypal\"", "[gateway.x]: kind must be");
        check("[gateway.\"a b\"]\nkind = \"sandbox\"", "a gateway's name has 1 to 40");
        check("[gateway.x]\nkind = \"stripe\"", "[gateway.x]: missing field `secret_key`");
        check(&format!("{STRIPE}raw_card = true"), "[gateway.cards]: unknown field `raw_card`");
        check(&format!("{STRIPE}raw_cards = 1"), "[gateway.cards]: invalid type");
        check(&format!("{STRIPE}deadline_ms = 10"), "deadline_ms must be 1000 to 120000");
        check(&format!("{STRIPE}send_within_ms = -1"), "[gateway.cards]: invalid value");
        let own = "[gateway.cards]\nkind = \"stripe\"\nsecret_key = \"sk_live_1\"";
        check(own, "a secret is named by { file = \"PATH\" } or { env = \"VARIABLE\" }");
        let both = "[gateway.cards]\nkind = \"stripe\"\nsecret_key = { file = \"a\", env = \"b\" }";
        check(both, "a secret is named by");
        check(&format!("{STRIPE}webhook_secrets = [\"sk_live_1\"]"), "a secret is named by");
        let told = "publishable_key is the key of the account that begins with pk_";
        check(&format!("{STRIPE}publishable_key = \"pk_test_1\""), "fine");
        check(&format!("{STRIPE}publishable_key = \"sk_live_1\""), told);
        check(&format!("{STRIPE}publishable_key = \"pk_\\\"><b>\""), told);
        let phone = "[gateway.p]\nkind = \"phone\"\napp_key = { env = \"K\" }\n";
        check(&format!("{phone}secrets = []"), "secrets must name one");
        check(&format!("{phone}secrets = [{{ env = \"S\" }}]\npoll_ms = 1"), "poll_ms must be");
        check(&format!("{phone}secrets = []\nsigning = \"md5\""), "unknown variant `md5`");
    }

    /// Proves what a table that says little stands for.
    #[test]
    fn what_is_not_said_has_its_usual_value() {
        let described = parse(STRIPE).unwrap();
        let [cards] = &described[..] else { panic!("{described:?}") };
        assert_eq!((cards.common.deadline_ms, cards.common.send_within_ms), (30_000, 10_000));
        let Kind::Stripe(stripe) = &cards.kind else { panic!("{cards:?}") };
        assert!(!stripe.raw_cards && stripe.webhook_secrets.is_empty());
    }
}
