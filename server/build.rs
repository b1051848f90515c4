//! Fingerprints the sources that decide what is kept for the next start: what another build has kept is used only if
//! this build would have made the same.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// What a summary follows from: the parser, the lowering and the summary itself, and the versions of what they use.
const SUMMARY: [&str; 5] = [
    "../crates/text/src",
    "../crates/syntax/src",
    "../crates/hir/src",
    "../crates/summary/src",
    "../Cargo.lock",
];
/// What the language model's index follows from.
const MODEL: [&str; 1] = ["../crates/lm/src"];

fn main() -> io::Result<()> {
    for (name, sources) in [("SUMMARY", &SUMMARY[..]), ("MODEL", &MODEL)] {
        let fingerprint = fingerprint(sources)?;
        println!("cargo::rustc-env=SYMPHONY_{name}_FINGERPRINT={fingerprint}");
    }
    Ok(())
}

fn fingerprint(sources: &[&str]) -> io::Result<blake3::Hash> {
    let mut hasher = blake3::Hasher::new();
    for source in sources {
        println!("cargo::rerun-if-changed={source}");
        let mut files = Vec::new();
        collect(Path::new(source), &mut files)?;
        files.sort();
        for file in files {
            let bytes = fs::read(&file)?;
            hasher.update(file.to_string_lossy().replace('\\', "/").as_bytes());
            hasher.update(&(bytes.len() as u64).to_le_bytes());
            hasher.update(&bytes);
        }
    }
    Ok(hasher.finalize())
}

/// All files at or below `path`.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        collect(&entry?.path(), files)?;
    }
    Ok(())
}
