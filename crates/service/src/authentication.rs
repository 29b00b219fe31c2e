//! What a request to sign in wants, and what the framework says before any password is looked at
//! (`servicestack.md` §7.1).

use crate::status::{FieldError, ServiceError};
use crate::validation::Rule;

/// What is said of a name that nobody has, and of another's password. It is a 401 `Unauthorized`.
pub const WRONG_PASSWORD: &str = "Invalid Username or Password";

/// What is said of an account that nobody may sign in to for now. It is a 401 `Unauthorized`.
pub const ACCOUNT_LOCKED: &str = "This account has been locked";

/// What a request to `/auth` wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// To know who is signed in.
    Ask,
    /// To sign in with user name and password.
    SignIn,
    /// To sign out.
    SignOut,
}

/// Reads the intent from the provider that the path or the body names.
///
/// # Errors
/// 405 for a password by `GET`, 400 with an entry for each empty member, 404 for a provider that
/// this server does not have.
pub fn intent(
    verb: &str,
    provider: Option<&str>,
    user_name: Option<&str>,
    password: Option<&str>,
) -> Result<Intent, ServiceError> {
    let provider = provider.unwrap_or_default();
    match provider.to_ascii_lowercase().as_str() {
        // Basic comes in a header with each request; so do keys and tokens.
        "" | "basic" | "apikey" | "jwt" => Ok(Intent::Ask),
        "logout" => Ok(Intent::SignOut),
        "credentials" if verb.eq_ignore_ascii_case("GET") => {
            let message = "Passwords are not taken by GET; send them in the body of a POST";
            Err(ServiceError::of_exception("NotSupportedException", message))
        }
        "credentials" => {
            let empty: Vec<FieldError> = [("UserName", user_name), ("Password", password)]
                .into_iter()
                .filter(|(_, value)| value.is_none_or(str::is_empty))
                .map(|(field, _)| Rule::NotEmpty.broken_by(field))
                .collect();
            if empty.is_empty() { Ok(Intent::SignIn) } else { Err(ServiceError::validation(empty)) }
        }
        _ => {
            let message =
                format!("No configuration was added for OAuth provider '{}'", printable(provider));
            Err(ServiceError::new(404, "NotFound", message))
        }
    }
}

/// What of a name may be repeated.
fn printable(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).take(50).collect()
}

#[cfg(test)]
mod tests {
    use super::{Intent, intent};

    fn check(verb: &str, provider: &str, password: &str, expected: Result<Intent, (u16, &str)>) {
        let read = intent(verb, Some(provider), Some("anna"), Some(password));
        let read = read.as_ref().map_err(|error| (error.status, error.code.as_ref()));
        assert_eq!(read.copied(), expected, "{verb} {provider}");
    }

    /// Proves what each provider is for, and that no password is taken from a URL.
    #[test]
    fn providers_have_their_uses() {
        check("GET", "", "", Ok(Intent::Ask));
        check("POST", "Basic", "", Ok(Intent::Ask));
        check("GET", "logout", "", Ok(Intent::SignOut));
        check("POST", "credentials", "secret", Ok(Intent::SignIn));
        check("POST", "Credentials", "", Err((400, "NotEmpty")));
        check("get", "credentials", "secret", Err((405, "NotSupportedException")));
        check("POST", "<script>", "secret", Err((404, "NotFound")));
    }
}
