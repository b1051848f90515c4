//! The five services of the Pit, each figure beside its peer's in one run: `cargo xtask bench pit`.

mod arbitration;
mod dag;
mod pool;
mod stale;
mod store;

use symphony_benches::{Arguments, Figure};

#[cfg(unix)]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;
#[cfg(not(unix))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The services and what measures them.
type Service = (&'static str, fn() -> Vec<Figure>);
const SERVICES: &[Service] = &[
    ("store", store::figures),
    ("dag", dag::figures),
    ("pool", pool::figures),
    ("arbitration", arbitration::figures),
    ("stale", stale::figures),
];

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::of_process();
    let mut all = Vec::new();
    for (_, figures) in SERVICES.iter().filter(|it| arguments.wants(it.0)) {
        let figures = figures();
        arguments.show(&figures);
        all.extend(figures);
    }
    arguments.write(&all)
}
