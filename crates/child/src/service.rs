//! A program that serves others until it is told to stop: started by a thread of its own, its output told line by line,
//! its end told to all who wait.

use std::ffi::OsString;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use tokio::sync::{oneshot, watch};

use crate::{Group, Launcher, Plan, lock};

/// A longer line of output is told in pieces.
const MAX_LINE: u64 = 8 << 10;

/// How a service is started.
#[derive(Debug, Clone)]
pub struct ServiceOptions {
    /// Its name in threads.
    pub name: String,
    /// What watches it; not used on Windows, whose jobs do that.
    pub launcher: Launcher,
    /// The program, by absolute path or for the search path.
    pub program: PathBuf,
    /// With what.
    pub arguments: Vec<OsString>,
    /// Variables that it sees beside those of this process.
    pub environment: Vec<(OsString, OsString)>,
    /// Variables of this process that it does not see.
    pub hidden: Vec<OsString>,
    /// How long it has to end when it is asked to; then it is ended.
    pub grace: Duration,
}

/// A service that runs. Dropping it stops it, without a wait.
#[derive(Debug)]
pub struct Service {
    /// The launcher stops the program at the end of its standard input.
    stdin: Mutex<Option<ChildStdin>>,
    group: Arc<Group>,
    ended: watch::Receiver<Option<String>>,
}

impl Service {
    /// Starts it, and gives each line of its output to `tell`, on a thread of its own.
    ///
    /// # Errors
    ///
    /// When it cannot be started. With a launcher, that the program is not there is told by its output and its end.
    pub async fn start(
        options: ServiceOptions,
        tell: impl FnMut(&str) + Send + 'static,
    ) -> io::Result<Self> {
        let (started, waited) = oneshot::channel();
        // One thread from start to end: on Linux a child may end with the thread that started it.
        thread::Builder::new()
            .name(options.name.clone())
            .spawn(move || run(&options, tell, started))?;
        let lost = || io::Error::other("the thread that starts it is gone");
        waited.await.map_err(|_| lost())?
    }

    /// Waits until it has ended, and says how.
    pub async fn ended(&self) -> String {
        let mut ended = self.ended.clone();
        let told = ended.wait_for(Option::is_some).await;
        told.ok()
            .and_then(|it| it.clone())
            .unwrap_or_else(|| "nobody watches it any more".to_owned())
    }

    /// Asks it to end, and waits until nothing of it is left.
    pub async fn stop(&self) {
        self.ask_to_end();
        self.ended().await;
    }

    fn ask_to_end(&self) {
        drop(lock(&self.stdin).take());
        if cfg!(windows) {
            self.group.kill();
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.ask_to_end();
    }
}

fn run(
    options: &ServiceOptions,
    mut tell: impl FnMut(&str),
    started: oneshot::Sender<io::Result<Service>>,
) {
    let (sender, ended) = watch::channel(None);
    let (mut child, group, output) = match spawn(options) {
        Ok(spawned) => spawned,
        // Whoever waits no longer need not know.
        Err(error) => return drop(started.send(Err(error))),
    };
    let service = Service {
        stdin: Mutex::new(child.stdin.take()),
        group: Arc::clone(&group),
        ended,
    };
    // If nobody waits any more, this drops it, which stops it.
    drop(started.send(Ok(service)));
    read(output, &mut tell);
    let told = match group.wait(&mut child) {
        Ok(status) => told(status),
        Err(error) => format!("it cannot be waited for: {error}"),
    };
    sender.send_replace(Some(told));
}

fn told(status: ExitStatus) -> String {
    format!("it ended ({status})")
}

/// Both streams of output are one pipe, whose writing ends are the program's alone.
fn spawn(options: &ServiceOptions) -> io::Result<(Child, Arc<Group>, io::PipeReader)> {
    let (reader, writer) = io::pipe()?;
    let mut command = command(options)?;
    for name in &options.hidden {
        command.env_remove(name);
    }
    command
        .envs(
            options
                .environment
                .iter()
                .map(|(name, value)| (name, value)),
        )
        .stdin(Stdio::piped())
        .stdout(writer.try_clone()?)
        .stderr(writer);
    let mut child = command.spawn()?;
    drop(command);
    match Group::of(&child, cfg!(unix)) {
        Ok(group) => Ok((child, Arc::new(group), reader)),
        Err(error) => {
            // Gone already is as good.
            let _ = child.kill();
            let _ = child.wait();
            Err(error)
        }
    }
}

#[cfg(unix)]
fn command(options: &ServiceOptions) -> io::Result<Command> {
    let plan = Plan {
        program: options.program.clone(),
        arguments: options.arguments.clone(),
        parent: std::process::id(),
        watch: true,
        grace_ms: u64::try_from(options.grace.as_millis()).unwrap_or(u64::MAX),
    };
    let mut command = Command::new(&options.launcher.program);
    command
        .args(&options.launcher.arguments)
        .arg(serde_json::to_string(&plan)?);
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    Ok(command)
}

#[cfg(not(unix))]
fn command(options: &ServiceOptions) -> io::Result<Command> {
    let mut command = Command::new(&options.program);
    command.args(&options.arguments);
    Ok(command)
}

/// Until every writing end is closed, or the pipe breaks.
fn read(output: io::PipeReader, tell: &mut impl FnMut(&str)) {
    let mut output = BufReader::new(output);
    let mut line = Vec::new();
    loop {
        line.clear();
        match (&mut output).take(MAX_LINE).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => tell(String::from_utf8_lossy(&line).trim_end()),
        }
    }
}
