//! Fingerprints the sources that decide what a summary says, for [`FINGERPRINT`]: a summary that was kept by another
//! build is used only if this build would have made the same one.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// What a summary follows from: the parser, the lowering and the summary itself, and the versions of what they use.
const SOURCES: [&str; 5] = [
    "../text/src",
    "../syntax/src",
    "../hir/src",
    "src",
    "../../Cargo.lock",
];

fn main() -> io::Result<()> {
    let mut hasher = blake3::Hasher::new();
    for source in SOURCES {
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
    println!(
        "cargo::rustc-env=SYMPHONY_SUMMARY_FINGERPRINT={}",
        hasher.finalize().to_hex()
    );
    Ok(())
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
