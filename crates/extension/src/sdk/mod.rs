//! For those who write extensions in Rust: methods in, a process that speaks the protocol out.
//!
//! ```no_run
//! use symphony_extension::sdk::{Call, Failure, Server};
//!
//! fn count(call: &Call) -> Result<u32, Failure> {
//!     let to: u32 = call.params()?;
//!     for number in 0..to {
//!         call.send(&number)?;
//!     }
//!     Ok(to)
//! }
//!
//! fn main() -> std::io::Result<()> {
//!     Server::new("counter", "1.0.0").method("count", count).serve()
//! }
//! ```

mod call;
mod failure;
mod output;
mod serve;

pub use call::Call;
pub use failure::Failure;
pub use serve::Server;
