//! The layer's half that belongs to the whole process: registering, and opening files.

use std::ffi::{CString, c_char, c_int};
use std::mem::size_of;
use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use rusqlite::ffi;

use crate::files::{LayerFile, METHODS};
use crate::{FileKind, Layer};

/// Why a layer cannot be registered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegisterError {
    /// SQLite was built without a file layer of its own.
    #[error("SQLite has no file layer to build upon")]
    NoSystem,
    /// SQLite said no, with this code.
    #[error("SQLite did not accept the layer (code {0})")]
    Refused(i32),
}

/// What a registered layer knows, behind `pAppData`. Lives as long as the process.
pub(crate) struct Registered {
    pub(crate) layer: Layer,
    system: *mut ffi::sqlite3_vfs,
}

pub(crate) fn register(layer: Layer) -> Result<String, RegisterError> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    // SAFETY: initialising twice is harmless, and a null name asks for the default layer.
    let system = unsafe {
        ffi::sqlite3_initialize();
        ffi::sqlite3_vfs_find(ptr::null())
    };
    if system.is_null() {
        return Err(RegisterError::NoSystem);
    }
    let name = format!("layer-{}", COUNT.fetch_add(1, Relaxed));
    let c_name = CString::new(name.clone()).map_err(|_| RegisterError::NoSystem)?;
    // SAFETY: `system` was just found, and layers are never taken away here; a copy of the
    // struct with some members replaced is what SQLite's own documentation builds layers from.
    let mut vfs = unsafe { ptr::read(system) };
    let own_size = c_int::try_from(size_of::<LayerFile>()).map_err(|_| RegisterError::NoSystem)?;
    vfs.szOsFile += own_size;
    vfs.pNext = ptr::null_mut();
    // Name, data and struct are given to SQLite for good, hence never freed.
    vfs.zName = c_name.into_raw();
    vfs.pAppData = Box::into_raw(Box::new(Registered { layer, system })).cast();
    vfs.xOpen = Some(open);
    vfs.xDelete = Some(delete);
    vfs.xAccess = Some(access);
    vfs.xFullPathname = Some(full_pathname);
    // SAFETY: the struct is complete and stays where it is for ever; 0 leaves the default alone.
    let code = unsafe { ffi::sqlite3_vfs_register(Box::into_raw(Box::new(vfs)), 0) };
    if code == ffi::SQLITE_OK { Ok(name) } else { Err(RegisterError::Refused(code)) }
}

/// The layer behind a `vfs` that SQLite hands back.
///
/// # Safety
/// `vfs` must be one that [`register`] made.
unsafe fn registered(vfs: *mut ffi::sqlite3_vfs) -> &'static Registered {
    // SAFETY: `register` put a box there that is never freed and never changed.
    unsafe { &*(*vfs).pAppData.cast::<Registered>() }
}

fn kind_of(flags: c_int) -> FileKind {
    if flags & ffi::SQLITE_OPEN_MAIN_DB != 0 {
        FileKind::Main
    } else if flags & ffi::SQLITE_OPEN_WAL != 0 {
        FileKind::Log
    } else if flags & ffi::SQLITE_OPEN_MAIN_JOURNAL != 0 {
        FileKind::Journal
    } else {
        FileKind::Other
    }
}

/// Opens the system's file behind ours, in the room that `szOsFile` has asked for.
unsafe extern "C" fn open(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    flags_out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite calls this with the struct it got from `register`, and with `szOsFile`
    // bytes at `file`, aligned for any type: first ours, then the system's.
    unsafe {
        let registered = registered(vfs);
        let Some(system_open) = (*registered.system).xOpen else { return ffi::SQLITE_CANTOPEN };
        let own = file.cast::<LayerFile>();
        own.write(LayerFile::new(&registered.layer, kind_of(flags)));
        let below = LayerFile::below(own);
        let code = system_open(registered.system, name, below, flags, flags_out);
        // As the system does: methods are set exactly if SQLite is to close the file.
        if !(*below).pMethods.is_null() {
            (*file).pMethods = &raw const METHODS;
        }
        code
    }
}

/// Passes a call on to the system's layer: `pass!(vfs, xDelete, args…)`.
macro_rules! pass {
    ($vfs:ident, $method:ident $(, $argument:expr)*) => {{
        // SAFETY: SQLite calls this with the struct it got from `register`; the arguments are
        // its own and go to the layer they would have gone to without us.
        unsafe {
            let system = registered($vfs).system;
            match (*system).$method {
                Some(method) => method(system $(, $argument)*),
                None => ffi::SQLITE_ERROR,
            }
        }
    }};
}

unsafe extern "C" fn delete(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    sync_folder: c_int,
) -> c_int {
    pass!(vfs, xDelete, name, sync_folder)
}

unsafe extern "C" fn access(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    flags: c_int,
    result: *mut c_int,
) -> c_int {
    pass!(vfs, xAccess, name, flags, result)
}

unsafe extern "C" fn full_pathname(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    length: c_int,
    out: *mut c_char,
) -> c_int {
    pass!(vfs, xFullPathname, name, length, out)
}
