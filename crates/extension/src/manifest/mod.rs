//! The manifest: what an extension is called, how it is started, and the little that it may do.
//!
//! Everything that is not declared is refused, so an empty manifest is a safe one. All mistakes are told at once, each
//! with its place.

mod position;
mod raw;
mod validate;

use std::path::{Path, PathBuf};
use std::time::Duration;

use semver::Version;
use serde::{Deserialize, Serialize};

pub use position::{ManifestError, Mistake};

/// The name of the file in an extension's folder.
pub const FILE_NAME: &str = "extension.toml";

/// What an extension says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// What it is called: 1 to 64 small letters, digits and `-`.
    pub name: String,
    /// Its version.
    pub version: Version,
    /// What it is for.
    pub kind: Kind,
    /// The program, relative to the manifest's folder, and its arguments.
    pub entry: Entry,
    /// What it may do.
    pub capabilities: Capabilities,
    /// How much it may take.
    pub limits: Limits,
}

/// What an extension is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A model.
    Instrument,
    /// Makes context, checks what comes back, runs tests or a linter.
    Operator,
    /// Code lenses, commands, hovers.
    Addon,
}

impl Kind {
    /// As a manifest has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Instrument => "instrument",
            Self::Operator => "operator",
            Self::Addon => "addon",
        }
    }
}

/// How an extension is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Relative to the manifest's folder, and below it.
    pub program: PathBuf,
    /// What the program is given.
    pub arguments: Vec<String>,
}

/// What runs an entry, by the ending of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Runtime {
    /// Itself.
    Native,
    /// Python, from the extension's `.venv` if it has one.
    Python,
    /// Node.
    Node,
}

impl Entry {
    /// What runs it.
    #[must_use]
    pub fn runtime(&self) -> Runtime {
        match self.program.extension().and_then(|it| it.to_str()) {
            Some("py") => Runtime::Python,
            Some("js" | "mjs" | "cjs") => Runtime::Node,
            _ => Runtime::Native,
        }
    }
}

/// What an extension may do beside reading its own folder and the system's programs and libraries. Nothing by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// Files and folders that it may read, absolute or relative to the manifest's folder.
    pub read: Vec<PathBuf>,
    /// Files and folders that it may read and change.
    pub write: Vec<PathBuf>,
    /// TCP ports that it may connect to.
    pub connect: Vec<u16>,
    /// Programs that it may start, by absolute path.
    pub exec: Vec<PathBuf>,
    /// Variables of the environment that it sees.
    pub environment: Vec<String>,
}

/// How much an extension may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Memory of each of its processes, in bytes: what it writes to, not what it reserves or shares.
    pub memory: u64,
    /// Processor time of each of its processes, from start to end, in seconds; without it, no limit.
    pub cpu_seconds: Option<u64>,
    /// Files that are open at once, pipes included.
    pub open_files: u64,
    /// Connections that are open at once, 0 where it may connect to nothing. The system counts them with the files: the two
    /// numbers together are what is enforced.
    pub connections: u32,
    /// How long a request may take.
    pub timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory: 512 << 20,
            cpu_seconds: None,
            open_files: 128,
            connections: 0,
            timeout: Duration::from_secs(30),
        }
    }
}

impl Manifest {
    /// Reads the text of a manifest.
    ///
    /// # Errors
    /// All its mistakes, each with line and column.
    pub fn parse(text: &str) -> Result<Self, ManifestError> {
        let raw: raw::Manifest =
            toml::from_str(text).map_err(|error| ManifestError::of_toml(text, &error))?;
        validate::manifest(text, raw)
    }

    /// A path of the manifest, from the root.
    #[must_use]
    pub fn absolute(folder: &Path, path: &Path) -> PathBuf {
        // Absolute ones replace the folder.
        folder.join(path)
    }
}
