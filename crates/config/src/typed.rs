//! From values that have passed the checks to the types of the structs.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

/// What a field of a struct of settings can be.
pub(crate) trait FromValue {
    /// From a checked value; without one, what its absence means.
    fn from_value(value: Option<&Value>) -> Self;
}

impl FromValue for bool {
    fn from_value(value: Option<&Value>) -> Self {
        value.and_then(Value::as_bool).unwrap_or_default()
    }
}

impl FromValue for f64 {
    fn from_value(value: Option<&Value>) -> Self {
        value.and_then(Value::as_f64).unwrap_or_default()
    }
}

impl FromValue for f32 {
    fn from_value(value: Option<&Value>) -> Self {
        f64::from_value(value) as f32
    }
}

impl FromValue for u32 {
    fn from_value(value: Option<&Value>) -> Self {
        let value = value.and_then(Value::as_u64).unwrap_or_default();
        value.try_into().unwrap_or(Self::MAX)
    }
}

impl FromValue for Duration {
    fn from_value(value: Option<&Value>) -> Self {
        Self::from_millis(value.and_then(Value::as_u64).unwrap_or_default())
    }
}

impl FromValue for String {
    fn from_value(value: Option<&Value>) -> Self {
        value.and_then(Value::as_str).unwrap_or_default().to_owned()
    }
}

impl FromValue for PathBuf {
    fn from_value(value: Option<&Value>) -> Self {
        String::from_value(value).into()
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Option<&Value>) -> Self {
        value.map(|value| T::from_value(Some(value)))
    }
}

impl<T: FromValue> FromValue for Vec<T> {
    fn from_value(value: Option<&Value>) -> Self {
        let list = value.and_then(Value::as_array).into_iter().flatten();
        list.map(|value| T::from_value(Some(value))).collect()
    }
}
