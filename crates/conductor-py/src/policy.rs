//! A policy in Python: loaded once, asked with numbers, answering with numbers.

use std::fmt;

use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyInt, PyTuple};

/// Which fields of a view are ints in Python: how many fields, and a bit for each.
pub(crate) struct Ints {
    /// The fields before the instruments.
    pub(crate) view: (u32, u64),
    /// The fields of each instrument.
    pub(crate) instrument: (u32, u64),
}

impl Ints {
    fn is_int(&self, index: usize) -> bool {
        let (width, bits) = self.view;
        if index < width as usize {
            return bits >> index & 1 != 0;
        }
        let (each, bits) = self.instrument;
        bits >> ((index - width as usize) % (each as usize).max(1)) & 1 != 0
    }
}

/// Why there is no decision.
pub(crate) enum Failure {
    /// Python code raised this.
    Raised(String),
    /// What it returned is no decision.
    Nonsense(String),
    /// There is no policy on this thread.
    NotStarted,
}

impl From<PyErr> for Failure {
    fn from(error: PyErr) -> Self {
        Failure::Raised(Python::attach(|py| described(py, &error)))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Raised(message) | Failure::Nonsense(message) => f.write_str(message),
            Failure::NotStarted => f.write_str("no policy was loaded on this thread"),
        }
    }
}

/// The class and the message, and where: in the user's own file a line says most.
fn described(py: Python<'_>, error: &PyErr) -> String {
    let line = error
        .traceback(py)
        .and_then(|it| last_line(it.into_any()).ok());
    match line {
        Some((file, line)) => format!("{error} ({file}, line {line})"),
        None => error.to_string(),
    }
}

fn last_line(mut traceback: Bound<'_, PyAny>) -> PyResult<(String, u32)> {
    loop {
        let next = traceback.getattr("tb_next")?;
        if next.is_none() {
            break;
        }
        traceback = next;
    }
    let code = traceback.getattr("tb_frame")?.getattr("f_code")?;
    Ok((
        code.getattr("co_filename")?.extract()?,
        traceback.getattr("tb_lineno")?.extract()?,
    ))
}

/// A function of Python from numbers to numbers.
pub(crate) struct Policy {
    flat: Py<PyAny>,
    /// The class of what the package raises where a user's policy decided nonsense.
    nonsense: Py<PyAny>,
    ints: Ints,
}

impl Policy {
    /// Imports the package and loads the weights, or the user's policy.
    pub(crate) fn load(
        package: Option<&str>,
        weights: Option<&str>,
        policy: Option<&str>,
        ints: Ints,
    ) -> Result<Self, Failure> {
        Python::attach(|py| {
            let sys = py.import("sys")?;
            // Standard output carries the editor's protocol, standard input as well.
            sys.setattr("stdout", sys.getattr("stderr")?)?;
            sys.setattr("stdin", py.None())?;
            // The folder of the package is whoever installed it, not ours to write to.
            sys.setattr("dont_write_bytecode", true)?;
            if let Some(package) = package {
                sys.getattr("path")?.call_method1("insert", (0, package))?;
            }
            let module = py.import("conductor")?;
            let flat = match policy {
                Some(path) => {
                    let decide = module.call_method1("load_user", (path,))?;
                    module.call_method1("flat_of", (decide,))?
                }
                None => module.call_method1("load", (weights,))?.getattr("flat")?,
            };
            Ok(Self {
                flat: flat.unbind(),
                nonsense: module.getattr("PolicyError")?.unbind(),
                ints,
            })
        })
    }

    /// Writes the decision about `view` to `answer`; how many numbers.
    pub(crate) fn decide(&self, view: &[f64], answer: &mut [f64]) -> Result<usize, Failure> {
        Python::attach(|py| {
            let numbers = view.iter().enumerate().map(|(index, number)| {
                if self.ints.is_int(index) {
                    PyInt::new(py, *number as i64).into_any()
                } else {
                    PyFloat::new(py, *number).into_any()
                }
            });
            let numbers = PyTuple::new(py, numbers)?;
            let decided = self.flat.bind(py).call1((numbers,)).map_err(|error| {
                match error.get_type(py).is(self.nonsense.bind(py)) {
                    true => Failure::Nonsense(error.value(py).to_string()),
                    false => error.into(),
                }
            })?;
            let Ok(decided) = decided.cast::<PyTuple>() else {
                return Err(Failure::Nonsense(format!(
                    "expected a tuple of numbers, found {}",
                    decided.get_type()
                )));
            };
            let n = decided.len();
            if n > answer.len() {
                return Err(Failure::Nonsense(format!("{n} numbers make no decision")));
            }
            for (place, number) in answer.iter_mut().zip(decided.iter()) {
                *place = number
                    .extract()
                    .map_err(|error: PyErr| Failure::Nonsense(error.to_string()))?;
            }
            Ok(n)
        })
    }
}
