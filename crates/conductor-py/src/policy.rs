//! A policy in Python: loaded once, asked with numbers, answering with numbers.

use std::cell::RefCell;
use std::fmt;

use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::numbers::{Answer, Arguments, Ints};

/// Where a policy comes from: paths, all from the user's own settings.
pub(crate) struct Sources<'a> {
    /// The folder that holds the package; none: Python finds it by itself.
    pub(crate) package: Option<&'a str>,
    /// A file of weights; none: those of the package.
    pub(crate) weights: Option<&'a str>,
    /// Weights in place of the package's, if they are there and in order.
    pub(crate) refined: Option<&'a str>,
    /// A Python file with a function `decide`; none: the package's policy.
    pub(crate) policy: Option<&'a str>,
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
    decide: Py<PyAny>,
    /// Whether it takes each number as an argument of its own, else all as one tuple.
    is_spread: bool,
    /// The class of what the package raises where a user's policy decided nonsense.
    nonsense: Py<PyAny>,
    arguments: RefCell<Arguments>,
    answer: RefCell<Answer>,
}

impl Policy {
    /// Imports the package and loads the weights, or the user's policy; and what was passed over, in words.
    pub(crate) fn load(
        sources: &Sources<'_>,
        ints: Ints,
    ) -> Result<(Self, Option<String>), Failure> {
        Python::attach(|py| {
            let sys = py.import("sys")?;
            // Standard output carries the editor's protocol, standard input as well.
            sys.setattr("stdout", sys.getattr("stderr")?)?;
            sys.setattr("stdin", py.None())?;
            // The folder of the package is whoever installed it, not ours to write to.
            sys.setattr("dont_write_bytecode", true)?;
            if let Some(package) = sources.package {
                sys.getattr("path")?.call_method1("insert", (0, package))?;
            }
            let module = py.import("conductor")?;
            let (decide, note) = match (sources.policy, sources.weights, sources.refined) {
                (Some(path), ..) => {
                    let decide = module.call_method1("load_user", (path,))?;
                    (module.call_method1("flat_of", (decide,))?, None)
                }
                (None, None, Some(path)) => {
                    let loaded = module.call_method1("load_refined", (path,))?;
                    let (policy, note): (Bound<'_, PyAny>, Option<String>) = loaded.extract()?;
                    (policy.getattr("spread")?, note)
                }
                (None, weights, _) => {
                    let policy = module.call_method1("load", (weights,))?;
                    (policy.getattr("spread")?, None)
                }
            };
            let policy = Self {
                decide: decide.unbind(),
                is_spread: sources.policy.is_none(),
                nonsense: module.getattr("PolicyError")?.unbind(),
                arguments: RefCell::new(Arguments::new(ints)),
                answer: RefCell::default(),
            };
            Ok((policy, note))
        })
    }

    /// Writes the decision about `view` to `answer`; how many numbers.
    pub(crate) fn decide(&self, view: &[f64], answer: &mut [f64]) -> Result<usize, Failure> {
        Python::attach(|py| {
            let decide = self.decide.bind(py);
            let mut arguments = self.arguments.borrow_mut();
            let decided = match self.is_spread {
                true => decide.call1(arguments.spread(py, view)?),
                false => decide.call1((arguments.tuple(py, view)?,)),
            };
            let decided =
                decided.map_err(
                    |error| match error.get_type(py).is(self.nonsense.bind(py)) {
                        true => Failure::Nonsense(error.value(py).to_string()),
                        false => error.into(),
                    },
                )?;
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
            let mut known = self.answer.borrow_mut();
            for (index, number) in decided.iter_borrowed().enumerate() {
                answer[index] = known
                    .number(index, &number)
                    .map_err(|it| Failure::Nonsense(it.to_string()))?;
            }
            Ok(n)
        })
    }
}
