//! The filter of system calls: a list of what is refused with "not permitted", so that a program can go on without it.
//!
//! A list of what is allowed would be shorter for one runtime and wrong for the next version of another. What matters is
//! that nothing here is the only guard of files: that is Landlock.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen as Length, SeccompCmpOp as Compare,
    SeccompCondition as Condition, SeccompFilter, SeccompRule as Rule, TargetArch, apply_filter,
};

use super::Fence;

/// Refused to everyone: other processes' memory and files, the machine's administration, and ways around the filter.
const NEVER: &[libc::c_long] = &[
    libc::SYS_acct,
    libc::SYS_add_key,
    libc::SYS_adjtimex,
    libc::SYS_bpf,
    libc::SYS_chroot,
    libc::SYS_clock_adjtime,
    libc::SYS_clock_settime,
    libc::SYS_delete_module,
    libc::SYS_finit_module,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fsopen,
    libc::SYS_fspick,
    libc::SYS_init_module,
    // Does what is refused here on a thread of the kernel.
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_io_uring_setup,
    libc::SYS_kcmp,
    libc::SYS_kexec_load,
    libc::SYS_keyctl,
    libc::SYS_mount,
    libc::SYS_mount_setattr,
    libc::SYS_move_mount,
    libc::SYS_open_by_handle_at,
    libc::SYS_open_tree,
    libc::SYS_perf_event_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_send_signal,
    libc::SYS_pivot_root,
    libc::SYS_process_madvise,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_ptrace,
    libc::SYS_quotactl,
    libc::SYS_reboot,
    libc::SYS_request_key,
    libc::SYS_setdomainname,
    libc::SYS_sethostname,
    libc::SYS_setns,
    // Out of the group that is ended with it.
    libc::SYS_setpgid,
    libc::SYS_setsid,
    libc::SYS_settimeofday,
    libc::SYS_swapoff,
    libc::SYS_swapon,
    libc::SYS_syslog,
    libc::SYS_tkill,
    libc::SYS_umount2,
    libc::SYS_unshare,
    libc::SYS_userfaultfd,
];

/// Signals to a process that is named by the first argument.
const SIGNALS: &[libc::c_long] = &[
    libc::SYS_kill,
    libc::SYS_rt_sigqueueinfo,
    libc::SYS_rt_tgsigqueueinfo,
    libc::SYS_tgkill,
];

type Rules = BTreeMap<i64, Vec<Rule>>;

pub(super) fn supported() -> bool {
    arch().is_some() && Path::new("/proc/sys/kernel/seccomp").exists()
}

fn arch() -> Option<TargetArch> {
    TargetArch::try_from(std::env::consts::ARCH).ok()
}

/// Puts the filter on this thread, and on what it becomes. `signals_scoped`: Landlock keeps signals inside.
pub(super) fn filter(fence: &Fence, signals_scoped: bool) -> io::Result<()> {
    // Its flags lie in memory, where a filter cannot look: the C libraries fall back to `clone`.
    let unseen = Rules::from([(libc::SYS_clone3, Vec::new())]);
    let rules = rules(fence, signals_scoped).map_err(io::Error::other)?;
    for (rules, error) in [(unseen, libc::ENOSYS), (rules, libc::EPERM)] {
        let error = u32::try_from(error).unwrap_or_default();
        let program = compile(rules, SeccompAction::Errno(error)).map_err(io::Error::other)?;
        apply_filter(&program).map_err(io::Error::other)?;
    }
    Ok(())
}

fn compile(rules: Rules, refuse: SeccompAction) -> Result<BpfProgram, seccompiler::BackendError> {
    let arch = TargetArch::try_from(std::env::consts::ARCH)?;
    let mut all = rules.clone();
    if cfg!(target_arch = "x86_64") {
        // The same calls by the numbers of x32.
        all.extend(
            rules
                .into_iter()
                .map(|(call, rules)| (call | 0x4000_0000, rules)),
        );
    }
    SeccompFilter::new(all, SeccompAction::Allow, refuse, arch)?.try_into()
}

fn rules(fence: &Fence, signals_scoped: bool) -> Result<Rules, seccompiler::BackendError> {
    let mut rules: Rules = NEVER.iter().map(|call| (*call, Vec::new())).collect();
    let pid = u64::from(std::process::id());
    if !fence.processes {
        // This process stays the only one, so its number is the one that it may signal.
        for call in SIGNALS {
            let other = Condition::new(0, Length::Dword, Compare::Ne, pid)?;
            rules.insert(*call, vec![Rule::new(vec![other])?]);
        }
        let thread = flag(libc::CLONE_THREAD);
        let forks = Condition::new(0, Length::Qword, Compare::MaskedEq(thread), 0)?;
        rules.insert(libc::SYS_clone, vec![Rule::new(vec![forks])?]);
        rules.insert(libc::SYS_execveat, Vec::new());
        #[cfg(target_arch = "x86_64")]
        for call in [libc::SYS_fork, libc::SYS_vfork] {
            rules.insert(call, Vec::new());
        }
    } else {
        if !signals_scoped {
            rules.insert(libc::SYS_kill, Vec::new());
        }
        let user = flag(libc::CLONE_NEWUSER);
        let namespace = Condition::new(0, Length::Qword, Compare::MaskedEq(user), user)?;
        rules.insert(libc::SYS_clone, vec![Rule::new(vec![namespace])?]);
    }
    rules.insert(libc::SYS_socket, sockets(fence)?);
    // Of another process than itself.
    let other = Condition::new(0, Length::Dword, Compare::Ne, 0)?;
    let itself = Condition::new(0, Length::Dword, Compare::Ne, pid)?;
    rules.insert(libc::SYS_prlimit64, vec![Rule::new(vec![other, itself])?]);
    Ok(rules)
}

/// Which sockets are refused: all, or all but those of the Internet and the one that lists its interfaces. Those to
/// programs on this machine would lead around everything (a container engine's, for one).
fn sockets(fence: &Fence) -> Result<Vec<Rule>, seccompiler::BackendError> {
    if fence.ports.is_empty() {
        return Ok(Vec::new());
    }
    let allowed = [libc::AF_INET, libc::AF_INET6, libc::AF_NETLINK];
    let none_of = allowed
        .iter()
        .map(|family| Condition::new(0, Length::Dword, Compare::Ne, flag(*family)));
    Ok(vec![Rule::new(none_of.collect::<Result<_, _>>()?)?])
}

fn flag(value: libc::c_int) -> u64 {
    u64::from(value.cast_unsigned())
}
