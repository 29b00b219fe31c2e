//! How a store is put together over its engines.

use std::sync::{Arc, Mutex, RwLock};

use tokio::sync::Semaphore;

use super::{Inner, Store};
use crate::batch::Core;
use crate::cluster::Cluster;
use crate::engine::Engine;
use crate::error::{Fault, OpenError};
use crate::lane::{self, Lane};
use crate::memory::MemoryDatabase;
use crate::options::Options;
use crate::queries::idempotency::Days;
use crate::queue::Queue;
use crate::snapshot::Reader;
use crate::statistics::Counters;

/// How many questions are answered at the same time, unless told otherwise.
pub const READERS_MAX: usize = 4;

/// What a store is started over.
pub struct Backend<E> {
    /// One connection a lane; at least one.
    pub engines: Vec<E>,
    /// The number of the first lane, from which the others count on. No two lanes that write to
    /// one database may have the same number.
    pub lane_first: u32,
    /// Answers questions.
    pub reader: Arc<dyn Reader>,
    /// How many questions it answers at the same time.
    pub readers_max: usize,
    /// The register of nodes, where several share a database.
    pub cluster: Option<Arc<dyn Cluster>>,
}

impl<E> Backend<E> {
    /// One lane that has the database for itself.
    #[must_use]
    pub fn single(engine: E, reader: Arc<dyn Reader>) -> Backend<E> {
        Backend {
            engines: vec![engine],
            lane_first: 1,
            reader,
            readers_max: READERS_MAX,
            cluster: None,
        }
    }
}

impl Store {
    /// A store that lives in memory only, for tests and trying out.
    ///
    /// # Panics
    /// Never in practice: only when the system can start no thread.
    #[must_use]
    pub fn memory(options: Options) -> Store {
        let database = MemoryDatabase::default();
        let backend = Backend::single(database.connect(), Arc::new(database));
        Store::start(backend, options).expect("a thread for the lane")
    }

    /// A store over any engine, each lane on a thread of its own.
    ///
    /// # Errors
    /// [`OpenError::Database`] when a lane's own row cannot be read; [`OpenError::Io`] when the
    /// system can start no thread.
    pub fn start<E: Engine + 'static>(
        backend: Backend<E>,
        options: Options,
    ) -> Result<Store, OpenError> {
        let (store, lanes) = Store::assemble(backend, options, false)?;
        for lane in lanes {
            let thread = lane::start(lane)
                .map_err(|source| OpenError::Io { path: "thread of a lane".into(), source })?;
            store.lock_lanes().push(thread);
        }
        Ok(store)
    }

    /// A store without threads: whoever holds the lanes turns them, and questions are answered
    /// on the spot. For a simulator, in which nothing may happen by itself.
    ///
    /// # Errors
    /// [`OpenError::Database`] when a lane's own row cannot be read.
    pub fn driven<E: Engine + 'static>(
        backend: Backend<E>,
        options: Options,
    ) -> Result<(Store, Vec<Lane<E>>), OpenError> {
        Store::assemble(backend, options, true)
    }

    fn assemble<E: Engine>(
        backend: Backend<E>,
        options: Options,
        reads_inline: bool,
    ) -> Result<(Store, Vec<Lane<E>>), OpenError> {
        refuse_unfinished(&*backend.reader)?;
        let counters = Arc::<Counters>::default();
        let queue = Arc::new(Queue::new(options.queue_length_max));
        let mut lanes = Vec::new();
        for (engine, number) in backend.engines.into_iter().zip(backend.lane_first..) {
            let core = Core::counting(engine, number, &options, Arc::clone(&counters));
            let core = core.map_err(|error| OpenError::Database(error.to_string()))?;
            let (queue, counters) = (Arc::clone(&queue), Arc::clone(&counters));
            let clock = Arc::clone(&options.clock);
            lanes.push(Lane::new(core, options.batch_max.max(1), queue, clock, counters));
        }
        let inner = Inner {
            queue,
            counters,
            clock: options.clock,
            lanes: Mutex::default(),
            reader: backend.reader,
            reads_inline,
            cluster: backend.cluster,
            reader_permits: Semaphore::new(backend.readers_max),
            blocks: RwLock::default(),
            days: Days::default(),
        };
        Ok((Store { inner: Arc::new(inner) }, lanes))
    }
}

/// What an import has begun and not finished must not sell.
fn refuse_unfinished(reader: &dyn Reader) -> Result<(), OpenError> {
    let mut unfinished = Err(Fault::Stopped);
    let read = reader.read(&mut |view| unfinished = crate::transfer::is_unfinished(view));
    match read.and(unfinished) {
        Ok(false) => Ok(()),
        Ok(true) => Err(OpenError::Unfinished),
        Err(fault) => Err(OpenError::Database(fault.to_string())),
    }
}
