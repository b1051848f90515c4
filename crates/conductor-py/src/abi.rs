//! The C functions. All unsafe code of this crate is here; what they do is in `policy`.
#![expect(
    unsafe_code,
    reason = "symbols of a library that is opened at run time, and two calls of Python's for which there is no safe one"
)]

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::slice;

use pyo3::prelude::*;
use pyo3::{ffi, types::PyTuple};

use crate::numbers::Ints;
use crate::policy::{Failure, Policy, Sources};

/// Of the signatures and meanings below; the loader calls nothing where it finds another one.
const ABI: u32 = 2;

const DONE: i32 = 0;
const RAISED: i32 = 1;
const NONSENSE: i32 = 2;
const BROKEN: i32 = 3;
/// Done, and the message tells what was passed over.
const NOTED: i32 = 4;

/// Some bytes of the caller's; none where `bytes` is null.
#[repr(C)]
pub(crate) struct Text {
    bytes: *const u8,
    length: usize,
}

/// What a start needs to know.
#[repr(C)]
pub(crate) struct Start {
    /// The interpreter's path, by which Python finds its own library.
    executable: Text,
    /// The folder that holds the package; none: the interpreter finds it by itself.
    package: Text,
    /// A file of weights; none: those of the package.
    weights: Text,
    /// Weights that take the place of the package's if they are there and in order.
    refined: Text,
    /// A Python file with a function `decide`; none: the package's policy.
    policy: Text,
    /// The number of a view's fields before the instruments, and of an instrument's fields.
    widths: [u32; 2],
    /// A bit for each of these fields that is an int.
    ints: [u64; 2],
}

thread_local! {
    static POLICY: RefCell<Option<Policy>> = const { RefCell::new(None) };
    static ERROR: RefCell<String> = const { RefCell::new(String::new()) };
}

impl Text {
    /// # Safety
    /// `bytes` is null or leads to `length` bytes that stay as they are for as long as the answer is in use.
    unsafe fn read<'a>(&self) -> Option<&'a str> {
        if self.bytes.is_null() {
            return None;
        }
        // SAFETY: what the caller promises.
        let bytes = unsafe { slice::from_raw_parts(self.bytes, self.length) };
        std::str::from_utf8(bytes).ok()
    }
}

/// The version of these functions.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn symphony_conductor_abi() -> u32 {
    ABI
}

/// Starts Python, if it has not been started, and loads a policy for the calling thread. 0: done; 4: done, and the message
/// tells what was passed over.
///
/// # Safety
/// `start` leads to a `Start` whose texts hold until the call returns, and a libpython has been opened for all.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn symphony_conductor_start(start: *const Start) -> i32 {
    guarded(|| {
        // SAFETY: what the caller promises, here and for the five texts.
        let (executable, sources, widths, ints) = unsafe {
            let start = &*start;
            let sources = Sources {
                package: start.package.read(),
                weights: start.weights.read(),
                refined: start.refined.read(),
                policy: start.policy.read(),
            };
            (start.executable.read(), sources, start.widths, start.ints)
        };
        if let Some(executable) = executable {
            name_program(executable);
        }
        pyo3::Python::initialize();
        let ints = Ints {
            view: (widths[0], ints[0]),
            instrument: (widths[1], ints[1]),
        };
        let (policy, note) = Policy::load(&sources, ints)?;
        POLICY.set(Some(policy));
        Ok(note)
    })
}

/// Decides about `n` numbers of a view; writes at most `room` numbers to `answer` and their count to `n_answer`. 0: done.
///
/// # Safety
/// `view` leads to `n` numbers, `answer` to room for `room`, `n_answer` to room for one, and nobody else uses them meanwhile.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn symphony_conductor_decide(
    view: *const f64,
    n: usize,
    answer: *mut f64,
    room: usize,
    n_answer: *mut usize,
) -> i32 {
    // SAFETY: what the caller promises.
    let (view, answer, n_answer) = unsafe {
        (
            slice::from_raw_parts(view, n),
            slice::from_raw_parts_mut(answer, room),
            &mut *n_answer,
        )
    };
    guarded(|| {
        POLICY.with_borrow(|policy| {
            let policy = policy.as_ref().ok_or(Failure::NotStarted)?;
            *n_answer = policy.decide(view, answer)?;
            Ok(None)
        })
    })
}

/// Copies what went wrong last on this thread to `room` bytes at `text`, as UTF-8, cut off where it is longer; its length.
///
/// # Safety
/// `text` leads to room for `room` bytes, and nobody else uses it meanwhile.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn symphony_conductor_error(text: *mut u8, room: usize) -> usize {
    // SAFETY: what the caller promises.
    let text = unsafe { slice::from_raw_parts_mut(text, room) };
    ERROR.with_borrow(|error| {
        let length = error.len().min(room);
        text[..length].copy_from_slice(&error.as_bytes()[..length]);
        length
    })
}

/// No panic leaves through C, which would end the process.
fn guarded(run: impl FnOnce() -> Result<Option<String>, Failure>) -> i32 {
    let (code, message) = match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(None)) => return DONE,
        Ok(Ok(Some(note))) => (NOTED, note),
        Ok(Err(failure)) => {
            let code = match failure {
                Failure::Raised(_) => RAISED,
                Failure::Nonsense(_) => NONSENSE,
                Failure::NotStarted => BROKEN,
            };
            (code, failure.to_string())
        }
        Err(_) => (BROKEN, "the library that holds Python panicked".to_owned()),
    };
    ERROR.set(message);
    code
}

/// Python finds its library by the program that it believes to be. The function is in the stable ABI, though deprecated: what
/// replaces it is not in the stable ABI before 3.14.
fn name_program(executable: &str) {
    // SAFETY: asks only whether Python runs, at any time.
    if unsafe { ffi::Py_IsInitialized() } != 0 {
        return;
    }
    // A wide character is 16 bits on Windows and 32 elsewhere.
    #[cfg(windows)]
    let units = executable.encode_utf16();
    #[cfg(not(windows))]
    let units = executable.chars().map(|it| u32::from(it) as _);
    let wide: Vec<_> = units.chain([0]).collect();
    // SAFETY: Python does not run yet; the text ends with 0 and is never freed, as Python goes on using it.
    unsafe { ffi::Py_SetProgramName(wide.leak().as_ptr()) };
}

/// Changes a tuple, as is fine while nobody else has it. Fails if somebody has.
pub(crate) fn set_item(
    tuple: &Bound<'_, PyTuple>,
    index: usize,
    item: Bound<'_, PyAny>,
) -> PyResult<()> {
    let index = index as ffi::Py_ssize_t;
    // SAFETY: Python is attached, and the reference to the item is given away. The function looks after the rest: whether
    // the index is one, and whether anybody else has the tuple.
    match unsafe { ffi::PyTuple_SetItem(tuple.as_ptr(), index, item.into_ptr()) } {
        0 => Ok(()),
        _ => Err(PyErr::fetch(tuple.py())),
    }
}
