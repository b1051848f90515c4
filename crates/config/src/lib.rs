//! Settings: one list of them, and from it everything else.
//!
//! [`SECTIONS`] is the list: key, kind, default, who may set it, and what it is for. [`Config`] is what the server uses. A
//! [`Stack`] holds all that is said about settings by the command line, the environment, files and the editor, which value counts
//! where, and what is wrong. [`schema()`], the documentation and the settings of the editors are generated from the list.
//!
//! What others write is never trusted to be well formed, nor to be meant well: each bad value is reported with its place and costs
//! nothing but itself; what would run, reach or pay something is taken from the user only.
//!
//! ```
//! use symphony_config::{Layer, Source, Stack, UserFiles};
//!
//! let command_line = Layer::from_arguments(&["inlineCompletion.tau=0.8".to_owned()]);
//! let stack = Stack::new(command_line, Layer::empty(Source::Environment), UserFiles::default());
//! assert_eq!(stack.config(None).inline_completion.tau, Some(0.8));
//! ```

mod check;
pub mod docs;
mod file;
mod forms;
mod instrument;
mod layer;
mod macros;
mod node;
mod problem;
mod schema;
mod setting;
mod stack;
mod store;
mod suggest;
mod table;
#[cfg(test)]
mod tests;
mod typed;

pub use file::SettingsFile;
pub use instrument::{Api, Instrument, InstrumentKind};
pub use layer::{Given, Layer, parse_value};
pub use problem::{Fault, Place, Position, Problem, Source};
pub use schema::{SchemaOf, schema};
pub use setting::{DefaultValue, Effect, Kind, Scope, Setting, Tables, Word};
pub use stack::{STORED_FILE, Stack, USER_FILE, UserFiles, WORKSPACE_FILE, differences};
pub use store::{StoreError, set, unset};
pub use table::{
    Cache, CodeLens, Conductor, Config, Cost, InlineCompletion, Log, Period, SECTIONS, Section,
    all, setting,
};

/// The key that is most like `key`, for a message; none if nothing is like it.
#[must_use]
pub fn similar(key: &str) -> Option<&'static str> {
    suggest::suggest(key, &mut all().map(|it| it.key))
}
