//! How a service spells and reads its documents: the framework's options that are visible on the
//! wire (`servicestack.md` §1 and §5.7).

/// How member names are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NameStyle {
    /// The declared name, untouched.
    #[default]
    Pascal,
    /// `orderID`.
    Camel,
    /// `order_i_d`; reading then ignores `_` and `-`.
    Snake,
}

/// How JSON writes a point in time. Reading takes every form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateHandler {
    /// `\/Date(1577923200000)\/`, the framework library's own default.
    TimestampOffset,
    /// `2020-01-02T03:04:05.0000000Z`, what the published services use.
    #[default]
    Iso8601,
    /// `2020-01-02`.
    Iso8601DateOnly,
    /// `2020-01-02 03:04:05`.
    Iso8601DateTime,
    /// `Thu, 02 Jan 2020 03:04:05 GMT`.
    Rfc1123,
    /// Seconds since 1970 as a number.
    UnixTime,
    /// Milliseconds since 1970 as a number.
    UnixTimeMs,
}

/// How a duration is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DurationHandler {
    /// `PT1H2M3.5S`.
    #[default]
    DurationFormat,
    /// `01:02:03.5000000`.
    StandardFormat,
}

/// The options of one reading or writing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent published option")]
pub struct Settings {
    /// How member names are written.
    pub names: NameStyle,
    /// How JSON writes dates.
    pub dates: DateHandler,
    /// How durations are written.
    pub durations: DurationHandler,
    /// A value that cannot be read is a problem, and thousands marks and one-letter booleans are
    /// refused. Off is the original's silent default.
    pub strict: bool,
    /// Null members are written as `null`.
    pub include_null_values: bool,
    /// Null dictionary values are written as `null`.
    pub include_null_values_in_dictionaries: bool,
    /// Members at the default of their type are not written.
    pub exclude_default_values: bool,
    /// Enums are written as numbers.
    pub treat_enum_as_integer: bool,
    /// A date read without zone is UTC.
    pub assume_utc: bool,
    /// Dates are turned to UTC before they are written.
    pub always_use_utc: bool,
    /// JSON is written with line breaks and four blanks a level.
    pub indent: bool,
}

impl Settings {
    /// Settings that write names in `names` and otherwise follow the published services.
    #[must_use]
    pub fn named(names: NameStyle) -> Self {
        Self { names, ..Self::default() }
    }

    /// The same settings with unreadable values reported instead of dropped.
    #[must_use]
    pub fn strictly(self) -> Self {
        Self { strict: true, ..self }
    }

    /// Applies a request's `?jsconfig=` list: `key` or `key:value`, keys long or short and in any
    /// case. An unknown key is ignored, as the original does. `eti`, `iti` and `sdtc` are known and
    /// change nothing: type information is never written, and dates are never moved between zones.
    pub fn apply_jsconfig(&mut self, list: &str) {
        for item in list.split(',').take(crate::limits::MEMBERS_MAX) {
            let (key, value) = item.split_once(':').unwrap_or((item, "true"));
            let value = value.trim().to_ascii_lowercase();
            self.apply_option(&key.trim().to_ascii_lowercase(), &value);
        }
    }

    fn apply_option(&mut self, key: &str, value: &str) {
        let on = !matches!(value, "false" | "0");
        match key {
            "eccn" | "emitcamelcasenames" => self.name_style(NameStyle::Camel, on),
            "epcn" | "emitpascalcasenames" => self.name_style(NameStyle::Pascal, on),
            "elun" | "emitlowercaseunderscorenames" => self.name_style(NameStyle::Snake, on),
            "inv" | "includenullvalues" => self.include_null_values = on,
            "invid" | "includenullvaluesindictionaries" => {
                self.include_null_values_in_dictionaries = on;
            }
            "edv" | "excludedefaultvalues" => self.exclude_default_values = on,
            "i" | "pp" | "indent" => self.indent = on,
            "dh" | "datehandler" => self.dates = date_handler(value).unwrap_or(self.dates),
            "tsh" | "timespanhandler" => {
                self.durations = duration_handler(value).unwrap_or(self.durations);
            }
            "teai" | "treatenumasinteger" => self.treat_enum_as_integer = on,
            "au" | "assumeutc" => self.assume_utc = on,
            "auu" | "alwaysuseutc" => self.always_use_utc = on,
            // A writing operation stays strict whatever a request asks for.
            "tode" | "throwondeserializationerror" if on => self.strict = true,
            _ => {}
        }
    }

    fn name_style(&mut self, style: NameStyle, on: bool) {
        if on {
            self.names = style;
        } else if self.names == style {
            self.names = NameStyle::Pascal;
        }
    }
}

fn date_handler(value: &str) -> Option<DateHandler> {
    Some(match value {
        "to" | "timestampoffset" => DateHandler::TimestampOffset,
        "iso8601" => DateHandler::Iso8601,
        "iso8601do" | "iso8601dateonly" => DateHandler::Iso8601DateOnly,
        "iso8601dt" | "iso8601datetime" => DateHandler::Iso8601DateTime,
        "rfc1123" => DateHandler::Rfc1123,
        "ut" | "unixtime" => DateHandler::UnixTime,
        "utm" | "unixtimems" => DateHandler::UnixTimeMs,
        _ => return None,
    })
}

