//! Between the protocol's terms and ours.

pub(crate) mod capabilities;
pub(crate) mod ext;
pub(crate) mod from_proto;
pub(crate) mod to_proto;
