//! The layer's half that belongs to one open file.

use std::ffi::{c_int, c_void};
use std::ptr;

use rusqlite::ffi;

use crate::{Event, FileKind, Layer, Operation};

/// Our part of an open file; the system's part lies right behind it.
#[repr(C)]
pub(crate) struct LayerFile {
    /// What SQLite sees; must come first.
    base: ffi::sqlite3_file,
    layer: *const Layer,
    kind: FileKind,
}

impl LayerFile {
    /// A file that is not open yet.
    pub(crate) fn new(layer: &'static Layer, kind: FileKind) -> LayerFile {
        LayerFile { base: ffi::sqlite3_file { pMethods: ptr::null() }, layer, kind }
    }

    /// The system's part.
    ///
    /// # Safety
    /// `own` must lie at the beginning of the `szOsFile` bytes SQLite has allotted.
    pub(crate) unsafe fn below(own: *mut LayerFile) -> *mut ffi::sqlite3_file {
        // SAFETY: `szOsFile` counts our size first and the system's size behind it; our size is
        // a multiple of our alignment, which is that of a pointer.
        unsafe { own.add(1).cast() }
    }
}

/// Passes a call on to the system's file: `pass!(file, xRead, args…)`.
macro_rules! pass {
    ($file:ident, $method:ident $(, $argument:expr)*) => {{
        // SAFETY: SQLite calls a method only on a file that `open` has opened, so the system's
        // part is behind ours and has methods; the arguments are SQLite's own.
        unsafe {
            let below = LayerFile::below($file.cast());
            match (*(*below).pMethods).$method {
                Some(method) => method(below $(, $argument)*),
                None => ffi::SQLITE_IOERR,
            }
        }
    }};
}

/// Does what is asked unless it is to fail, and tells the witness when it has succeeded.
fn witnessed(
    file: *mut ffi::sqlite3_file,
    operation: Operation,
    action: impl FnOnce() -> c_int,
) -> c_int {
    // SAFETY: SQLite calls a method only on a file that `open` has opened, whose part of ours
    // is initialised; the layer lives as long as the process.
    let (layer, kind) = unsafe {
        let own = file.cast::<LayerFile>();
        (&*(*own).layer, (*own).kind)
    };
    if let Some(code) = layer.faults.strike(kind, operation) {
        return code;
    }
    if matches!(operation, Operation::Sync { .. }) && !layer.sync_delay.is_zero() {
        std::thread::sleep(layer.sync_delay);
    }
    let code = action();
    if code == ffi::SQLITE_OK
        && let Some(witness) = &layer.witness
    {
        witness.saw(Event { file: kind, operation });
    }
    code
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    bytes: *const c_void,
    length: c_int,
    offset: i64,
) -> c_int {
    let operation = Operation::Write { offset, length: usize::try_from(length).unwrap_or(0) };
    witnessed(file, operation, || pass!(file, xWrite, bytes, length, offset))
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: i64) -> c_int {
    witnessed(file, Operation::Truncate { size }, || pass!(file, xTruncate, size))
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    witnessed(file, Operation::Sync { flags }, || pass!(file, xSync, flags))
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    pass!(file, xClose)
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    bytes: *mut c_void,
    length: c_int,
    offset: i64,
) -> c_int {
    pass!(file, xRead, bytes, length, offset)
}

unsafe extern "C" fn file_size(file: *mut ffi::sqlite3_file, size: *mut i64) -> c_int {
    pass!(file, xFileSize, size)
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    pass!(file, xLock, level)
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    pass!(file, xUnlock, level)
}

unsafe extern "C" fn check_reserved_lock(
    file: *mut ffi::sqlite3_file,
    result: *mut c_int,
) -> c_int {
    pass!(file, xCheckReservedLock, result)
}

unsafe extern "C" fn file_control(
    file: *mut ffi::sqlite3_file,
    operation: c_int,
    argument: *mut c_void,
) -> c_int {
    pass!(file, xFileControl, operation, argument)
}

unsafe extern "C" fn sector_size(file: *mut ffi::sqlite3_file) -> c_int {
    pass!(file, xSectorSize)
}

unsafe extern "C" fn device_characteristics(file: *mut ffi::sqlite3_file) -> c_int {
    pass!(file, xDeviceCharacteristics)
}

unsafe extern "C" fn shm_map(
    file: *mut ffi::sqlite3_file,
    region: c_int,
    size: c_int,
    extend: c_int,
    address: *mut *mut c_void,
) -> c_int {
    pass!(file, xShmMap, region, size, extend, address)
}

unsafe extern "C" fn shm_lock(
    file: *mut ffi::sqlite3_file,
    offset: c_int,
    count: c_int,
    flags: c_int,
) -> c_int {
    pass!(file, xShmLock, offset, count, flags)
}

unsafe extern "C" fn shm_barrier(file: *mut ffi::sqlite3_file) {
    // SAFETY: as in `pass!`; this method alone answers nothing.
    unsafe {
        let below = LayerFile::below(file.cast());
        if let Some(method) = (*(*below).pMethods).xShmBarrier {
            method(below);
        }
    }
}

unsafe extern "C" fn shm_unmap(file: *mut ffi::sqlite3_file, delete: c_int) -> c_int {
    pass!(file, xShmUnmap, delete)
}

unsafe extern "C" fn fetch(
    file: *mut ffi::sqlite3_file,
    offset: i64,
    length: c_int,
    address: *mut *mut c_void,
) -> c_int {
    pass!(file, xFetch, offset, length, address)
}

unsafe extern "C" fn unfetch(
    file: *mut ffi::sqlite3_file,
    offset: i64,
    address: *mut c_void,
) -> c_int {
    pass!(file, xUnfetch, offset, address)
}

/// What SQLite calls on our files. Version 3, like the system's own files; a method the
/// system's file lacks answers with an error, which SQLite never provokes, as it looks at the
/// main file's methods only.
pub(crate) static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 3,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: Some(fetch),
    xUnfetch: Some(unfetch),
};
