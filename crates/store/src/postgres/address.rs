//! The URL of a database: its hosts, and whether the way there is encrypted.
//!
//! Nothing of a URL that cannot be read is repeated in an error: it may be a piece of the password.

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use crate::error::OpenError;

const SCHEMES: [&str; 2] = ["postgres://", "postgresql://"];

/// Each host of a URL as a place of its own: one that accepts connections and says nothing must
/// not keep us from the next.
pub(super) fn hosts(url: &str, has_roots: bool) -> Result<Vec<Config>, OpenError> {
    let scheme = SCHEMES.iter().find(|scheme| url.starts_with(**scheme));
    let scheme = scheme.ok_or(OpenError::Address("it must begin with postgres://"))?;
    // A password may hold a slash or a question mark, so the hosts begin behind the `@`.
    let first = url.find('@').map_or(scheme.len(), |at| at + 1);
    let (before, rest) = url.split_at(first);
    let last = rest.find(['/', '?']).unwrap_or(rest.len());
    let (names, rest) = rest.split_at(last);
    let (rest, mode) = without_ssl_mode(rest);
    let hosts = names.split(',').map(|name| host(&format!("{before}{name}{rest}")));
    let mut hosts = hosts.collect::<Result<Vec<Config>, _>>()?;
    let is_near = hosts.iter().flat_map(Config::get_hosts).all(is_this_machine);
    let mode = encryption(mode, is_near, has_roots)?;
    for host in &mut hosts {
        host.ssl_mode(mode);
    }
    Ok(hosts)
}

fn host(url: &str) -> Result<Config, OpenError> {
    let unreadable = OpenError::Address("it is no URL of PostgreSQL");
    let config = url.parse::<Config>().map_err(|_| unreadable)?;
    let names: Vec<String> = config.get_hosts().iter().map(host_name).collect();
    match &names[..] {
        [name] if name.contains('@') => {
            Err(OpenError::Address("an @ in a password is written %40"))
        }
        [name] if !name.is_empty() => Ok(config),
        _ => Err(OpenError::Address("a host is missing")),
    }
}

fn encryption(mode: Option<&str>, is_near: bool, has_roots: bool) -> Result<SslMode, OpenError> {
    Ok(match mode {
        Some("disable") => SslMode::Disable,
        Some("allow" | "prefer") => SslMode::Prefer,
        Some("require" | "verify-ca" | "verify-full") => SslMode::Require,
        Some(_) => return Err(OpenError::Address("its sslmode is unknown")),
        None if is_near && !has_roots => SslMode::Disable,
        None => SslMode::Require,
    })
}

/// Database and hosts, for people.
pub(super) fn place(hosts: &[Config]) -> String {
    let database = hosts.first().and_then(Config::get_dbname).unwrap_or_default();
    let names: Vec<String> = hosts.iter().flat_map(Config::get_hosts).map(host_name).collect();
    format!("{database} at {}", names.join(", "))
}

fn host_name(host: &Host) -> String {
    match host {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(path) => path.display().to_string(),
    }
}

fn is_this_machine(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            let address = name.parse::<std::net::IpAddr>();
            name == "localhost" || address.is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

/// Takes `sslmode` out of path and parameters: the driver knows fewer modes than people write.
fn without_ssl_mode(rest: &str) -> (String, Option<&str>) {
    let Some((path, parameters)) = rest.split_once('?') else { return (rest.to_owned(), None) };
    let (mut mode, mut others) = (None, Vec::new());
    for parameter in parameters.split('&') {
        match parameter.strip_prefix("sslmode=") {
            Some(value) => mode = Some(value),
            None => others.push(parameter),
        }
    }
    let others = if others.is_empty() { String::new() } else { format!("?{}", others.join("&")) };
    (format!("{path}{others}"), mode)
}

#[cfg(test)]
mod tests {
    use super::super::settings::Settings;
    use super::*;

    /// What is said about encryption is done, and never less.
    #[test]
    fn encryption_is_as_told() {
        let check = |url: &str, expected: Option<SslMode>| {
            let hosts = hosts(url, false).unwrap_or_default();
            let mode = hosts.first().map(Config::get_ssl_mode);
            assert_eq!(mode, expected, "{url}");
        };
        check("postgres://a@127.0.0.1:5/b", Some(SslMode::Disable));
        check("postgres://a@localhost/b?application_name=x", Some(SslMode::Disable));
        check("postgres://a@db.example/b", Some(SslMode::Require));
        check("postgres://a@localhost,db.example/b", Some(SslMode::Require));
        check("postgres://a@db.example/b?sslmode=disable", Some(SslMode::Disable));
        check("postgres://a@db.example/b?sslmode=prefer&connect_timeout=2", Some(SslMode::Prefer));
        check("postgres://a@[::1]/b?sslmode=verify-full", Some(SslMode::Require));
        check("postgres://a@localhost/b?sslmode=sometimes", None);
        let with_roots = hosts("postgres://a@localhost/b", true).unwrap();
        assert_eq!(with_roots[0].get_ssl_mode(), SslMode::Require);
    }

    /// Neither printing settings nor refusing a URL tells the password, however it is written.
    #[test]
    fn the_password_is_never_told() {
        for url in [
            "postgres://a:hunter2@h1,h2:5433/b?sslmode=require",
            "postgres://a:x?hunter2@h1/b",
            "postgres://a:x@hunter2@h1/b",
            "postgres://a:x@hunter2@h1/b?hunter2=hunter2",
            "postgres://a:hunter2@h1/b?hunter2",
            "postgres://a:hunter2@h1:port/b",
            "host=h1 password=hunter2",
        ] {
            let settings = Settings::of(url, "a");
            let refused = settings.hosts().err().map(|error| error.to_string());
            let told = format!("{settings:?} {} {refused:?}", settings.place());
            assert!(!told.contains("hunter2"), "{told}");
        }
        let settings = Settings::of("postgres://a:hunter2@h1,h2:5433/b", "a");
        assert_eq!(settings.place(), "b at h1, h2");
    }

    /// Each host is a place of its own, with its own port and what the others have too.
    #[test]
    fn hosts_are_taken_apart() {
        let all = hosts("postgres://a:p@h1,h2:5433,[::1]:5434/b?connect_timeout=2", false);
        let all = all.unwrap();
        let ports: Vec<_> = all.iter().map(|host| host.get_ports().to_vec()).collect();
        assert_eq!(ports, [vec![5432], vec![5433], vec![5434]]);
        assert!(all.iter().all(|host| host.get_hosts().len() == 1));
        assert!(all.iter().all(|host| host.get_password() == Some(b"p")));
        assert!(all.iter().all(|host| host.get_ssl_mode() == SslMode::Require), "h1 is far");
        assert_eq!(place(&all), "b at h1, h2, ::1");
    }
}
