//! A mail server as small as a test needs it (RFC 5321), on this machine.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use server::mail::{Security, Smtp, SmtpSettings};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::tcp::OwnedWriteHalf;
use tokio::net::{TcpListener, TcpStream};

/// What the server answers to the sender's address, the buyer's, and the letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// It takes letters.
    Takes,
    /// It wants the letter later.
    Busy,
    /// It knows nobody whose address begins with this.
    Refuses(&'static str),
    /// It says nothing after the letter, for good.
    Silent,
}

/// A letter as it arrived.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arrived {
    /// The commands of the envelope.
    pub(crate) envelope: Vec<String>,
    /// Head and body.
    pub(crate) data: String,
}

impl Arrived {
    /// The values of a header, unfolded.
    pub(crate) fn headers(&self, name: &str) -> Vec<String> {
        let head = self.data.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ");
        let lines = head.split("\r\n").filter_map(|line| line.split_once(": "));
        lines.filter(|(known, _)| *known == name).map(|(_, value)| value.to_owned()).collect()
    }
}

#[derive(Default)]
struct Books {
    mood: Option<Mood>,
    arrived: Vec<Arrived>,
    connections: usize,
    said: Vec<String>,
}

/// A mail server.
#[derive(Clone)]
pub(crate) struct PostOffice {
    pub(crate) address: SocketAddr,
    books: Arc<Mutex<Books>>,
}

impl PostOffice {
    pub(crate) async fn open(mood: Mood) -> PostOffice {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let office = PostOffice { address, books: Arc::default() };
        office.set(mood);
        let own = office.clone();
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                own.books.lock().unwrap().connections += 1;
                let office = own.clone();
                tokio::spawn(async move { office.serve(connection).await });
            }
        });
        office
    }

    pub(crate) fn set(&self, mood: Mood) {
        self.books.lock().unwrap().mood = Some(mood);
    }

    pub(crate) fn arrived(&self) -> Vec<Arrived> {
        self.books.lock().unwrap().arrived.clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.books.lock().unwrap().connections
    }

    /// Every command of every connection.
    pub(crate) fn said(&self) -> Vec<String> {
        self.books.lock().unwrap().said.clone()
    }

    fn mood(&self) -> Mood {
        self.books.lock().unwrap().mood.unwrap_or(Mood::Takes)
    }

    async fn serve(&self, connection: TcpStream) -> Option<()> {
        let (reader, mut writer) = connection.into_split();
        let mut lines = BufReader::new(reader).lines();
        say(&mut writer, "220 post.example.org").await?;
        let mut letter = Arrived::default();
        while let Ok(Some(line)) = lines.next_line().await {
            if line == "DATA" {
                say(&mut writer, "354 go on").await?;
                while let Ok(Some(line)) = lines.next_line().await {
                    if line == "." {
                        break;
                    }
                    letter.data += &format!("{}\r\n", line.strip_prefix('.').unwrap_or(&line));
                }
                if self.mood() == Mood::Silent {
                    std::future::pending::<()>().await;
                }
                self.books.lock().unwrap().arrived.push(std::mem::take(&mut letter));
                say(&mut writer, "250 taken").await?;
                continue;
            }
            letter.envelope.push(line.clone());
            self.books.lock().unwrap().said.push(line.clone());
            say(&mut writer, self.answer(&line)).await?;
        }
        Some(())
    }

    fn answer(&self, line: &str) -> &'static str {
        match self.mood() {
            Mood::Busy if line.starts_with("MAIL") => "451 later",
            Mood::Refuses(name) if line.starts_with(&format!("RCPT TO:<{name}")) => {
                "550 nobody <secret-looking answer>"
            }
            _ => "250 fine",
        }
    }

    /// The way there.
    pub(crate) fn way(&self) -> Smtp {
        way(self.address)
    }
}

/// The way to a mail server at an address of this machine.
pub(crate) fn way(address: SocketAddr) -> Smtp {
    Smtp::new(&settings(address)).unwrap()
}

pub(crate) fn settings(address: SocketAddr) -> SmtpSettings {
    SmtpSettings {
        host: address.ip().to_string(),
        port: Some(address.port()),
        security: Security::None,
        user: None,
        password: None,
        sender: "KR miðasala <tickets@example.org>".to_owned(),
        root_certificate: None,
    }
}

async fn say(writer: &mut OwnedWriteHalf, line: &str) -> Option<()> {
    writer.write_all(format!("{line}\r\n").as_bytes()).await.ok()
}
