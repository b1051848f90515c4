//! Landlock and resource limits; the filter of system calls is in `syscalls.rs`.

use std::io;
use std::path::Path;

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible as _, NetPort,
    Ruleset, RulesetAttr as _, RulesetCreatedAttr as _, RulesetError, Scope, path_beneath_rules,
};
use rustix::process::{Resource, Rlimit, setrlimit};

use super::{Fence, Support, syscalls};

/// The newest rights of each kind that are asked for; a kernel that knows fewer enforces fewer.
const FILES: ABI = ABI::V5;
const PORTS: ABI = ABI::V4;
const SIGNALS: ABI = ABI::V6;

/// What any program needs that was linked or is interpreted. Nothing here is of a user.
const SYSTEM: &[&str] = &[
    "/usr",
    "/lib",
    "/lib32",
    "/lib64",
    "/bin",
    "/nix/store",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/ssl",
    "/etc/pki",
    "/etc/ca-certificates",
    "/dev/random",
    "/dev/urandom",
    "/dev/zero",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/sys/devices/system/cpu",
];

/// What finding a host by its name needs.
const NAMES: &[&str] = &[
    "/etc/gai.conf",
    "/etc/host.conf",
    "/etc/hosts",
    "/etc/nsswitch.conf",
    "/etc/resolv.conf",
    "/run/systemd/resolve",
];

/// The loaders of linked programs, which the kernel starts with them. One that is started with another program's name can only
/// read that program, in the same fence and the same process.
const LOADERS: &[&str] = &["/lib64", "/lib", "/usr/lib", "/usr/lib64"];

pub(super) fn support() -> Support {
    let knows = |kind: Result<(), RulesetError>| kind.is_ok();
    let hard = || Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
    let all = |abi| AccessFs::from_all(abi);
    let mut missing = Vec::new();
    if !knows(hard().handle_access(all(ABI::V1)).map(drop)) {
        missing.push("the kernel has no Landlock, so files are open");
    } else {
        if !knows(hard().handle_access(all(ABI::V3)).map(drop)) {
            missing.push("the kernel's Landlock does not keep files from being cut");
        }
        if !knows(hard().handle_access(AccessNet::from_all(PORTS)).map(drop)) {
            missing.push("the kernel's Landlock knows no ports");
        }
        if !knows(hard().scope(Scope::from_all(SIGNALS)).map(drop)) {
            missing.push("the kernel's Landlock knows no signals");
        }
    }
    if !syscalls::supported() {
        missing.push("there is no seccomp, so sockets and processes are open");
    }
    match missing.len() {
        0 => Support::Full,
        1 => Support::Partial(missing.concat()),
        _ => Support::Partial(missing.join("; ")),
    }
}

/// Puts the fence around this process and all that it becomes or starts. There is no way back.
pub(crate) fn restrict(fence: &Fence) -> io::Result<()> {
    limit(fence)?;
    let scoped = files(fence).map_err(io::Error::other)?;
    if syscalls::supported() {
        syscalls::filter(fence, scoped)?;
    }
    Ok(())
}

fn limit(fence: &Fence) -> io::Result<()> {
    let both = |limit| Rlimit {
        current: Some(limit),
        maximum: Some(limit),
    };
    // Not the address space: runtimes reserve far more of it than they use.
    setrlimit(Resource::Data, both(fence.memory))?;
    setrlimit(Resource::Core, both(0))?;
    setrlimit(Resource::Nofile, both(fence.open_files))?;
    if let Some(seconds) = fence.cpu_seconds {
        // A signal that can be told from others first, then the one that cannot be caught.
        let limit = Rlimit {
            current: Some(seconds),
            maximum: Some(seconds + 1),
        };
        setrlimit(Resource::Cpu, limit)?;
    }
    Ok(())
}

/// Whether signals are kept inside, too.
fn files(fence: &Fence) -> Result<bool, RulesetError> {
    let read: BitFlags<AccessFs> = AccessFs::ReadFile | AccessFs::ReadDir;
    let run = AccessFs::ReadFile | AccessFs::Execute;
    let write = AccessFs::from_all(FILES) & !AccessFs::Execute;
    let device = AccessFs::ReadFile | AccessFs::WriteFile;
    let names = NAMES.iter().filter(|_| !fence.ports.is_empty());
    let ports = fence.ports.iter();
    let ruleset = Ruleset::default()
        .handle_access(AccessFs::from_all(FILES))?
        .handle_access(AccessNet::from_all(PORTS))?
        .scope(Scope::from_all(SIGNALS))?
        .create()?
        .add_rules(path_beneath_rules(SYSTEM.iter().chain(names), read))?
        .add_rules(path_beneath_rules(["/dev/null"], device))?
        .add_rules(path_beneath_rules(loaders(), run))?
        .add_rules(path_beneath_rules(&fence.read, read))?
        .add_rules(path_beneath_rules(&fence.write, write))?
        .add_rules(path_beneath_rules(&fence.execute, run))?
        .add_rules(
            ports.map(|port| Ok::<_, RulesetError>(NetPort::new(*port, AccessNet::ConnectTcp))),
        )?;
    ruleset.restrict_self()?;
    let scope = Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .scope(Scope::Signal);
    Ok(scope.is_ok())
}

fn loaders() -> Vec<std::path::PathBuf> {
    let is_loader = |path: &Path| {
        let name = path.file_name().map(|it| it.to_string_lossy());
        name.is_some_and(|it| it.starts_with("ld-"))
    };
    let entries = LOADERS
        .iter()
        .filter_map(|folder| std::fs::read_dir(folder).ok());
    let paths = entries.flatten().filter_map(|it| Some(it.ok()?.path()));
    let mut loaders: Vec<_> = paths.filter(|it| is_loader(it)).collect();
    // Debian's are one folder further down, behind links from here on the systems that have `/lib64`.
    let triplet = format!("/lib/{}-linux-gnu", std::env::consts::ARCH);
    let further = std::fs::read_dir(triplet).into_iter().flatten();
    loaders.extend(
        further
            .filter_map(|it| Some(it.ok()?.path()))
            .filter(|it| is_loader(it)),
    );
    loaders
}
