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

    /// A request's list changes exactly the options it names.
    #[test]
    fn jsconfig_sets_what_it_names() {
        let mut settings = Settings::default();
        settings.apply_jsconfig("eccn, INV,dh:utm,tsh:sf,teai:false,unknown:1,edv");
        let expected = Settings {
            names: NameStyle::Camel,
            dates: DateHandler::UnixTimeMs,
            durations: DurationHandler::StandardFormat,
            include_null_values: true,
            exclude_default_values: true,
            ..Settings::default()
        };
        assert_eq!(settings, expected);
        settings.apply_jsconfig("emitcamelcasenames:false,tode:false");
        assert_eq!(settings.names, NameStyle::Pascal);
    }

    /// A client cannot talk a strict operation into guessing.
    #[test]
    fn jsconfig_cannot_switch_strictness_off() {
        let mut settings = Settings::default().strictly();
        settings.apply_jsconfig("tode:false");
        assert!(settings.strict);
    }
}
