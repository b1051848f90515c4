//! The launcher: a start of our own binary that stays with a program, so that nothing of it is left when this process is
//! gone, however it went.
//!
//! The usual way, code between fork and exec, is unsafe: other threads may hold locks at the fork. This way costs one more
//! start and needs no unsafe code.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// What the launcher is given, as JSON in its last argument.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// What is started.
    pub program: PathBuf,
    /// With what.
    pub arguments: Vec<OsString>,
    /// Who starts it; if that process is gone already, nothing is.
    pub parent: u32,
    /// Whether the launcher stays and watches.
    pub watch: bool,
    /// How long the program has to end by itself when it is asked to.
    pub grace_ms: u64,
}

/// Becomes the program of `plan`, or watches it to its end.
///
/// # Errors
///
/// If it cannot be started. Success does not return but with the exit code of one that was watched.
pub fn launch(plan: Plan) -> io::Result<u8> {
    #[cfg(unix)]
    return unix::launch(plan);
    #[cfg(not(unix))]
    Err(not_here(&plan.program))
}

/// Where there is no launcher, programs are started without.
#[cfg(not(unix))]
#[must_use]
pub fn not_here(program: &std::path::Path) -> io::Error {
    io::Error::other(format!(
        "{} is started without a launcher here",
        program.display()
    ))
}

#[cfg(unix)]
pub use unix::{become_program, stay_with, watch};

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::io;
    use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
    use std::path::Path;
    use std::process::{Child, Command, ExitStatus, Stdio};
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use rustix::event::{PollFd, PollFlags, poll};
    use rustix::process::{Pid, Signal, getppid, kill_process_group};

    use super::Plan;

    pub(super) fn launch(plan: Plan) -> io::Result<u8> {
        stay_with(plan.parent)?;
        if plan.watch {
            let grace = Duration::from_millis(plan.grace_ms);
            let inner = Plan {
                watch: false,
                parent: std::process::id(),
                ..plan
            };
            // What it reads would be taken from what this process looks at.
            return watch(&serde_json::to_string(&inner)?, Stdio::null(), grace);
        }
        Err(become_program(&plan.program, &plan.arguments))
    }

    /// Becomes another program, and returns only if that fails: why.
    pub fn become_program(program: &Path, arguments: &[impl AsRef<OsStr>]) -> io::Error {
        let error = Command::new(program).args(arguments).exec();
        let told = format!("failed to start {}: {error}", program.display());
        io::Error::new(error.kind(), told)
    }

    /// Ends with the parent, also with one that ends just now.
    ///
    /// # Errors
    ///
    /// When the parent is gone.
    pub fn stay_with(parent: u32) -> io::Result<()> {
        #[cfg(target_os = "linux")]
        rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
        let now = getppid().map(|it| it.as_raw_nonzero().get().cast_unsigned());
        if now != Some(parent) {
            return Err(io::Error::other("who started this is gone"));
        }
        Ok(())
    }

    /// Starts this launcher once more, with the plan `inner`, in a group of its own, and ends the group with the program or
    /// with whoever started this. That the latter is gone is seen at its end of standard input, which is only looked at.
    /// The group is asked to end first if there is a `grace` to do so.
    ///
    /// # Errors
    ///
    /// When it cannot be started or waited for.
    pub fn watch(inner: &str, stdin: Stdio, grace: Duration) -> io::Result<u8> {
        let mut words: Vec<_> = std::env::args_os().skip(1).collect();
        words.pop();
        // This process must outlive its parent to end the group, so the signal is only for what it starts.
        #[cfg(target_os = "linux")]
        rustix::process::set_parent_process_death_signal(None)?;
        let mut child = Command::new(std::env::current_exe()?)
            .args(words)
            .arg(inner)
            .stdin(stdin)
            .process_group(0)
            .spawn()?;
        let group = Pid::from_child(&child);
        let (ended, waited) = mpsc::channel();
        let waiter = {
            let ended = ended.clone();
            thread::Builder::new().spawn(move || {
                wait(&mut child);
                // The receiver may be gone with the process.
                let _ = ended.send(Why::Ended);
                child
            })?
        };
        thread::Builder::new().spawn(move || {
            hung_up();
            let _ = ended.send(Why::HungUp);
        })?;
        if waited.recv() == Ok(Why::HungUp) && !grace.is_zero() {
            let _ = kill_process_group(group, Signal::TERM);
            let _ = waited.recv_timeout(grace);
        }
        // Before the leader is reaped, so that no other group can have its number.
        let _ = kill_process_group(group, Signal::KILL);
        let mut child = waiter
            .join()
            .map_err(|_| io::Error::other("failed to wait for the program"))?;
        Ok(code(child.wait()?))
    }

    #[derive(PartialEq, Eq)]
    enum Why {
        Ended,
        HungUp,
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
