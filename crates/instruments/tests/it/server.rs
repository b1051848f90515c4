//! A llama.cpp server that is owned: starts, answers, stops, leaves nothing behind. A stand-in plays it, after llama.cpp's
//! own documentation; a real one is asked where there is one.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use symphony_instruments::{Launcher, LlamaServer, LlamaServerOptions};
use symphony_pit::{Instrument as _, Running};
use tempfile::TempDir;

use crate::fake::ask;

const CHILD: &str = env!("CARGO_BIN_EXE_instrument-child");
const DOCUMENT: &str = "const b = $0\nexport {};\n";

struct Fixture {
    folder: TempDir,
    options: LlamaServerOptions,
}

impl Fixture {
    fn new(model: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("model.gguf");
        std::fs::write(&file, model).unwrap();
        let launcher = Launcher {
            program: CHILD.into(),
            arguments: vec!["launch".into()],
        };
        Self {
            options: LlamaServerOptions::new("llama", CHILD.into(), file, launcher),
            folder,
        }
    }

    fn model(&self) -> PathBuf {
        self.folder.path().join("model.gguf")
    }

    /// The processes that were started.
    fn processes(&self) -> Vec<u32> {
        let text = std::fs::read_to_string(self.model()).unwrap();
        text.lines().filter_map(|it| it.parse().ok()).collect()
    }
}

async fn start(server: &LlamaServer) -> Arc<dyn Running> {
    server.start().await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_starts_answers_and_stops() {
    let fixture = Fixture::new("");
    let server = LlamaServer::new(fixture.options.clone());
    let running = start(&server).await;
    assert!(running.probe().await);
    let ghosts = ask(&*running, DOCUMENT).await.unwrap();
    assert_eq!(ghosts[0].text, "42;");
    assert_eq!(server.meter().totals().output_tokens, 3);
    running.stop().await;
    assert!(!running.probe().await);
    let told = running.ended().await;
    assert!(told.starts_with("it ended"), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_does_not_start_says_why() {
    let fixture = Fixture::new("broken");
    let server = LlamaServer::new(fixture.options.clone());
    let error = server.start().await.err().unwrap().to_string();
    assert!(
        error.ends_with("error: failed to load the model"),
        "{error}"
    );
    let mut options = fixture.options.clone();
    options.executable = fixture.folder.path().join("nothing");
    let error = LlamaServer::new(options)
        .start()
        .await
        .err()
        .unwrap()
        .to_string();
    assert!(error.contains("nothing"), "{error}");
}

/// A real server, where `SYMPHONY_LLAMA_SERVER` and `SYMPHONY_LLAMA_MODEL` name one and a model that fills in. What it says is
/// the model's affair; that it is asked, counted, read and ended is ours.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_server_does_the_same() {
    let (Some(program), Some(model)) = (
        std::env::var_os("SYMPHONY_LLAMA_SERVER"),
        std::env::var_os("SYMPHONY_LLAMA_MODEL"),
    ) else {
        eprintln!("skipped: no real server is named");
        return;
    };
    let fixture = Fixture::new("");
    let mut options = fixture.options.clone();
    (options.executable, options.model_file) = (program.into(), model.into());
    options.arguments = vec!["--device".to_owned(), "none".to_owned()];
    options.endpoint.limits.context_tokens = 2048;
    options.endpoint.limits.max_tokens = 8;
    let server = LlamaServer::new(options);
    let running = start(&server).await;
    assert!(running.probe().await);
    for _ in 0..3 {
        ask(&*running, DOCUMENT).await.unwrap();
    }
    let totals = server.meter().totals();
    assert_eq!((totals.questions, totals.calls, totals.failures), (3, 3, 0));
    assert!(
        totals.input_tokens > 0 && totals.output_tokens > 0,
        "{totals:?}"
    );
    running.stop().await;
    assert!(!running.probe().await);
    assert!(running.ended().await.starts_with("it ended"));
}

#[cfg(unix)]
mod unix {
    use std::io::{BufRead as _, BufReader};
    use std::process::{Command, Stdio};

    use rustix::process::{Pid, Signal, kill_process, test_kill_process};

    use super::*;

    fn is_alive(process: u32) -> bool {
        let id = Pid::from_raw(process.cast_signed()).unwrap();
        test_kill_process(id).is_ok()
    }

    async fn gone(processes: &[u32], within: Duration) -> bool {
        let end = Instant::now() + within;
        while processes.iter().any(|it| is_alive(*it)) {
            if Instant::now() > end {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        true
    }

    #[cfg(target_os = "linux")]
    fn descriptors() -> usize {
        std::fs::read_dir("/proc/self/fd").unwrap().count()
    }

    #[cfg(not(target_os = "linux"))]
    fn descriptors() -> usize {
        std::fs::read_dir("/dev/fd").unwrap().count()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_hundred_starts_and_stops_leave_nothing() {
        let mut fixture = Fixture::new("");
        fixture.options.arguments = vec!["--with-helper".to_owned()];
        let server = LlamaServer::new(fixture.options.clone());
        let running = start(&server).await;
        running.stop().await;
        drop(running);
        let before = descriptors();
        for cycle in 0..100 {
            let running = start(&server).await;
            if cycle % 10 == 0 {
                assert_eq!(ask(&*running, DOCUMENT).await.unwrap()[0].text, "42;");
            }
            match cycle % 3 {
                // Dropped where it runs, as the Pool Manager does with one that does not stop.
                0 => drop(running),
                _ => running.stop().await,
            }
        }
        let processes = fixture.processes();
        assert_eq!(processes.len(), 202, "a server and its helper, 101 times");
        assert!(gone(&processes, Duration::from_secs(2)).await, "orphans");
        // The last that was dropped may still be about to close its pipe.
        let end = Instant::now() + Duration::from_secs(2);
        while descriptors() > before && Instant::now() < end {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert!(
            descriptors() <= before,
            "{} descriptors before, {} after",
            before,
            descriptors()
        );
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_server_that_is_killed_is_noticed() {
        let fixture = Fixture::new("");
        let server = LlamaServer::new(fixture.options.clone());
        let running = start(&server).await;
        let process = fixture.processes()[0];
        kill_process(Pid::from_raw(process.cast_signed()).unwrap(), Signal::KILL).unwrap();
        let told = tokio::time::timeout(Duration::from_secs(10), running.ended()).await;
        assert!(told.unwrap().starts_with("it ended"));
        ask(&*running, DOCUMENT).await.unwrap_err();
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn nothing_outlives_a_host_that_is_killed() {
        let fixture = Fixture::new("");
        let mut host = Command::new(CHILD)
            .arg("host")
            .arg(fixture.model())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(host.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert_eq!(line, "ready\n");
        let processes = fixture.processes();
        host.kill().unwrap();
        host.wait().unwrap();
        assert!(
            gone(&processes, Duration::from_secs(1)).await,
            "alive after a second"
        );
    }
}
