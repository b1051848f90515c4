//! Numbers to objects of Python and back. Between two questions most numbers stay as they are, and of a decision most come from
//! short ladders: what was made or read for the last one is kept. That halved what the way into Python and back costs.

use std::collections::BTreeMap;

use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyInt, PyTuple};

use crate::abi::set_item;

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

/// The views of one policy, as tuples.
pub(crate) struct Arguments {
    ints: Ints,
    /// The last one of each length.
    last: BTreeMap<usize, Last>,
}

struct Last {
    /// Each with whether it is an int.
    numbers: Vec<(f64, bool)>,
    /// Those of `numbers`; nobody else has it.
    tuple: Py<PyTuple>,
}

impl Arguments {
    pub(crate) fn new(ints: Ints) -> Self {
        Self {
            ints,
            last: BTreeMap::new(),
        }
    }

    /// A tuple for `view` that the callee may keep.
    pub(crate) fn tuple<'py>(
        &self,
        py: Python<'py>,
        view: &[f64],
    ) -> PyResult<Bound<'py, PyTuple>> {
        let numbers = self.numbers(view);
        let objects = numbers.map(|(number, is_int)| object(py, number, is_int));
        PyTuple::new(py, objects)
    }

    /// A tuple for `view` whose items only are seen by the callee: the last one, with what has changed since.
    pub(crate) fn spread<'py>(
        &mut self,
        py: Python<'py>,
        view: &[f64],
    ) -> PyResult<Bound<'py, PyTuple>> {
        if let Some(last) = self.last.get_mut(&view.len())
            && last.renew(py, view).is_ok()
        {
            return Ok(last.tuple.bind(py).clone());
        }
        // The first of its length, or somebody has the last one, and keeps it.
        let tuple = self.tuple(py, view)?;
        let last = Last {
            numbers: self.numbers(view).collect(),
            tuple: tuple.clone().unbind(),
        };
        self.last.insert(view.len(), last);
        Ok(tuple)
    }

    fn numbers(&self, view: &[f64]) -> impl ExactSizeIterator<Item = (f64, bool)> {
        let numbers = view.iter().enumerate();
        numbers.map(|(index, it)| (*it, self.ints.is_int(index)))
    }
}

impl Last {
    /// Fails if somebody else has the tuple.
    fn renew(&mut self, py: Python<'_>, view: &[f64]) -> PyResult<()> {
        let tuple = self.tuple.bind(py);
        for (index, ((known, is_int), number)) in self.numbers.iter_mut().zip(view).enumerate() {
            // By bits: of what compares equal 0 and -0 differ.
            if known.to_bits() != number.to_bits() {
                set_item(tuple, index, object(py, *number, *is_int))?;
                *known = *number;
            }
        }
        Ok(())
    }
}

fn object(py: Python<'_>, number: f64, is_int: bool) -> Bound<'_, PyAny> {
    if is_int {
        PyInt::new(py, number as i64).into_any()
    } else {
        PyFloat::new(py, number).into_any()
    }
}

/// The numbers of the last decision with their objects.
#[derive(Default)]
pub(crate) struct Answer {
    known: Vec<(Py<PyAny>, f64)>,
}

impl Answer {
    /// The number of the object in the place `index`.
    pub(crate) fn number(&mut self, index: usize, object: &Bound<'_, PyAny>) -> PyResult<f64> {
        match self.known.get(index) {
            Some((known, number)) if known.is(object) => return Ok(*number),
            _ => {}
        }
        let number = plain(object)?;
        let is_plain =
            object.is_exact_instance_of::<PyInt>() || object.is_exact_instance_of::<PyFloat>();
        if is_plain {
            let known = (object.clone().unbind(), number);
            if index < self.known.len() {
                self.known[index] = known;
            } else if index == self.known.len() {
                self.known.push(known);
            }
        }
        Ok(number)
    }
}

/// A number of Python. Whole ones straight, without a float in between.
fn plain(number: &Bound<'_, PyAny>) -> PyResult<f64> {
    if number.is_instance_of::<PyInt>() {
        // Beyond 64 bits as a float, or not at all.
        if let Ok(whole) = number.extract::<i64>() {
            return Ok(whole as f64);
        }
    }
    number.extract()
}
