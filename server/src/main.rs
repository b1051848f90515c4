//! The language server `symphony`: command line, log, and the two threads that serve a session.

mod assignment;
mod client;
mod commands;
mod conducting;
mod dispatch;
mod documents;
mod event;
mod global_state;
mod handlers;
mod indexer;
mod instruments;
mod kept;
mod logging;
mod lsp;
mod main_loop;
mod metrics;
mod pit;
mod reply;
mod requests;
mod rhythm;
mod session_settings;
mod settings;
mod shared_store;
mod snapshot;
mod source_view;
mod task;
mod transport;
mod turn;
mod world;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use crossbeam_channel::unbounded;
use futures::channel::mpsc;
use symphony_assist::inline::InlineCompleter;
use symphony_config::Stack;
use symphony_lm::Model;
use tokio::sync::oneshot;

use conducting::{Conducting, Ledger, Member, Roster};
use global_state::Services;
use settings::SettingOptions;
use shared_store::SharedStore;

#[cfg(unix)]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;
#[cfg(not(unix))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A language server for TypeScript and JavaScript, with inline completion that learns your workspace.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve an editor over standard input and output (Language Server Protocol).
    Lsp {
        /// Write the log to this file, too: the setting log.file. What is logged is set by log.level or SYMPHONY_LOG.
        #[arg(long, value_name = "FILE")]
        log_file: Option<PathBuf>,
        /// Accepted and ignored: other channels than standard input and output are not offered.
        #[arg(long, hide = true)]
        stdio: bool,
        #[command(flatten)]
        settings: SettingOptions,
        #[command(flatten)]
        shared: SharedStore,
    },
    /// Show the jobs and the store of all running servers, live.
    Pit {
        /// Only once.
        #[arg(long)]
        once: bool,
        #[command(flatten)]
        settings: SettingOptions,
    },
    /// Print the numbers of all running servers for Prometheus.
    Metrics {
        #[command(flatten)]
        settings: SettingOptions,
    },
    /// Extensions: programs of their own that Symphony starts and fences in.
    Ext {
        #[command(subcommand)]
        verb: commands::ext::Verb,
        #[command(flatten)]
        options: commands::ext::Options,
    },
    /// What becomes an extension, inside its fence; started by Symphony only.
    #[command(name = commands::ext::LAUNCH, hide = true)]
    LaunchExtension { plan: String },
    /// Settings: which value counts and why, what is wrong, and changing them.
    Config {
        #[command(subcommand)]
        verb: commands::config::Verb,
        #[command(flatten)]
        settings: SettingOptions,
    },
    /// Say what is wrong on this machine, and what to do about it.
    Doctor {
        #[command(flatten)]
        options: commands::doctor::Options,
        #[command(flatten)]
        settings: SettingOptions,
    },
    /// Function Quest: play levels, train the Conductor's policy, and see how good it is.
    Quest {
        #[command(flatten)]
        options: commands::quest::Options,
    },
    /// Look into what is kept between two starts.
    Store {
        #[command(subcommand)]
        verb: commands::store::Verb,
        #[command(flatten)]
        settings: SettingOptions,
    },
}

fn main() -> ExitCode {
    let Arguments { command } = Arguments::parse();
    match command {
        Command::Lsp {
            log_file,
            stdio: _,
            settings,
            shared,
        } => match serve(log_file, &settings, shared) {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::FAILURE,
            Err(error) => {
                tracing::error!("{error:#}");
                ExitCode::FAILURE
            }
        },
        Command::Pit { once, settings } => {
            exit_code(commands::pit::run(cache(&settings).as_deref(), once))
        }
        Command::Metrics { settings } => {
            exit_code(commands::metrics::run(cache(&settings).as_deref()))
        }
        Command::Ext { verb, options } => exit_code(commands::ext::run(options, &verb)),
        Command::LaunchExtension { plan } => match symphony_extension::launch(&plan) {
            Ok(code) => ExitCode::from(code),
            Err(error) => exit_code(Err(error.into())),
        },
        Command::Config { verb, settings } => exit_code(commands::config::run(&settings, &verb)),
        Command::Doctor { options, settings } => {
            exit_code(commands::doctor::run(&options, &settings))
        }
        Command::Store { verb, settings } => {
            exit_code(commands::store::run(cache(&settings), &verb))
        }
        Command::Quest { options } => {
            commands::quest::run(options).unwrap_or_else(|error| exit_code(Err(error)))
        }
    }
}

/// The cache directory of a command that people start.
fn cache(settings: &SettingOptions) -> Option<PathBuf> {
    settings.cache(settings.told_stack().config(None))
}

/// How a command other than `lsp` ends, with what went wrong on standard error.
fn exit_code(result: anyhow::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell if this fails.
            let _ = writeln!(std::io::stderr(), "symphony: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Serves one session; whether it ended as it should, with `shutdown`.
fn serve(
    log_file: Option<PathBuf>,
    options: &SettingOptions,
    shared: SharedStore,
) -> anyhow::Result<bool> {
    let settings: Stack = options.stack(log_file.as_deref());
    let config = Arc::clone(settings.config(None));
    let cache = options.cache(&config);
    let _written_at_the_end = logging::start(&config.log)?;
    // Unbounded: the transport must never wait for the loop, and the client's pipe bounds what is in flight.
    let (sender, events) = unbounded();
    let (messages, outgoing) = mpsc::unbounded();
    let (done, ended) = oneshot::channel();
    let loop_sender = sender.clone();
    let main = thread::Builder::new()
        .name("symphony-main".into())
        .stack_size(symphony_syntax::STACK_SIZE)
        .spawn(move || {
            let model = Model::new(symphony_lm::Options::default());
            let completer = Arc::new(InlineCompleter::new(model.clone()));
            let offered = instruments::all(&completer, &config.instruments);
            let members = offered.iter().map(Member::new).collect();
            let instruments = offered.into_iter().map(|it| (it.spec, it.instrument));
            let pit = pit::start(cache.clone(), shared.options(), instruments.collect())?;
            let conducting = Arc::new(Conducting::new(
                settings::conductor_options(&config),
                Roster::new(members, &pit),
                Ledger::of(&config.cost, settings::state_folder()),
                settings::journal(),
            ));
            let reporter = cache.map(|cache| {
                metrics::Reporter::start(&cache, pit.clone(), Arc::clone(&conducting))
            });
            if let Some(Err(error)) = &reporter {
                tracing::warn!(%error, "`symphony pit` will not see this server");
            }
            let services = Services {
                pit: pit.clone(),
                model,
                completer,
                conducting: Arc::clone(&conducting),
                settings,
            };
            let result = main_loop::main_loop(events, loop_sender, messages, services);
            conducting.close();
            if !pit.close() {
                tracing::warn!("not everything was kept in time");
            }
            // The transport may have ended before.
            let _ = done.send(());
            result
        })
        .context("failed to start the main thread")?;
    transport::serve(sender, outgoing, ended)?;
    main.join()
        .unwrap_or_else(|_| anyhow::bail!("the main thread panicked"))
}
