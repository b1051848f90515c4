//! Starts processes, from one thread that never ends.

use std::io;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, LazyLock};
use std::thread;

use tokio::sync::oneshot;

use super::extension::Shared;
use super::outbox::Outbox;
use super::runtime::Program;
use super::{Event, HostOptions, StartError, reader};
use crate::launch::Plan;
use crate::loaded::Loaded;
use crate::sandbox::{Fence, Support, support};
use symphony_child::Group;

type Job = Box<dyn FnOnce() + Send>;

/// On Linux, a child ends with the *thread* that started it, and threads of pools come and go.
static SPAWNER: LazyLock<io::Result<Sender<Job>>> = LazyLock::new(|| {
    let (sender, jobs) = channel::<Job>();
    thread::Builder::new()
        .name("extension-spawner".to_owned())
        .spawn(move || jobs.into_iter().for_each(|job| job()))?;
    Ok(sender)
});

pub(super) async fn start(
    loaded: Loaded,
    options: HostOptions,
    ready: oneshot::Sender<()>,
) -> Result<Arc<Shared>, StartError> {
    let (sender, started) = oneshot::channel();
    let job = move || {
        if let Err(Ok(shared)) = sender.send(spawn(&loaded, &options, ready)) {
            // Nobody wants it any more.
            shared.kill();
        }
    };
    let lost = || io::Error::other("the thread that starts processes is gone");
    let spawner = SPAWNER
        .as_ref()
        .map_err(|error| io::Error::new(error.kind(), error.to_string()))?;
    spawner.send(Box::new(job)).map_err(|_| lost())?;
    started.await.map_err(|_| lost())?
}

fn spawn(
    loaded: &Loaded,
    options: &HostOptions,
    ready: oneshot::Sender<()>,
) -> Result<Arc<Shared>, StartError> {
    let program = Program::of(loaded, options)?;
    // Whoever may have processes is watched, and whoever the system does not keep from having some.
    let fenced = support();
    let may_have_processes = !loaded.manifest.capabilities.exec.is_empty();
    let watch = cfg!(unix) && (may_have_processes || fenced != Support::Full);
    for folder in loaded
        .manifest
        .capabilities
        .write
        .iter()
        .filter(|it| it.is_relative())
    {
        // A rule is about what is there.
        std::fs::create_dir_all(loaded.folder.join(folder))?;
    }
    let mut child = command(loaded, options, &program, watch)?.spawn()?;
    let shared = match over(&mut child, loaded, options, ready, watch) {
        Ok(shared) => shared,
        Err(error) => {
            // Nothing of it may be left; it is gone already if this fails.
            let _ = child.kill();
            let _ = child.wait();
            return Err(error.into());
        }
    };
    if fenced != Support::Full {
        shared.tell(Event::Unfenced(fenced.to_string()));
    }
    read(&shared, child)?;
    Ok(shared)
}

fn over(
    child: &mut Child,
    loaded: &Loaded,
    options: &HostOptions,
    ready: oneshot::Sender<()>,
    watch: bool,
) -> io::Result<Arc<Shared>> {
    let stdin = child.stdin.take().ok_or_else(no_pipe)?;
    let outbox = Outbox::start(&loaded.manifest.name, stdin)?;
    let group = Group::of(child, watch)?;
    Ok(Arc::new(Shared::new(loaded, options, outbox, group, ready)))
}

/// Starts the two threads that read. They end with the process.
fn read(shared: &Arc<Shared>, mut child: Child) -> io::Result<()> {
    let stdout = child.stdout.take().ok_or_else(no_pipe)?;
    let stderr = child.stderr.take().ok_or_else(no_pipe)?;
    let named = |end: &str| thread::Builder::new().name(format!("{}-{end}", shared.name));
    let logged = Arc::clone(shared);
    let stderr = named("err").spawn(move || reader::read_stderr(&logged, stderr))?;
    let shared = Arc::clone(shared);
    named("out").spawn(move || reader::run(&shared, child, stdout, stderr))?;
    Ok(())
}

fn no_pipe() -> io::Error {
    io::Error::other("the process has no pipes")
}

fn command(
    loaded: &Loaded,
    options: &HostOptions,
    program: &Program,
    watch: bool,
) -> Result<Command, StartError> {
    let mut command = if cfg!(unix) {
        let plan = Plan {
            program: program.path.clone(),
            arguments: program.arguments.clone(),
            parent: std::process::id(),
            watch,
            fence: fence(loaded, program),
        };
        let plan = serde_json::to_string(&plan).map_err(io::Error::other)?;
        let mut command = Command::new(&options.launcher.program);
        command.args(&options.launcher.arguments).arg(plan);
        command
    } else {
        let mut command = Command::new(&program.path);
        command.args(&program.arguments);
        command
    };
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let capabilities = &loaded.manifest.capabilities;
    let declared = capabilities.environment.iter();
    command
        .current_dir(&loaded.folder)
        .env_clear()
        .envs(declared.filter_map(|name| Some((name, std::env::var_os(name)?))))
        .envs(program.environment.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    Ok(command)
}

fn fence(loaded: &Loaded, program: &Program) -> Fence {
    let capabilities = &loaded.manifest.capabilities;
    let absolute = |path| loaded.folder.join(path);
    let limits = &loaded.manifest.limits;
    let mut fence = Fence {
        read: program.read.clone(),
        write: capabilities.write.iter().map(absolute).collect(),
        execute: program.execute.clone(),
        processes: !capabilities.exec.is_empty(),
        ports: capabilities.connect.clone(),
        memory: limits.memory,
        cpu_seconds: limits.cpu_seconds,
        // Connections are open files, too.
        open_files: limits.open_files + u64::from(limits.connections),
    };
    fence.read.push(loaded.folder.clone());
    fence.read.extend(capabilities.read.iter().map(absolute));
    fence.execute.extend(capabilities.exec.iter().cloned());
    fence
}
