//! `multipart/form-data`.

use wire::multipart::{boundary, fields};

/// Reads a body, a header, and the body as the value of a field between others.
pub(crate) fn multipart(input: &[u8]) {
    let _refused = fields("b", input);
    if let Ok(text) = std::str::from_utf8(input) {
        let named = boundary(text);
        assert!(named.is_none_or(|boundary| (1..=70).contains(&boundary.len())));
        is_read_back(text);
    }
}

/// Whatever a field holds is read back, unless it holds the boundary.
fn is_read_back(value: &str) {
    if value.contains("--b") {
        return;
    }
    let mut body = Vec::new();
    for value in [value, "", value] {
        let header = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n";
        body.extend_from_slice(format!("{header}{value}\r\n").as_bytes());
    }
    body.extend_from_slice(b"--b--\r\n");
    let found = fields("b", &body).map(|f| f.into_iter().map(|(_, v)| v.into_owned()).collect());
    assert_eq!(found, Ok(vec![value.to_owned(), String::new(), value.to_owned()]));
}
