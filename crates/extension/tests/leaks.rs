//! What a hundred starts leave behind: a test of its own process, since it counts what the process has.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test fails where something is not as it should be"
)]

#[expect(dead_code, reason = "what the other tests need of it")]
#[path = "it/fixture.rs"]
mod fixture;

use std::fs;

use fixture::{Fixture, block_on};

#[test]
fn a_hundred_starts_leave_no_descriptor_and_no_process() {
    let n_open = || fs::read_dir("/proc/self/fd").unwrap().count();
    let children = || {
        let tasks = fs::read_dir("/proc/self/task").unwrap();
        let of = |task: fs::DirEntry| fs::read_to_string(task.path().join("children"));
        let all = tasks.filter_map(|it| of(it.ok()?).ok());
        all.flat_map(|it| it.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
            .count()
    };
    block_on(async {
        let fixture = Fixture::new("serve", "");
        drop(fixture.start().await.stop().await);
        let before = n_open();
        for _ in 0..100 {
            let extension = fixture.start().await;
            let answer: u32 = extension.call_with("echo", &1).await.unwrap();
            assert_eq!(answer, 1);
            assert!(!extension.stop().await.crashed);
        }
        assert_eq!(children(), 0);
        // The last one's thread may still have to close what it had.
        assert!(n_open() <= before + 4, "{} and {before}", n_open());
    });
}
