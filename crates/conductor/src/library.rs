//! The two libraries that are opened at run time: first a libpython, for all to see, then the one that holds it. All unsafe
//! code of this crate is here, and it is only that which calling C needs. Neither is ever closed: Python cannot be.
#![expect(
    unsafe_code,
    reason = "libraries that are opened at run time, and the C functions of one of them"
)]

use std::marker::PhantomData;
use std::path::Path;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::decision::WIDTH;
use crate::load::LoadError;
use crate::view::{WIDTHS, ints};
use crate::{Nonsense, Options};

/// Of the functions below, in `symphony-conductor-py` as well.
const ABI: u32 = 2;
/// Longer messages are cut off.
const MOST_BYTES: usize = 1 << 10;
/// What is said of a decision that is none; see `symphony-conductor-py`.
const NONSENSE: i32 = 2;
/// Done, with something to tell.
const NOTED: i32 = 4;

#[repr(C)]
struct Text {
    bytes: *const u8,
    length: usize,
}

#[repr(C)]
struct Start {
    executable: Text,
    package: Text,
    weights: Text,
    refined: Text,
    policy: Text,
    widths: [u32; 2],
    ints: [u64; 2],
}

type AbiFn = extern "C" fn() -> u32;
type StartFn = unsafe extern "C" fn(*const Start) -> i32;
type DecideFn = unsafe extern "C" fn(*const f64, usize, *mut f64, usize, *mut usize) -> i32;
type ErrorFn = unsafe extern "C" fn(*mut u8, usize) -> usize;

/// Why Python gave no numbers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Failed {
    Raised(String),
    Nonsense(String),
}

/// The open library. It stays with the thread that opened it, which is Python's.
pub(crate) struct Library {
    start: StartFn,
    decide: DecideFn,
    error: ErrorFn,
    own_thread: PhantomData<*const ()>,
}

/// There can be one Python in a process, ever.
static TAKEN: AtomicBool = AtomicBool::new(false);

impl Library {
    /// Opens both.
    pub(crate) fn open(libpython: &Path, holder: &Path) -> Result<Self, LoadError> {
        if TAKEN.swap(true, Ordering::Relaxed) {
            return Err(LoadError::Twice);
        }
        let holder_failed = |error| LoadError::Open(holder.to_owned(), error);
        let python = open_for_all(libpython).map_err(|error| {
            // Nothing has been opened: another may be.
            TAKEN.store(false, Ordering::Relaxed);
            LoadError::Open(libpython.to_owned(), error)
        })?;
        // SAFETY: it is ours: opening it runs nothing but what Rust's own runtime does.
        let library = unsafe { libloading::Library::new(holder) }.map_err(holder_failed)?;
        // SAFETY: the types are those of `symphony-conductor-py`, in all versions.
        let abi = unsafe { library.get::<AbiFn>("symphony_conductor_abi") };
        if abi.map_err(holder_failed)?() != ABI {
            return Err(LoadError::WrongLibrary(holder.to_owned()));
        }
        // SAFETY: the types are those of `symphony-conductor-py` in this version.
        let (start, decide, error) = unsafe {
            (
                *library
                    .get::<StartFn>("symphony_conductor_start")
                    .map_err(holder_failed)?,
                *library
                    .get::<DecideFn>("symphony_conductor_decide")
                    .map_err(holder_failed)?,
                *library
                    .get::<ErrorFn>("symphony_conductor_error")
                    .map_err(holder_failed)?,
            )
        };
        std::mem::forget((python, library));
        Ok(Self {
            start,
            decide,
            error,
            own_thread: PhantomData,
        })
    }

    /// Starts Python and loads the policy; what was passed over, in words, or what it says if that fails.
    pub(crate) fn start(
        &mut self,
        executable: &Path,
        package: Option<&Path>,
        options: &Options,
    ) -> Result<Option<String>, String> {
        let start = Start {
            executable: text(Some(executable))?,
            package: text(package)?,
            weights: text(options.weights.as_deref())?,
            refined: text(options.refined.as_deref())?,
            policy: text(options.policy.as_deref())?,
            widths: WIDTHS,
            ints: ints(),
        };
        // SAFETY: the texts are borrowed from what outlives the call, and a libpython is open for all.
        match unsafe { (self.start)(&raw const start) } {
            0 => Ok(None),
            NOTED => Ok(Some(self.message())),
            _ => Err(self.message()),
        }
    }

    /// The numbers of a decision. Returns when Python does, which may be never.
    pub(crate) fn decide(&mut self, view: &[f64]) -> Result<[f64; WIDTH], Failed> {
        let mut numbers = [0.0; WIDTH];
        let mut n = 0;
        // SAFETY: the lengths are those of the slices, which nobody else has.
        let code = unsafe {
            let (answer, room) = (numbers.as_mut_ptr(), numbers.len());
            (self.decide)(view.as_ptr(), view.len(), answer, room, &raw mut n)
        };
        match code {
            0 if n == WIDTH => Ok(numbers),
            0 => Err(Failed::Nonsense(Nonsense::Form.to_string())),
            NONSENSE => Err(Failed::Nonsense(self.message())),
            _ => Err(Failed::Raised(self.message())),
        }
    }

    fn message(&self) -> String {
        let mut bytes = vec![0; MOST_BYTES];
        // SAFETY: the length is that of the slice, which nobody else has.
        let length = unsafe { (self.error)(bytes.as_mut_ptr(), bytes.len()) };
        bytes.truncate(length);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

fn text(path: Option<&Path>) -> Result<Text, String> {
    let Some(path) = path else {
        return Ok(Text {
            bytes: ptr::null(),
            length: 0,
        });
    };
    let text = path
        .to_str()
        .ok_or_else(|| format!("{} is not UTF-8", path.display()))?;
    Ok(Text {
        bytes: text.as_ptr(),
        length: text.len(),
    })
}

/// Opens a libpython so that what is opened later finds its functions.
#[cfg(unix)]
fn open_for_all(path: &Path) -> Result<libloading::Library, libloading::Error> {
    use libloading::os::unix::{Library, RTLD_GLOBAL, RTLD_NOW};
    // SAFETY: a Python that has started in a process of its own: opening its library runs nothing of note.
    let library = unsafe { Library::open(Some(path), RTLD_NOW | RTLD_GLOBAL) }?;
    Ok(library.into())
}

/// Opens a libpython: what is opened later finds it by its name.
#[cfg(not(unix))]
fn open_for_all(path: &Path) -> Result<libloading::Library, libloading::Error> {
    // What is built for all versions asks for the library of all versions, which leads to this one.
    let stable = path.with_file_name("python3.dll");
    // SAFETY: a Python that has started in a process of its own: opening its library runs nothing of note.
    let library = unsafe { libloading::Library::new(path) }?;
    // SAFETY: as above.
    let stable = unsafe { libloading::Library::new(stable) }?;
    std::mem::forget(stable);
    Ok(library)
}
