//! What methods take and give, as it stands on the wire: one value of MessagePack that nobody on the way looks into.

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize as _, Serialize};
use thiserror::Error;

/// How deep values may be nested.
const MAX_DEPTH: usize = 128;

/// Why a value is not what was expected, for a person.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct ValueError(String);

/// Exactly one value of MessagePack, nested up to 128 deep.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Value(Vec<u8>);

impl Value {
    /// Nothing.
    #[must_use]
    pub fn nil() -> Self {
        Self(vec![0xc0])
    }

    /// Encodes; a structure becomes a map by the names of its fields.
    ///
    /// # Errors
    /// What serde cannot express.
    pub fn of(value: &(impl Serialize + ?Sized)) -> Result<Self, ValueError> {
        let bytes = rmp_serde::to_vec_named(value);
        Self::from_bytes(&bytes.map_err(|error| ValueError(error.to_string()))?)
    }

    /// Decodes.
    ///
    /// # Errors
    /// If it is of another shape.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, ValueError> {
        rmp_serde::from_slice(&self.0).map_err(|error| ValueError(error.to_string()))
    }

    /// Takes what somebody else has encoded.
    ///
    /// # Errors
    /// If it is not one value, or nested too deep.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ValueError> {
        // `rmp::decode::MessageLen` of 0.8.15 would do, but panics on extension types.
        let mut deserializer = rmp_serde::Deserializer::new(bytes);
        deserializer.set_max_depth(MAX_DEPTH);
        match IgnoredAny::deserialize(&mut deserializer) {
            Ok(_) if deserializer.get_ref().is_empty() => Ok(Self(bytes.to_vec())),
            Ok(_) => Err(ValueError("more than one value".to_owned())),
            Err(error) => Err(ValueError(error.to_string())),
        }
    }

    /// As it is encoded.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}
