//! The code that Swift cannot make itself: how a class comes out of a document and gets into one.

use super::Writer;
use super::names::string;
use crate::codegen::model::ModelType;
use crate::codegen::source::Source;

impl Writer<'_, '_> {
    /// Writes the keys where names differ, and all of the code where the class derives.
    pub(super) fn coding(&self, item: &ModelType<'_>, out: &mut Source) {
        let is_renamed = item.members.iter().any(|member| {
            self.property_name(item, member).trim_matches('`') != item.member_name(member)
        });
        let has_base = item.base().is_some();
        if !item.members.is_empty() && (has_base || is_renamed) {
            out.blank();
            self.keys(item, out);
        }
        if has_base {
            out.blank();
            self.decoder(item, out);
            out.blank();
            self.encoder(item, out);
        }
    }

    fn keys(&self, item: &ModelType<'_>, out: &mut Source) {
        out.block("private enum CodingKeys : String, CodingKey {", "}", |out| {
            out.lines(item.members.iter().map(|member| {
                let name = self.property_name(item, member);
                let wire_name = item.member_name(member);
                match name.trim_matches('`') == wire_name {
                    true => format!("case {name}"),
                    false => format!("case {name} = {}", string(wire_name)),
                }
            }));
        });
    }

    fn decoder(&self, item: &ModelType<'_>, out: &mut Source) {
        out.block("required public init(from decoder: Decoder) throws {", "}", |out| {
            out.line("try super.init(from: decoder)");
            if !item.members.is_empty() {
                out.line("let container = try decoder.container(keyedBy: CodingKeys.self)");
            }
            for member in &item.members {
                let name = self.property_name(item, member);
                let value = &member.meta.value;
                let is_duration = self.is_duration(value);
                let kind = if is_duration { "TimeSpan".into() } else { self.value_type(value) };
                let unwrapped = if is_duration { "?.wrappedValue" } else { "" };
                let initial = member.initial.map(|version| version.to_string());
                let default = initial.or_else(|| self.default(value).map(str::to_owned));
                let default = default.map(|it| format!(" ?? {it}")).unwrap_or_default();
                out.line(format!(
                    "{name} = try container.decodeIfPresent({kind}.self, forKey: .{name})\
                     {unwrapped}{default}"
                ));
            }
        });
    }

    fn encoder(&self, item: &ModelType<'_>, out: &mut Source) {
        out.block("public override func encode(to encoder: Encoder) throws {", "}", |out| {
            out.line("try super.encode(to: encoder)");
            if !item.members.is_empty() {
                out.line("var container = encoder.container(keyedBy: CodingKeys.self)");
            }
            for member in &item.members {
                let name = self.property_name(item, member);
                let value = &member.meta.value;
                let written = match self.is_duration(value) {
                    true => format!("TimeSpan(wrappedValue: {name})"),
                    false => name.clone(),
                };
                let write = format!("try container.encode({written}, forKey: .{name})");
                let is_set = member.initial.is_some() || self.default(value).is_some();
                out.line(match is_set {
                    true => write,
                    false => format!("if {name} != nil {{ {write} }}"),
                });
            }
        });
    }
}
