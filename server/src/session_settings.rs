//! The settings of a session: taken from the editor and from files, taken again when a file changes, and told of when they are
//! wrong.

use std::path::Path;
use std::sync::Arc;

use lsp_types::MessageType;
use rustc_hash::FxHashSet;
use serde_json::Value;
use symphony_config::{Config, Effect, Problem, Stack, WORKSPACE_FILE, differences};
use symphony_vfs::FileWatcher;

use crate::event::Event;
use crate::global_state::{GlobalState, Lifecycle, Offer};
use crate::instruments;

/// All settings, and what was said of them.
#[derive(Debug)]
pub(crate) struct SessionSettings {
    stack: Stack,
    /// What is wrong and was told: it is told again only after it was right.
    told: FxHashSet<Problem>,
    watcher: Option<FileWatcher>,
}

impl SessionSettings {
    pub(crate) fn new(stack: Stack) -> Self {
        Self {
            stack,
            told: FxHashSet::default(),
            watcher: None,
        }
    }

    /// The settings for a file, or for none.
    pub(crate) fn config(&self, file: Option<&Path>) -> Arc<Config> {
        Arc::clone(self.stack.config(file))
    }

    /// Whether inline completion is wanted anywhere.
    pub(crate) fn inline_completion(&self) -> bool {
        let mut configs = self.stack.configs();
        configs.any(|config| config.inline_completion.enabled)
    }
}

impl GlobalState {
    /// Takes settings as the client sends them: the section `symphony`, or an object that has it. Null says nothing new. Whether
    /// the workspace is trusted may be among them, as the extension for VS Code has it.
    pub(crate) fn configure(&mut self, json: &Value) {
        let section = json.get("symphony").unwrap_or(json).clone();
        if section.is_null() {
            return;
        }
        let trusted = section.get("trusted").and_then(Value::as_bool);
        self.change_settings(|stack| {
            if let Some(trusted) = trusted {
                stack.set_trusted(trusted);
            }
            stack.set_editor(&section);
        });
    }

    /// Takes the folders of the workspace for the places of its files.
    pub(crate) fn set_settings_folders(&mut self) {
        let folders = self.folders.clone();
        self.change_settings(|stack| stack.set_roots(&folders));
        self.watch_settings();
    }

    /// A file of settings may have changed.
    pub(crate) fn reload_settings(&mut self) {
        self.change_settings(|stack| {
            stack.reload();
        });
    }

    /// Whether a file is one that a workspace has settings in.
    pub(crate) fn is_settings_file(path: &Path) -> bool {
        path.file_name().is_some_and(|name| name == WORKSPACE_FILE)
    }

    /// Begins to watch the files. The client is not asked to: the user's own are outside of its folders.
    pub(crate) fn start_watching_settings(&mut self) {
        let events = self.events.clone();
        let changed = move || {
            // The loop may have ended.
            let _ = events.send(Event::SettingsChanged);
        };
        match FileWatcher::new(changed) {
            Ok(watcher) => self.settings.watcher = Some(watcher),
            Err(error) => {
                tracing::warn!(%error, "settings files are not watched");
                let message = format!(
                    "Changes of settings files count when the server starts again: {error}"
                );
                self.client.log(MessageType::WARNING, message);
            }
        }
        self.watch_settings();
    }

    fn watch_settings(&self) {
        if let Some(watcher) = &self.settings.watcher {
            let files = self.settings.stack.files();
            watcher.watch(files.map(|file| file.path().to_owned()).collect());
        }
    }

    fn change_settings(&mut self, change: impl FnOnce(&mut Stack)) {
        let old = self.settings.stack.clone();
        change(&mut self.settings.stack);
        self.tell_setting_problems();
        let changed = differences(&old, &self.settings.stack);
        if changed.is_empty() {
            return;
        }
        let keys: Vec<_> = changed.iter().map(|setting| setting.key).collect();
        let message = format!("Settings changed: {}", keys.join(", "));
        tracing::info!("{message}");
        self.client.log(MessageType::INFO, message);
        let later: Vec<_> = changed
            .iter()
            .filter(|setting| setting.effect == Effect::Restart)
            .map(|setting| format!("`{}`", setting.key))
            .collect();
        if !later.is_empty() {
            let message = format!(
                "Symphony: {} counts when the server is started again",
                later.join(", ")
            );
            self.client.show(MessageType::INFO, message);
        }
        if keys.contains(&"codeLens.references") {
            self.refresh_code_lenses();
        }
        self.follow_models(&keys);
        self.offer_inline_completion(self.settings.inline_completion());
    }

    /// Other models, or another limit for what they cost, count from the next question on.
    fn follow_models(&self, changed: &[&str]) {
        let (config, conducting) = (self.settings.stack.config(None), &self.shared.conducting);
        if changed.contains(&"instruments") {
            let offered = instruments::all(&self.shared.completer, &config.instruments);
            conducting.replace(offered, &self.pit);
            let open = self.opened_last.and_then(|it| self.documents.get(&it));
            if let Some(document) = open {
                conducting.roster().opened(document.language, &self.pit);
            }
        }
        if changed.iter().any(|it| it.starts_with("cost.")) {
            conducting.limit(&config.cost);
        }
    }

    /// Tells of each thing that is wrong once, and again if it was right meanwhile.
    fn tell_setting_problems(&mut self) {
        let problems: FxHashSet<Problem> = self.settings.stack.problems().into_iter().collect();
        let mut new: Vec<_> = problems.difference(&self.settings.told).collect();
        new.sort_by_key(|problem| problem.to_string());
        for problem in new {
            tracing::warn!(%problem, "setting ignored");
            // What is unknown may be of another version, and need not interrupt anyone.
            if problem.is_warning() {
                let message = format!("Symphony: {problem}");
                self.client.log(MessageType::WARNING, message);
            } else {
                let message = format!("Symphony: {problem}");
                self.client.show(MessageType::WARNING, message);
            }
        }
        self.settings.told = problems;
    }

    fn refresh_code_lenses(&mut self) {
        if self.lifecycle == Lifecycle::Running && self.abilities.refreshes_code_lenses {
            self.client.refresh_code_lenses();
        }
    }

    /// Offers ghost text to a client that was told at first that there is none, or takes that offer back. What was
    /// announced in the beginning cannot be taken back: then the answers are empty.
    fn offer_inline_completion(&mut self, enabled: bool) {
        if self.lifecycle != Lifecycle::Running || !self.abilities.registers_inline_completion {
            return;
        }
        match (self.inline_offer, enabled) {
            (Offer::None, true) => {
                self.client.register_inline_completion();
                self.inline_offer = Offer::Registered;
            }
            (Offer::Registered, false) => {
                self.client.unregister_inline_completion();
                self.inline_offer = Offer::None;
            }
            _ => {}
        }
    }
}
