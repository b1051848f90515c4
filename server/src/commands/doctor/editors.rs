//! The editors that are installed, and whether they can start the server and show what it says.

use std::path::Path;
use std::process::{Command, Stdio};

use super::report::Finding;

const TOPIC: &str = "editors";

/// An editor that is found by its program.
struct Editor {
    name: &'static str,
    program: &'static str,
    /// The oldest version that it works with.
    least: (u64, u64, u64),
    /// The oldest that shows ghost text; none if there is one that does.
    ghost_text: Option<(u64, u64, u64)>,
    guide: &'static str,
}

const EDITORS: &[Editor] = &[
    Editor {
        name: "Neovim",
        program: "nvim",
        least: (0, 11, 3),
        ghost_text: Some((0, 12, 0)),
        guide: "editors/neovim/README.md",
    },
    Editor {
        name: "Helix",
        program: "hx",
        least: (25, 7, 0),
        ghost_text: None,
        guide: "editors/helix/README.md",
    },
];

/// Whether editors that start `symphony` by its name get this program.
pub(super) fn binary() -> Finding {
    const TOPIC: &str = "program";
    let this = std::env::current_exe().and_then(|it| it.canonicalize());
    let Ok(this) = this else {
        let remedy = "start it by its whole path";
        return Finding::warning(TOPIC, "this program does not know where it is", remedy);
    };
    let shown = this.display();
    let on_path = which::which("symphony").ok();
    match on_path.and_then(|it| it.canonicalize().ok()) {
        Some(found) if found == this => Finding::good(TOPIC, format!("{shown}, on PATH")),
        Some(other) => Finding::warning(
            TOPIC,
            format!("this is {shown}, but editors start {}", other.display()),
            "put the one that you want first on PATH, or name it in the editor's settings",
        ),
        None => Finding::warning(
            TOPIC,
            format!("{shown} is not on PATH, where editors look for `symphony`"),
            "put it on PATH, or name it in the editor's settings",
        ),
    }
}

pub(super) fn all() -> Vec<Finding> {
    let mut findings: Vec<Finding> = EDITORS.iter().filter_map(one).collect();
    // What its command says of its version would start the whole editor.
    if which::which("code").is_ok() {
        let found = "VS Code is installed; Symphony needs 1.100 and its extension";
        findings.push(Finding::note(TOPIC, found).advise("see editors/vscode/README.md"));
    }
    if findings.is_empty() {
        let found = "neither Neovim, Helix nor VS Code is on PATH";
        findings.push(
            Finding::note(TOPIC, found)
                .advise("any editor with a language client can start `symphony lsp`"),
        );
    }
    findings
}

fn one(editor: &Editor) -> Option<Finding> {
    let path = which::which(editor.program).ok()?;
    let name = editor.name;
    let Some(version) = version(&path) else {
        let found = format!("{name} at {} does not say its version", path.display());
        let remedy = format!("try `{} --version`", editor.program);
        return Some(Finding::warning(TOPIC, found, remedy));
    };
    let (major, minor, patch) = version;
    let found = format!("{name} {major}.{minor}.{patch}");
    Some(if version < editor.least {
        let (major, minor, patch) = editor.least;
        Finding::warning(
            TOPIC,
            format!("{found} is too old"),
            format!("install {major}.{minor}.{patch} or later"),
        )
    } else if editor.ghost_text.is_some_and(|least| version < least) {
        let found = format!("{found} shows suggestions as completion items, not as ghost text");
        Finding::note(TOPIC, found)
            .advise(format!("a later version has ghost text: {}", editor.guide))
    } else {
        Finding::good(TOPIC, format!("{found}; see {}", editor.guide))
    })
}

/// The first three numbers that a program says of itself.
fn version(program: &Path) -> Option<(u64, u64, u64)> {
    let output = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    parse_version(&String::from_utf8_lossy(&output.stdout))
}

fn parse_version(text: &str) -> Option<(u64, u64, u64)> {
    let first = text.lines().next()?;
    first.split_whitespace().find_map(|word| {
        let word = word.trim_start_matches('v');
        let mut numbers = word
            .split(['.', '-', '+'])
            .map_while(|part| part.parse::<u64>().ok());
        let (major, minor) = (numbers.next()?, numbers.next()?);
        Some((major, minor, numbers.next().unwrap_or_default()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_editors_say_them() {
        for (text, version) in [
            (
                "NVIM v0.12.0-dev-1234+gabc\nBuild type: Release",
                Some((0, 12, 0)),
            ),
            ("NVIM v0.11.3", Some((0, 11, 3))),
            ("helix 25.07.1 (a05c151b)", Some((25, 7, 1))),
            ("helix 25.01 (e7ac2fcd)", Some((25, 1, 0))),
            ("nothing", None),
            ("", None),
        ] {
            assert_eq!(parse_version(text), version, "{text}");
        }
    }
}
