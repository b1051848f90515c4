//! The threads that run jobs: some for what someone waits for, some for what nobody does.

use std::sync::{Arc, Condvar};
use std::{io, thread};

use symphony_arbitration_engine::Priority;

use crate::pit::Shared;

/// Large enough for the deepest text that is parsed.
const STACK_BYTES: usize = 16 << 20;

/// Which jobs a thread takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    /// What someone waits for. These threads never take what may last.
    Urgent,
    /// What nobody waits for.
    Background,
}

impl Group {
    pub(crate) fn classes(self) -> &'static [Priority] {
        match self {
            Self::Urgent => &[
                Priority::Typing,
                Priority::Interactive,
                Priority::Diagnostics,
            ],
            Self::Background => &[Priority::Index],
        }
    }

    pub(crate) fn bell(self, shared: &Shared) -> &Condvar {
        match self {
            Self::Urgent => &shared.urgent,
            Self::Background => &shared.background,
        }
    }
}

/// Starting them. They end when the Pit is closed.
pub(crate) struct Workers;

impl Workers {
    pub(crate) fn start(
        shared: &Arc<Shared>,
        urgent: usize,
        background: usize,
        in_background: fn(),
    ) -> io::Result<()> {
        let urgent = (0..urgent.max(1)).map(|number| (Group::Urgent, number));
        let background = (0..background.max(1)).map(|number| (Group::Background, number));
        for (group, number) in urgent.chain(background) {
            let shared_here = Arc::clone(shared);
            let name = match group {
                Group::Urgent => format!("symphony-pit-{number}"),
                Group::Background => format!("symphony-back-{number}"),
            };
            shared.lock().threads += 1;
            let started = thread::Builder::new()
                .name(name)
                .stack_size(STACK_BYTES)
                .spawn(move || {
                    if group == Group::Background {
                        in_background();
                    }
                    while let Some(dispatch) = shared_here.next(group) {
                        shared_here.run(dispatch);
                    }
                    shared_here.lock().threads -= 1;
                    shared_here.ended.notify_all();
                });
            if let Err(error) = started {
                shared.lock().threads -= 1;
                return Err(error);
            }
        }
        Ok(())
    }
}
