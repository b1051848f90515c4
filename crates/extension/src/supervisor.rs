//! One extension over time: started when it is wanted, started anew when its files have changed or it has crashed, and left
//! alone once it has crashed too often.

use std::path::{Path, PathBuf};

use tokio::sync::Mutex;

use crate::host::{Event, Extension, HostOptions, StartError};
use crate::{Loaded, Quarantine};

/// Keeps one extension running as long as somebody wants it.
#[derive(Debug)]
pub struct Supervisor {
    folder: PathBuf,
    options: HostOptions,
    quarantine: Quarantine,
    /// Held while one is started: who wants it meanwhile wants the same one.
    current: Mutex<Option<Current>>,
}

#[derive(Debug)]
struct Current {
    loaded: Loaded,
    extension: Extension,
}

impl Supervisor {
    /// Of the extension in `folder`; nothing is started yet.
    #[must_use]
    pub fn new(folder: &Path, options: HostOptions, quarantine: Quarantine) -> Self {
        Self {
            folder: folder.to_owned(),
            options,
            quarantine,
            current: Mutex::default(),
        }
    }

    /// The extension as its files are now, started if it does not run. The one before, if its files have changed, goes
    /// on until its last handle is dropped, so requests that are under way are answered.
    ///
    /// # Errors
    /// See [`StartError`]. Changed files that are wrong are none while the one before runs: it is given.
    pub async fn extension(&self) -> Result<Extension, StartError> {
        let mut current = self.current.lock().await;
        if let Some(Current { loaded, extension }) = &mut *current {
            if let Some(ended) = extension.has_ended() {
                if ended.crashed {
                    self.crashed(loaded, &ended.reason)?;
                }
            } else if loaded.is_current() {
                return Ok(extension.clone());
            } else {
                match self.changed(loaded).await {
                    // The same bytes at another time.
                    Ok(None) => return Ok(extension.clone()),
                    Ok(Some((newer, started))) => {
                        self.tell(&newer, Event::Reloaded);
                        *current = Some(Current {
                            loaded: newer,
                            extension: started.clone(),
                        });
                        return Ok(started);
                    }
                    Err(error) => {
                        self.tell(loaded, Event::NotReloaded(error.to_string()));
                        return Ok(extension.clone());
                    }
                }
            }
        }
        *current = None;
        let loaded = Loaded::read(&self.folder)?;
        let extension = self.start(&loaded).await?;
        *current = Some(Current {
            loaded,
            extension: extension.clone(),
        });
        Ok(extension)
    }

    /// Ends it, if it runs. It had no crash then: what was against it is forgotten.
    ///
    /// # Errors
    /// If that cannot be kept.
    pub async fn stop(&self) -> std::io::Result<()> {
        let Some(Current { loaded, extension }) = self.current.lock().await.take() else {
            return Ok(());
        };
        let before = extension.has_ended();
        let ended = extension.stop().await;
        let name = &loaded.manifest.name;
        let mut record = self.quarantine.record(name);
        match before {
            Some(before) if before.crashed => {
                self.crashed(&loaded, &ended.reason)?;
                return Ok(());
            }
            _ => record.ended_well(),
        }
        self.quarantine.keep(name, record)
    }

    async fn changed(
        &self,
        loaded: &mut Loaded,
    ) -> Result<Option<(Loaded, Extension)>, StartError> {
        let newer = Loaded::read(&self.folder)?;
        if newer.content == loaded.content {
            *loaded = newer;
            return Ok(None);
        }
        let extension = self.start(&newer).await?;
        Ok(Some((newer, extension)))
    }

    async fn start(&self, loaded: &Loaded) -> Result<Extension, StartError> {
        let record = self.quarantine.record(&loaded.manifest.name);
        if let Some((crashes, reason)) = record.verdict(loaded.content) {
            let reason = reason.to_owned();
            return Err(StartError::Quarantined { crashes, reason });
        }
        let started = Extension::start(loaded, &self.options).await;
        if let Err(StartError::Handshake(_) | StartError::Late(_)) = &started {
            let reason = started.as_ref().err().map(ToString::to_string);
            self.crashed(loaded, &reason.unwrap_or_default())?;
        }
        started
    }

    fn crashed(&self, loaded: &Loaded, reason: &str) -> std::io::Result<()> {
        let name = &loaded.manifest.name;
        let mut record = self.quarantine.record(name);
        if record.crashed(loaded.content, reason) {
            self.tell(loaded, Event::Quarantined(reason.to_owned()));
        }
        self.quarantine.keep(name, record)
    }

    fn tell(&self, loaded: &Loaded, event: Event) {
        self.options.notices.tell(&loaded.manifest.name, event);
    }
}
