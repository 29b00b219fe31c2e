//! A wire between node and server that a test cuts when a COMMIT goes by.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// Where the wire is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The COMMIT does not arrive.
    BeforePassedOn,
    /// The COMMIT arrives; the server's answer may or may not be on its way.
    WhilePassedOn,
    /// The server has answered; its answer does not arrive.
    AfterAnswered,
}

/// Forwards connections; the next COMMIT is cut as planned.
pub(crate) struct Proxy {
    port: u16,
    plan: Arc<Mutex<Option<Cut>>>,
}

impl Proxy {
    /// A wire to a port of this machine. Its threads end with their connections.
    pub(crate) fn to(server: u16) -> Proxy {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let plan = Arc::<Mutex<Option<Cut>>>::default();
        let planned = Arc::clone(&plan);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, server)) {
                    forward(client, server, &planned);
                }
            }
        });
        Proxy { port, plan }
    }

    /// The same database through the wire.
    pub(crate) fn url(&self, url: &str) -> String {
        let (scheme_and_user, rest) = url.split_once('@').unwrap();
        let (_, database) = rest.split_once('/').unwrap();
        format!("{scheme_and_user}@127.0.0.1:{}/{database}", self.port)
    }

    pub(crate) fn cut_next_commit(&self, cut: Cut) {
        *self.plan.lock().unwrap() = Some(cut);
    }

    /// Whether nothing is planned any more.
    pub(crate) fn has_cut(&self) -> bool {
        self.plan.lock().unwrap().is_none()
    }
}

fn forward(client: TcpStream, server: TcpStream, plan: &Arc<Mutex<Option<Cut>>>) {
    let silent = Arc::new(Mutex::new(false));
    let (mut answers, mut back) = (server.try_clone().unwrap(), client.try_clone().unwrap());
    let muted = Arc::clone(&silent);
    std::thread::spawn(move || {
        let mut buffer = [0; 65_536];
        while let Ok(count @ 1..) = answers.read(&mut buffer) {
            if *muted.lock().unwrap() || back.write_all(&buffer[..count]).is_err() {
                break;
            }
        }
        close(&answers, &back);
    });
    let plan = Arc::clone(plan);
    std::thread::spawn(move || pass_on(client, server, &plan, &silent));
}

fn pass_on(
    mut client: TcpStream,
    mut server: TcpStream,
    plan: &Mutex<Option<Cut>>,
    silent: &Mutex<bool>,
) {
    let mut buffer = [0; 65_536];
    while let Ok(count @ 1..) = client.read(&mut buffer) {
        let commits = buffer[..count].windows(7).any(|bytes| bytes == b"COMMIT\0");
        let cut = if commits { plan.lock().unwrap().take() } else { None };
        if cut == Some(Cut::BeforePassedOn) {
            break;
        }
        *silent.lock().unwrap() = cut == Some(Cut::AfterAnswered);
        if server.write_all(&buffer[..count]).is_err() || cut == Some(Cut::WhilePassedOn) {
            break;
        }
    }
    if !*silent.lock().unwrap() {
        close(&client, &server);
    }
}

fn close(one: &TcpStream, other: &TcpStream) {
    let _gone = one.shutdown(Shutdown::Both);
    let _gone = other.shutdown(Shutdown::Both);
}
