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

/// Becomes the extension of `plan`, which the host made, or watches it to its end.
///
/// # Errors
/// If it cannot be started. Success does not return but with the exit code of one that was watched.
pub fn launch(plan: &str) -> io::Result<u8> {
    let plan: Plan = serde_json::from_str(plan)?;
    #[cfg(unix)]
    return unix::launch(plan);
    #[cfg(not(unix))]
    Err(io::Error::other(format!(
        "{} is started without a launcher here",
        plan.program.display()
    )))
}

#[cfg(unix)]
mod unix {
    use std::io;
    use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
    use std::process::{Child, Command, ExitStatus};
    use std::sync::mpsc;
    use std::thread;

    use rustix::event::{PollFd, PollFlags, poll};
    use rustix::process::{Pid, Signal, getppid, kill_process_group};

    use super::Plan;

    pub(super) fn launch(plan: Plan) -> io::Result<u8> {
        stay_with(plan.parent)?;
        if plan.watch {
            return watch(plan);
        }
        #[cfg(target_os = "linux")]
        crate::sandbox::restrict(&plan.fence)?;
        let error = Command::new(&plan.program).args(&plan.arguments).exec();
        let told = format!("failed to start {}: {error}", plan.program.display());
        Err(io::Error::new(error.kind(), told))
    }

    /// Ends with the parent, also with one that ends just now.
    fn stay_with(parent: u32) -> io::Result<()> {
        #[cfg(target_os = "linux")]
        rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
        let now = getppid().map(|it| it.as_raw_nonzero().get().cast_unsigned());
        if now != Some(parent) {
            return Err(io::Error::other("who started this is gone"));
        }
        Ok(())
    }

    /// Starts the extension in a group of its own, and ends the group with the extension or with the host. That the host is
    /// gone is seen at its end of standard input, which the extension reads and this process only looks at.
    fn watch(plan: Plan) -> io::Result<u8> {
        let inner = Plan {
            watch: false,
            parent: std::process::id(),
            ..plan
        };
        let mut words: Vec<_> = std::env::args_os().skip(1).collect();
        words.pop();
        // This process must outlive its parent to end the group, so the signal is only for what it starts.
        #[cfg(target_os = "linux")]
        rustix::process::set_parent_process_death_signal(None)?;
        let mut child = Command::new(std::env::current_exe()?)
            .args(words)
            .arg(serde_json::to_string(&inner)?)
            .process_group(0)
            .spawn()?;
        let group = Pid::from_child(&child);
        let (ended, waited) = mpsc::channel();
        let waiter = {
            let ended = ended.clone();
            thread::Builder::new().spawn(move || {
                wait(&mut child);
                // The receiver may be gone with the process.
                let _ = ended.send(());
                child
            })?
        };
        thread::Builder::new().spawn(move || {
            hung_up();
            let _ = ended.send(());
        })?;
        let _ = waited.recv();
        // Before the leader is reaped, so that no other group can have its number.
        let _ = kill_process_group(group, Signal::KILL);
        let mut child = waiter
            .join()
            .map_err(|_| io::Error::other("failed to wait for the extension"))?;
        Ok(code(child.wait()?))
    }

    /// Waits for the end, and leaves the number taken.
    fn wait(child: &mut Child) {
        use rustix::process::{WaitId, WaitIdOptions, waitid};
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        while let Err(error) = waitid(WaitId::Pid(Pid::from_child(child)), options) {
            if error != rustix::io::Errno::INTR {
                return;
            }
        }
    }

    fn hung_up() {
        let stdin = io::stdin();
        loop {
            // Nothing is asked for: only a hang-up is told.
            let mut events = [PollFd::new(&stdin, PollFlags::empty())];
            match poll(&mut events, None) {
                Ok(_) if !events[0].revents().is_empty() => return,
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(_) => return,
            }
        }
    }

    /// As shells have it.
    fn code(status: ExitStatus) -> u8 {
        let code = status
            .code()
            .or_else(|| Some(128 + status.signal()?))
            .unwrap_or(1);
        u8::try_from(code).unwrap_or(1)
    }
}
