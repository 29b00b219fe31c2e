//! Reading forms.

/// The members of a form or query, decoded, in order.
pub(crate) fn read(text: &str) -> Vec<(String, String)> {
    let members = text.split('&').filter(|member| !member.is_empty());
    members
        .map(|member| {
            let (name, value) = member.split_once('=').unwrap_or((member, ""));
            (decoded(name), decoded(value))
        })
        .collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next(), rest.next()].map(|digit| digit.expect("two digits"));
                let digits = std::str::from_utf8(&digits).expect("they are ASCII");
                u8::from_str_radix(digits, 16).expect("they are hexadecimal")
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).expect("it is text")
}
