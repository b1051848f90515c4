//! The beginnings of extensions: `symphony ext new` writes them, with the SDK where its language has no package of it.

use std::fs;
use std::io;
use std::path::Path;

use crate::manifest::{Kind, Manifest};

/// What an extension is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// With this crate as SDK.
    Rust,
    /// With a copy of `symphony_sdk`, and msgpack.
    Python,
    /// With a copy of the SDK, and `@msgpack/msgpack`.
    TypeScript,
}

/// A file's path, and its text before names are put in.
type File = (&'static str, &'static str);

macro_rules! file {
    ($path:literal, $from:literal) => {
        ($path, include_str!($from))
    };
}

const RUST: &[File] = &[
    file!("extension.toml", "../templates/rust/extension.toml"),
    file!("Cargo.toml", "../templates/rust/Cargo.toml.template"),
    (".gitignore", "/target\n"),
];

const PYTHON: &[File] = &[
    file!("extension.toml", "../templates/python/extension.toml"),
    file!("requirements.txt", "../templates/python/requirements.txt"),
    file!(
        "symphony_sdk/__init__.py",
        "../../../python-models/src/symphony_sdk/__init__.py"
    ),
    file!(
        "symphony_sdk/failure.py",
        "../../../python-models/src/symphony_sdk/failure.py"
    ),
    file!(
        "symphony_sdk/frames.py",
        "../../../python-models/src/symphony_sdk/frames.py"
    ),
    file!(
        "symphony_sdk/messages.py",
        "../../../python-models/src/symphony_sdk/messages.py"
    ),
    file!(
        "symphony_sdk/server.py",
        "../../../python-models/src/symphony_sdk/server.py"
    ),
    ("symphony_sdk/py.typed", ""),
    (".gitignore", "/.venv\n__pycache__/\n"),
];

const TYPESCRIPT: &[File] = &[
    file!("extension.toml", "../templates/typescript/extension.toml"),
    file!("package.json", "../templates/typescript/package.json"),
    file!("tsconfig.json", "../templates/typescript/tsconfig.json"),
    file!(
        "src/symphony-sdk/failure.ts",
        "../sdk/typescript/src/failure.ts"
    ),
    file!(
        "src/symphony-sdk/frames.ts",
        "../sdk/typescript/src/frames.ts"
    ),
    file!(
        "src/symphony-sdk/index.ts",
        "../sdk/typescript/src/index.ts"
    ),
    file!(
        "src/symphony-sdk/messages.ts",
        "../sdk/typescript/src/messages.ts"
    ),
    file!(
        "src/symphony-sdk/server.ts",
        "../sdk/typescript/src/server.ts"
    ),
    (".gitignore", "/node_modules\n/dist\n"),
];

impl Language {
    /// What is left to do before such an extension can be started, in the words of a shell.
    #[must_use]
    pub fn build(self) -> &'static str {
        match self {
            Self::Rust => "cargo build --release",
            Self::Python => "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt",
            Self::TypeScript => "npm install && npm run build",
        }
    }

    /// The file where it starts, which says what it can do.
    fn main(self, kind: Kind) -> File {
        let is_instrument = kind == Kind::Instrument;
        match (self, is_instrument) {
            (Self::Rust, false) => file!("src/main.rs", "../templates/rust/src/main.rs"),
            (Self::Rust, true) => file!("src/main.rs", "../templates/rust/src/instrument.rs"),
            (Self::Python, false) => file!("main.py", "../templates/python/main.py"),
            (Self::Python, true) => file!("main.py", "../templates/python/instrument.py"),
            (Self::TypeScript, false) => {
                file!("src/main.ts", "../templates/typescript/src/main.ts")
            }
            (Self::TypeScript, true) => {
                file!("src/main.ts", "../templates/typescript/src/instrument.ts")
            }
        }
    }

    fn files(self) -> &'static [File] {
        match self {
            Self::Rust => RUST,
            Self::Python => PYTHON,
            Self::TypeScript => TYPESCRIPT,
        }
    }
}

/// Writes the beginning of an extension into `folder`, which must not be there yet. `sdk` is where this crate's sources are,
/// for an extension in Rust.
///
/// # Errors
/// If the name is none, the folder is there, or something cannot be written.
pub fn write(
    folder: &Path,
    name: &str,
    kind: Kind,
    language: Language,
    sdk: &Path,
) -> io::Result<()> {
    let put_in = |text: &str| {
        text.replace("{{name}}", name)
            .replace("{{kind}}", kind.as_str())
            .replace("{{sdk}}", &sdk.to_string_lossy().replace('\\', "/"))
    };
    let manifest = language
        .files()
        .iter()
        .find(|it| it.0 == crate::manifest::FILE_NAME);
    let manifest = manifest.map(|it| put_in(it.1)).unwrap_or_default();
    // Names that a manifest does not take: everything else here is ours.
    Manifest::parse(&manifest).map_err(io::Error::other)?;
    if let Some(above) = folder.parent() {
        fs::create_dir_all(above)?;
    }
    fs::create_dir(folder)?;
    let main = language.main(kind);
    for (path, text) in language.files().iter().chain([&main]) {
        let path = folder.join(path);
        if let Some(above) = path.parent() {
            fs::create_dir_all(above)?;
        }
        fs::write(path, put_in(text))?;
    }
    Ok(())
}
