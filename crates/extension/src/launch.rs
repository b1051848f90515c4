//! The launcher: a start of our own binary that fences itself in and then becomes the extension.
//!
//! The usual way, code between fork and exec, is unsafe: other threads may hold locks at the fork. This way costs one
//! more exec and needs no unsafe code. An extension that may have processes of its own is not replaced but watched, so
//! that none of them is left when the host is gone, however it went.

use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::sandbox::Fence;

/// What the launcher is given, as JSON in its last argument.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Plan {
    /// What is started.
    pub(crate) program: PathBuf,
    /// With what.
    pub(crate) arguments: Vec<String>,
    /// Who starts it; if that process is gone already, nothing is.
    pub(crate) parent: u32,
    /// Whether the launcher stays and watches.
    pub(crate) watch: bool,
    /// What it may not do.
    pub(crate) fence: Fence,
}

/// Either kind of plan: one with a fence, or a program of the user's own choice, such as a model server, without.
#[derive(Deserialize)]
#[serde(untagged)]
enum AnyPlan {
    Fenced(Plan),
    Plain(symphony_child::Plan),
}

/// Becomes the program of `plan`, which the host made, or watches it to its end.
///
/// # Errors
/// If it cannot be started. Success does not return but with the exit code of one that was watched.
pub fn launch(plan: &str) -> io::Result<u8> {
    let plan = match serde_json::from_str(plan)? {
        AnyPlan::Fenced(plan) => plan,
        AnyPlan::Plain(plan) => return symphony_child::launch(plan),
    };
    #[cfg(unix)]
    return unix::launch(plan);
    #[cfg(not(unix))]
    Err(symphony_child::not_here(&plan.program))
}

#[cfg(unix)]
mod unix {
    use std::io;
    use std::process::Stdio;
    use std::time::Duration;

    use symphony_child::{become_program, stay_with, watch};

    use super::Plan;

    pub(super) fn launch(plan: Plan) -> io::Result<u8> {
        stay_with(plan.parent)?;
        if plan.watch {
            let inner = Plan {
                watch: false,
                parent: std::process::id(),
                ..plan
            };
            // It reads what this process only looks at; the host has asked it to end before it hangs up.
            let inner = serde_json::to_string(&inner)?;
            return watch(&inner, Stdio::inherit(), Duration::ZERO);
        }
        #[cfg(target_os = "linux")]
        crate::sandbox::restrict(&plan.fence)?;
        Err(become_program(&plan.program, &plan.arguments))
    }
}
