//! `cargo xtask dist`: what is handed out, as it is found without any setting: the binary, the library that holds Python, and
//! `python` with the packages, all in one folder; or the same as a wheel.

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX, EXE_EXTENSION};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::ci::succeed;

/// The packages of `python-models`: what decides, the game that trains it, and the SDK of extensions.
const PACKAGES: [&str; 3] = ["conductor", "quest", "symphony_sdk"];
/// Where the wheel's builder finds what is built; `python-models/hatch_build.py` reads it.
const BUILT_VARIABLE: &str = "SYMPHONY_BUILT";

#[derive(Args)]
pub(crate) struct Options {
    /// The profile of Cargo
    #[arg(long, default_value = "dist")]
    profile: String,
    /// Take what is built already
    #[arg(long)]
    built: bool,
    /// Where it goes; `symphony` below the target folder by default
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Make a wheel in that folder, in place of a layout (needs pip, which fetches the builder)
    #[arg(long)]
    wheel: bool,
}

pub(crate) fn run(root: &Path, options: &Options) -> Result<()> {
    if !options.built {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(root);
        command.args(["build", "--workspace", "--locked", "--profile"]);
        command.args([&options.profile, "--features", "symphony-server/keychain"]);
        succeed(&mut command)?;
    }
    // The folder of the profile `dev` has another name.
    let profile = match options.profile.as_str() {
        "dev" => "debug",
        other => other,
    };
    let binary = crate::server_binary(root, profile)?;
    let built = binary.parent().context("the binary has no folder")?;
    let target = built.parent().context("the profile has no folder")?;
    let out = match &options.out {
        Some(out) => std::path::absolute(out)?,
        None => target.join("symphony"),
    };
    if options.wheel {
        return wheel(root, built, &out);
    }
    lay_out(built, &root.join("python-models").join("src"), &out)?;
    let libraries = target.join("share");
    if libraries.is_dir() {
        copy(&libraries, &out.join("share"))?;
    }
    let told = format!("symphony is in {}", out.join("bin").display());
    Ok(console::Term::stdout().write_line(&told)?)
}

/// The two files that Cargo builds.
fn files(built: &Path) -> [PathBuf; 2] {
    [
        built.join("symphony").with_extension(EXE_EXTENSION),
        built.join(format!("{DLL_PREFIX}symphony_conductor_py{DLL_SUFFIX}")),
    ]
}

/// Puts the binary, the library and the packages into `bin` of `out`, in place of what is there of them.
fn lay_out(built: &Path, packages: &Path, out: &Path) -> Result<()> {
    let bin = out.join("bin");
    fs::create_dir_all(&bin).context("failed to make the folder")?;
    for file in files(built) {
        let name = file.file_name().context("a file without a name")?;
        let copied = fs::copy(&file, bin.join(name));
        copied.with_context(|| format!("{} is not built", file.display()))?;
    }
    for package in PACKAGES {
        let to = bin.join("python").join(package);
        if to.is_dir() {
            fs::remove_dir_all(&to).context("failed to remove an old package")?;
        }
        copy(&packages.join(package), &to)?;
    }
    Ok(())
}

/// A folder with all that is in it, but byte code.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("failed to make {}", to.display()))?;
    let entries =
        fs::read_dir(from).with_context(|| format!("failed to read {}", from.display()))?;
    for entry in entries {
        let path = entry?.path();
        let Some(name) = path.file_name() else {
            continue;
        };
        if name == "__pycache__" {
            continue;
        }
        if path.is_dir() {
            copy(&path, &to.join(name))?;
        } else {
            fs::copy(&path, to.join(name))
                .with_context(|| format!("failed to copy {}", path.display()))?;
        }
    }
    Ok(())
}

/// A wheel of this platform: `pip install` puts the binary beside the environment's Python, the library into the package.
fn wheel(root: &Path, built: &Path, out: &Path) -> Result<()> {
    for file in files(built) {
        ensure!(file.is_file(), "{} is not built", file.display());
    }
    let python = crate::python::interpreter()
        .context("there is no Python of version 3.10 or later to make a wheel with")?;
    let mut command = Command::new(python);
    command.args(["-m", "pip", "wheel", "--quiet", "--no-deps"]);
    command.arg("--disable-pip-version-check");
    command.arg("--wheel-dir").arg(out);
    command.arg(root.join("python-models"));
    succeed(command.env(BUILT_VARIABLE, built))?;
    let told = format!("the wheel is in {}", out.display());
    Ok(console::Term::stdout().write_line(&told)?)
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn all_that_is_needed_lies_beside_the_binary_wherever_that_is() {
        let folder = TempDir::new().unwrap();
        let built = folder.path().join("built");
        fs::create_dir(&built).unwrap();
        for file in files(&built) {
            fs::write(file, "").unwrap();
        }
        let out = folder.path().join("Größe und 名前");
        let packages = crate::workspace_root().join("python-models").join("src");
        lay_out(&built, &packages, &out).unwrap();
        let stale = out.join("bin/python/conductor/stale.py");
        fs::write(&stale, "").unwrap();
        lay_out(&built, &packages, &out).unwrap();
        assert!(!stale.exists());
        let bin = out.join("bin");
        for name in [
            "python/conductor/__init__.py",
            "python/conductor/weights.json",
            "python/conductor/schema.json",
            "python/quest/__main__.py",
            "python/quest/measurements.jsonl",
            "python/symphony_sdk/__init__.py",
        ] {
            assert!(bin.join(name).is_file(), "{name}");
        }
        assert!(!bin.join("python/conductor/__pycache__").exists());
        assert!(files(&bin).iter().all(|it| it.is_file()));
    }

    #[test]
    fn what_is_not_built_is_told() {
        let folder = TempDir::new().unwrap();
        let packages = crate::workspace_root().join("python-models").join("src");
        let error = lay_out(&folder.path().join("none"), &packages, folder.path()).unwrap_err();
        assert!(error.to_string().contains("is not built"), "{error}");
    }
}
