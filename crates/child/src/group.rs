//! A program and all that it has started, to be ended at once.

#[cfg(unix)]
pub use unix::Group;
#[cfg(windows)]
pub use windows::Group;

#[cfg(unix)]
mod unix {
    use std::io;
    use std::process::{Child, ExitStatus};
    use std::sync::Mutex;

    use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

    use crate::lock;

    /// A process group. None once its leader is reaped: then its number may be another's.
    #[derive(Debug)]
    pub struct Group {
        leader: Mutex<Option<Pid>>,
        /// Whether the leader is a launcher that ends the rest itself, at the end of its standard input.
        watched: bool,
    }

    impl Group {
        /// The group that `child` leads; `watched`: it is a launcher that ends the rest itself.
        ///
        /// # Errors
        ///
        /// Never here.
        pub fn of(child: &Child, watched: bool) -> io::Result<Self> {
            Ok(Self {
                leader: Mutex::new(Some(Pid::from_child(child))),
                watched,
            })
        }

        /// Ends it. One that is watched ends by itself when its standard input is closed.
        pub fn kill(&self) {
            if self.watched {
                return;
            }
            if let Some(leader) = *lock(&self.leader) {
                // Gone already is as good.
                let _ = kill_process_group(leader, Signal::KILL);
            }
        }

        /// Waits for the leader's end, and then ends what is left.
        ///
        /// # Errors
        ///
        /// When it is no child of this process.
        pub fn wait(&self, child: &mut Child) -> io::Result<ExitStatus> {
            let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
            while let Err(error) = waitid(WaitId::Pid(Pid::from_child(child)), options) {
                if error != rustix::io::Errno::INTR {
                    return Err(error.into());
                }
            }
            if let Some(leader) = lock(&self.leader).take() {
                let _ = kill_process_group(leader, Signal::KILL);
            }
            child.wait()
        }
    }
}

#[cfg(windows)]
mod windows {
    use std::io;
    use std::os::windows::io::AsRawHandle as _;
    use std::process::{Child, ExitStatus};
    use std::sync::Mutex;

    use win32job::{ExtendedLimitInfo, Job};

    use crate::lock;

    /// A job whose processes end when its last handle is closed, which is when this process ends, however it does.
    #[derive(Debug)]
    pub struct Group(Mutex<Option<Job>>);

    impl Group {
        /// A job with `child` in it.
        ///
        /// # Errors
        ///
        /// When the system makes none, or the process is gone already.
        pub fn of(child: &Child, _watched: bool) -> io::Result<Self> {
            let mut limits = ExtendedLimitInfo::new();
            limits.limit_kill_on_job_close();
            let job = Job::create_with_limit_info(&limits).map_err(io::Error::other)?;
            job.assign_process(child.as_raw_handle() as isize)
                .map_err(io::Error::other)?;
            Ok(Self(Mutex::new(Some(job))))
        }

        /// Ends it.
        pub fn kill(&self) {
            drop(lock(&self.0).take());
        }

        /// Waits for the first process's end, and then ends what is left.
        ///
        /// # Errors
        ///
        /// When the system does not tell.
        pub fn wait(&self, child: &mut Child) -> io::Result<ExitStatus> {
            let status = child.wait();
            self.kill();
            status
        }
    }
}
