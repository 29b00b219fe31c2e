//! One installation in a folder, with its gateway and the one program that is killed.

use std::net::SocketAddr;
use std::path::PathBuf;

use bench::program::Program;
use tempfile::TempDir;

use crate::evidence::Evidence;
use crate::programs::{GatewayPace, Place};
use crate::shop::Shop;

/// A folder, the gateway, and the program that is killed.
pub(crate) struct Stage {
    folder: TempDir,
    place: Place,
    sandbox: Option<(GatewayPace, Program)>,
    program: Option<Program>,
    shop: Shop,
}

impl Stage {
    /// Everything but the two programs; nobody answers yet.
    pub(crate) fn open() -> Stage {
        let folder = tempfile::tempdir().unwrap();
        let place = Place { folder: folder.path().to_owned(), database: None };
        let shop = place.prepare();
        Stage { folder, place, sandbox: None, program: None, shop }
    }

    pub(crate) fn shop(&self) -> Shop {
        self.shop.clone()
    }

    pub(crate) fn kill(&mut self) {
        self.program.take().unwrap().kill().unwrap();
    }

    pub(crate) fn start(&mut self, pace: GatewayPace) {
        let gateway = self.gateway(pace);
        let program = self.place.start_node("only", gateway);
        self.shop.moves_to(vec![program.address()]);
        self.program = Some(program);
    }

    /// The gateway at this pace; one of another pace ends first and hands over its book.
    fn gateway(&mut self, pace: GatewayPace) -> SocketAddr {
        if let Some((_, other)) = self.sandbox.take_if(|(current, _)| *current != pace) {
            other.kill().unwrap();
        }
        let place = &self.place;
        let (_, sandbox) = self.sandbox.get_or_insert_with(|| (pace, place.start_sandbox(pace)));
        sandbox.address()
    }

    /// Ends the program as an operator would.
    pub(crate) fn stop(&mut self) {
        self.program.take().unwrap().stop().unwrap();
    }

    /// What the database and the gateway's log say; the program must have ended.
    pub(crate) fn evidence(&self) -> Evidence {
        self.place.evidence()
    }

    /// Leaves all files where a person can look at them.
    pub(crate) fn keep(self) -> PathBuf {
        self.folder.keep()
    }
}
