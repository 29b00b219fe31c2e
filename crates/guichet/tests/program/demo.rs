//! What somebody sees who tries the program for the first time.

use std::path::Path;

use crate::exchange::{Answer, send};
use crate::program::{Program, guichet, until};

fn start(name: &str, folder: &Path) -> (Program, String) {
    let program = Program::start(name, folder, &folder.join("data"), &["demo"]);
    let printed = until("the printed lines", || {
        let printed = program.printed();
        printed.contains("status.json?ticketTokenId=TOKEN").then_some(printed)
    });
    (program, printed)
}

/// One printed line for `curl`.
struct Curl {
    url: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
}

/// The lines for `curl` in a text, as a shell would read them.
fn curls(printed: &str) -> Vec<Curl> {
    let joined = printed.replace("\\\n", " ");
    let lines = joined.lines().map(str::trim).filter(|line| line.starts_with("curl "));
    lines.map(|line| curl(&words(line))).collect()
}

/// Splits at blanks outside single quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for (index, part) in line.split('\'').enumerate() {
        if index % 2 == 1 {
            words.last_mut().unwrap().push_str(part);
            continue;
        }
        for letter in part.chars() {
            match letter {
                ' ' => words.push(String::new()),
                _ => words.last_mut().unwrap().push(letter),
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn curl(words: &[String]) -> Curl {
    let mut curl = Curl { url: String::new(), headers: Vec::new(), body: None };
    let mut words = words.iter().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "-s" => {}
            "-H" => {
                let (name, value) = words.next().unwrap().split_once(": ").unwrap();
                curl.headers.push((name.to_owned(), value.to_owned()));
            }
            "-d" => curl.body = words.next().cloned(),
            url => curl.url = url.to_owned(),
        }
    }
    curl
}

impl Curl {
    fn run(&self, program: &Program) -> Answer {
        let start = format!("http://{}", program.address);
        let target = self.url.strip_prefix(&start).expect("the address that it listens on");
        let headers: Vec<(&str, &str)> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let verb = if self.body.is_some() { "POST" } else { "GET" };
        send(
            program.address,
            verb,
            target,
            &headers,
            self.body.clone().unwrap_or_default().as_bytes(),
        )
    }

    /// The same with enumerations as numbers, as some generated clients expect them.
    fn in_numbers(&self) -> Curl {
        let url = format!("{}?jsconfig=teai", self.url);
        Curl { url, headers: self.headers.clone(), body: self.body.clone() }
    }

    fn with_token(&self, token: &str) -> Curl {
        let url = self.url.replace("TOKEN", token);
        Curl { url, headers: self.headers.clone(), body: None }
    }
}

#[test]
fn the_printed_lines_work_and_survive_a_kill() {
    // Proves that every printed line does what it says, and that a ticket bought before the
    // program was killed is still bought after the next start, with the same key.
    let folder = tempfile::tempdir().unwrap();
    let (program, printed) = start("first", folder.path());
    let lines = curls(&printed);
    let [events, json, jsv, status, membership] = lines.as_slice() else { panic!("{printed}") };
    assert!(events.run(&program).json()["total"].as_u64().unwrap() > 1);
    let bought = json.run(&program);
    assert_eq!((bought.status, bought.json()["message"].as_str()), (200, Some("OK")));
    let token = bought.token();
    let in_jsv = jsv.run(&program);
    assert!(in_jsv.body.contains("ticketStatus:Bought"), "{}", in_jsv.body);
    let bought = status.with_token(&token).run(&program);
    assert_eq!(bought.json()["ticketStatus"], "Bought");
    let sold = membership.run(&program);
    assert_eq!(sold.json()["Success"], true, "{}", sold.body);
    assert_eq!(sold.json()["PaymentResponses"][0]["ResponseStatus"], "StsSuccess");
    let numbered = membership.in_numbers().run(&program);
    assert_eq!(numbered.json()["PaymentResponses"][0]["ResponseStatus"], 1, "{}", numbered.body);
    program.kill();

    let (program, printed) = start("second", folder.path());
    let lines = curls(&printed);
    let still = lines[3].with_token(&token).run(&program);
    assert_eq!((&still.json()["ticketStatus"], &still.body), (&"Bought".into(), &bought.body));
    assert_eq!(lines[0].headers, events.headers, "the key is kept");
    assert_eq!(lines[1].run(&program).json()["message"], "OK");
    program.terminate();
    assert!(program.wait().success());
    let check = guichet(&["check"], &folder.path().join("data"));
    let said = String::from_utf8_lossy(&check.stdout).into_owned();
    assert!(check.status.success() && said.contains("5 sales"), "{said}");
}
