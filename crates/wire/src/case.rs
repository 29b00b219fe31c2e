//! The three name styles of the published services (`servicestack.md` §1.1), and the folding that
//! lets a client spell a name in any of them.

/// The camelCase spelling of a declared member name.
///
/// Leading capitals are lowered up to, but not including, the capital that begins the next word, so
/// `OrderID` becomes `orderID` and `IPAddress` becomes `ipAddress`. A digit is no capital, hence
/// the well-known `URL2` → `urL2`. Only ASCII letters change.
#[must_use]
pub fn camel(name: &str) -> String {
    let bytes = name.as_bytes();
    let is_upper = |index: usize| bytes.get(index).is_none_or(u8::is_ascii_uppercase);
    let lowered = (0..bytes.len())
        .take_while(|&index| {
            bytes[index].is_ascii_uppercase() && (index == 0 || is_upper(index + 1))
        })
        .count();
    let (first, rest) = name.split_at(lowered);
    first.to_ascii_lowercase() + rest
}

/// The `snake_case` spelling of a declared member name: camelCase, then every character that is
/// neither digit, lower-case letter nor `_` becomes `_` and its lower-case form.
#[must_use]
pub fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 8);
    for letter in camel(name).chars() {
        if letter.is_ascii_digit() || letter.is_lowercase() || letter == '_' {
            out.push(letter);
        } else {
            out.push('_');
            out.extend(letter.to_lowercase());
        }
    }
    out
}

/// The `PascalCase` spelling of a Rust field name: `ticket_name` becomes `TicketName`.
#[must_use]
pub fn pascal(field: &str) -> String {
    let mut out = String::with_capacity(field.len());
    for word in field.split('_') {
        let mut letters = word.chars();
        out.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        out.push_str(letters.as_str());
    }
    out
}

/// Whether two names are equal when letter case, `_` and `-` do not count, which is how a
/// snake-case service reads names (`servicestack.md` §1.7).
#[must_use]
pub fn equal_loosely(left: &str, right: &str) -> bool {
    let significant = |name: &'_ str| -> Vec<u8> {
        name.bytes().filter(|b| !matches!(b, b'_' | b'-')).map(|b| b.to_ascii_lowercase()).collect()
    };
    left.len() <= crate::limits::NAME_LENGTH_MAX && significant(left) == significant(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tables of the reference, letter for letter.
    #[test]
    fn names_follow_the_published_tables() {
        let table = [
            ("Id", "id", "id"),
            ("ID", "id", "id"),
            ("UserId", "userId", "user_id"),
            ("OrderID", "orderID", "order_i_d"),
            ("CCV", "ccv", "ccv"),
            ("TimeStampCreatedUTC", "timeStampCreatedUTC", "time_stamp_created_u_t_c"),
            ("Borgun3DFinalInfo", "borgun3DFinalInfo", "borgun3_d_final_info"),
            ("URLPath", "urlPath", "url_path"),
            ("IPAddress", "ipAddress", "ip_address"),
            ("URL2", "urL2", "ur_l2"),
            ("HTML5Page", "htmL5Page", "htm_l5_page"),
            ("A_B", "a_B", "a__b"),
            ("EventisLive", "eventisLive", "eventis_live"),
            ("JustChangedBySQL", "justChangedBySQL", "just_changed_by_s_q_l"),
            ("ImageUrl2", "imageUrl2", "image_url2"),
            ("Foo_Bar", "foo_Bar", "foo__bar"),
            ("_Private", "_Private", "__private"),
            ("description", "description", "description"),
            ("", "", ""),
        ];
        for (declared, camel_expected, snake_expected) in table {
            assert_eq!(camel(declared), camel_expected);
            assert_eq!(snake(declared), snake_expected);
        }
    }

    /// A field name gives the .NET member name it was most likely made from.
    #[test]
    fn fields_become_pascal_names() {
        assert_eq!(pascal("ticket_name"), "TicketName");
        assert_eq!(pascal("id"), "Id");
    }

    /// A snake-case service reads a name however its words are joined.
    #[test]
    fn loose_names_ignore_joints_and_case() {
        assert!(equal_loosely("order_i_d", "OrderID"));
        assert!(equal_loosely("order-id", "OrderID"));
        assert!(!equal_loosely("order", "OrderID"));
    }
}
