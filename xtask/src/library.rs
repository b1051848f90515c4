//! TypeScript's `lib.*.d.ts`, installed beside the binaries: what the server falls back to in a workspace without
//! TypeScript. They are TypeScript's, under its licence, and are not part of this repository.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The version whose libraries are installed.
const VERSION: &str = "6.0.3";

/// Installs the libraries below the target folder, if they are not there. False without npm.
pub(crate) fn install(root: &Path) -> Result<bool> {
    let binary = crate::server_binary(root, "release")?;
    let target = binary
        .ancestors()
        .nth(2)
        .context("the target folder has no parent")?;
    let shared = target.join("share").join("symphony");
    let folder = shared.join("typescript");
    if is_version(&folder) {
        return Ok(true);
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let has_npm = Command::new(npm)
        .arg("--version")
        .output()
        .is_ok_and(|it| it.status.success());
    if !has_npm {
        return Ok(false);
    }
    let staging = shared.join("staging");
    std::fs::create_dir_all(&staging).context("failed to make the staging folder")?;
    let status = Command::new(npm)
        .args([
            "install",
            "--no-save",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--prefix",
        ])
        .arg(&staging)
        .arg(format!("typescript@{VERSION}"))
        .status()
        .context("failed to run npm")?;
    if !status.success() {
        bail!("npm could not install typescript@{VERSION}");
    }
    let installed = staging.join("node_modules").join("typescript");
    copy_libraries(&installed, &folder)?;
    std::fs::remove_dir_all(&staging).context("failed to remove the staging folder")?;
    Ok(true)
}

fn is_version(folder: &Path) -> bool {
    std::fs::read_to_string(folder.join("VERSION")).is_ok_and(|it| it == VERSION)
}

/// Copies the libraries and the licence; the compiler itself is not needed.
fn copy_libraries(from: &Path, to: &Path) -> Result<()> {
    let lib = to.join("lib");
    std::fs::create_dir_all(&lib).context("failed to make the library folder")?;
    let entries = std::fs::read_dir(from.join("lib")).context("the package has no libraries")?;
    for entry in entries {
        let path = entry?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if name.starts_with("lib.") && name.ends_with(".d.ts") {
            std::fs::copy(&path, lib.join(name)).context("failed to copy a library")?;
        }
    }
    for name in ["LICENSE.txt", "ThirdPartyNoticeText.txt"] {
        if from.join(name).is_file() {
            std::fs::copy(from.join(name), to.join(name)).context("failed to copy the licence")?;
        }
    }
    std::fs::write(to.join("VERSION"), VERSION).context("failed to write the version")
}