fn duration_handler(value: &str) -> Option<DurationHandler> {
    Some(match value {
        "df" | "durationformat" => DurationHandler::DurationFormat,
        "sf" | "standardformat" => DurationHandler::StandardFormat,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(list: &str, mut settings: Settings) -> Settings {
        settings.apply_jsconfig(list);
        settings
    }

    /// The settings of a host that has every option on.
    const ALL_ON: Settings = Settings {
        names: NameStyle::Camel,
        dates: DateHandler::Rfc1123,
        durations: DurationHandler::StandardFormat,
        strict: false,
        include_null_values: true,
        include_null_values_in_dictionaries: true,
        exclude_default_values: true,
        treat_enum_as_integer: true,
        assume_utc: true,
        always_use_utc: true,
        indent: true,
    };

    /// Proves of each switch of the published table, short and long, that it sets one option, that
    /// `:false` takes back that option alone, and that letter case does not count.
    #[test]
    fn each_switch_changes_one_option() {
        type Option = fn(&mut Settings) -> &mut bool;
        let table: [(&[&str], Option); 7] = [
            (&["inv", "IncludeNullValues"], |s| &mut s.include_null_values),
            (&["edv", "ExcludeDefaultValues"], |s| &mut s.exclude_default_values),
            (&["i", "pp", "indent"], |s| &mut s.indent),
            (&["teai", "TreatEnumAsInteger"], |s| &mut s.treat_enum_as_integer),
            (&["au", "AssumeUtc"], |s| &mut s.assume_utc),
            (&["auu", "AlwaysUseUtc"], |s| &mut s.always_use_utc),
            (&["invid", "IncludeNullValuesInDictionaries"], |s| {
                &mut s.include_null_values_in_dictionaries
            }),
        ];
        for (key, option) in table.iter().flat_map(|(keys, o)| keys.iter().map(move |k| (k, o))) {
            let (mut on, mut off) = (Settings::default(), ALL_ON);
            (*option(&mut on), *option(&mut off)) = (true, false);
            for list in [(*key).to_owned(), format!(" {key}:true"), key.to_uppercase()] {
                assert_eq!(after(&list, Settings::default()), on, "{list}");
            }
            for list in [format!("{key}:false"), format!("{key}:0")] {
                assert_eq!(after(&list, ALL_ON), off, "{list}");
            }
        }
    }

    /// Proves the keys of name styles, dates and durations, short and long, and that an unknown
    /// value changes nothing.
    #[test]
    fn each_choice_has_its_keys() {
        let base = Settings { names: NameStyle::Snake, ..ALL_ON };
        for (key, names) in [
            ("eccn", NameStyle::Camel),
            ("EmitCamelCaseNames", NameStyle::Camel),
            ("epcn", NameStyle::Pascal),
            ("EmitPascalCaseNames", NameStyle::Pascal),
            ("elun:false", NameStyle::Pascal),
            ("EmitLowercaseUnderscoreNames", NameStyle::Snake),
            ("eccn:false", NameStyle::Snake),
        ] {
            assert_eq!(after(key, base), Settings { names, ..base }, "{key}");
        }
        for (key, dates) in [
            ("dh:iso8601", DateHandler::Iso8601),
            ("dh:iso8601do", DateHandler::Iso8601DateOnly),
            ("DateHandler:ISO8601DateOnly", DateHandler::Iso8601DateOnly),
            ("dh:iso8601dt", DateHandler::Iso8601DateTime),
            ("dh:ISO8601DateTime", DateHandler::Iso8601DateTime),
            ("dh:to", DateHandler::TimestampOffset),
            ("dh:TimestampOffset", DateHandler::TimestampOffset),
            ("dh:ut", DateHandler::UnixTime),
            ("dh:UnixTime", DateHandler::UnixTime),
            ("dh:utm", DateHandler::UnixTimeMs),
            ("dh:UnixTimeMs", DateHandler::UnixTimeMs),
            ("dh:rfc1123", DateHandler::Rfc1123),
            ("dh:nonsense", DateHandler::Rfc1123),
        ] {
            assert_eq!(after(key, ALL_ON), Settings { dates, ..ALL_ON }, "{key}");
        }
        for (key, durations) in [
            ("tsh:df", DurationHandler::DurationFormat),
            ("TimeSpanHandler:DurationFormat", DurationHandler::DurationFormat),
            ("tsh:sf", DurationHandler::StandardFormat),
            ("tsh:StandardFormat", DurationHandler::StandardFormat),
            ("tsh:nonsense", DurationHandler::StandardFormat),
        ] {
            assert_eq!(after(key, ALL_ON), Settings { durations, ..ALL_ON }, "{key}");
        }
    }

    /// Proves that several keys work together, that the later wins, and that `eti`, `iti`, `sdtc`
    /// and what nobody knows change nothing.
    #[test]
    fn a_list_sets_what_it_names() {
        let list = "eccn, INV,dh:utm,tsh:sf,teai:false,unknown:1,,:,edv,eti,iti,sdtc,epcn,eccn";
        let expected = Settings {
            names: NameStyle::Camel,
            dates: DateHandler::UnixTimeMs,
            durations: DurationHandler::StandardFormat,
            include_null_values: true,
            exclude_default_values: true,
            ..Settings::default()
        };
        assert_eq!(after(list, Settings::default()), expected);
        assert!(after("tode", Settings::default()).strict);
        assert!(after("ThrowOnDeserializationError", Settings::default()).strict);
    }

    /// A client cannot talk a strict operation into guessing.
    #[test]
    fn jsconfig_cannot_switch_strictness_off() {
        let mut settings = Settings::default().strictly();
        settings.apply_jsconfig("tode:false");
        assert!(settings.strict);
    }
}
