//! All sources together: which value counts where, and why.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use crate::Config;
use crate::file::SettingsFile;
use crate::layer::{Given, Layer};
use crate::problem::{Place, Problem, Source};
use crate::setting::Setting;
use crate::table::all;

/// The name of the file in a folder of a workspace.
pub const WORKSPACE_FILE: &str = ".symphony.toml";
/// The name of the user's own file, in the folder of the user's configuration.
pub const USER_FILE: &str = "symphony.toml";
/// The name of the file that `symphony config set` writes, in the folder of the user's state.
pub const STORED_FILE: &str = "settings.toml";

/// Where the user's files are; none where there is no home.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserFiles {
    /// The user's own file.
    pub user: Option<PathBuf>,
    /// The file that `symphony config set` writes.
    pub stored: Option<PathBuf>,
}

/// A folder of the workspace.
#[derive(Clone, Debug)]
struct Root {
    folder: PathBuf,
    file: SettingsFile,
    config: Arc<Config>,
}

/// All sources of settings.
#[derive(Clone, Debug)]
pub struct Stack {
    command_line: Layer,
    environment: Layer,
    editor: Layer,
    user: Option<SettingsFile>,
    stored: Option<SettingsFile>,
    roots: Vec<Root>,
    trusted: bool,
    config: Arc<Config>,
}

impl Stack {
    /// What was said before anything else: the command line, the environment, and the user's files, which are read.
    #[must_use]
    pub fn new(command_line: Layer, environment: Layer, files: UserFiles) -> Self {
        let file = |path: Option<PathBuf>, source| path.map(|it| SettingsFile::new(it, source));
        let mut stack = Self {
            command_line,
            environment,
            editor: Layer::empty(Source::Editor),
            user: file(files.user, Source::UserFile),
            stored: file(files.stored, Source::Stored),
            roots: Vec::new(),
            trusted: true,
            config: Arc::default(),
        };
        stack.reload();
        stack.resolve();
        stack
    }

    /// Takes what the editor says, in place of what it said before.
    pub fn set_editor(&mut self, section: &Value) {
        self.editor = Layer::from_json(section);
        self.resolve();
    }

    /// Takes the folders of the workspace and reads their files, unless the workspace is not trusted.
    pub fn set_roots(&mut self, folders: &[PathBuf]) {
        let mut old = std::mem::take(&mut self.roots);
        for folder in folders {
            let known = old.iter().position(|root| root.folder == *folder);
            self.roots.push(match known {
                Some(at) => old.swap_remove(at),
                None => Root {
                    folder: folder.clone(),
                    file: SettingsFile::new(folder.join(WORKSPACE_FILE), Source::WorkspaceFile),
                    config: Arc::default(),
                },
            });
        }
        self.reload();
        self.resolve();
    }

    /// Says whether the user trusts the workspace. The files of one that is not trusted are not even read.
    pub fn set_trusted(&mut self, trusted: bool) {
        if self.trusted == trusted {
            return;
        }
        self.trusted = trusted;
        for root in &mut self.roots {
            let path = root.file.path().to_owned();
            root.file = SettingsFile::new(path, Source::WorkspaceFile);
        }
        self.reload();
        self.resolve();
    }

    /// Whether the user trusts the workspace.
    #[must_use]
    pub fn is_trusted(&self) -> bool {
        self.trusted
    }

    /// Reads all files again; whether one is different.
    pub fn reload(&mut self) -> bool {
        let roots = self.roots.iter_mut().map(|root| &mut root.file);
        let trusted = if self.trusted { usize::MAX } else { 0 };
        let own = self.user.iter_mut().chain(&mut self.stored);
        let mut changed = false;
        for file in own.chain(roots.take(trusted)) {
            changed |= file.reload();
        }
        if changed {
            self.resolve();
        }
        changed
    }

    /// The settings for a file: those of the nearest folder around it; without a file, those of no folder.
    #[must_use]
    pub fn config(&self, file: Option<&Path>) -> &Arc<Config> {
        match file.and_then(|file| self.root_of(file)) {
            Some(root) => &root.config,
            None => &self.config,
        }
    }

    /// The settings of all folders, and those of files outside of them.
    pub fn configs(&self) -> impl Iterator<Item = &Arc<Config>> {
        let roots = self.roots.iter().map(|root| &root.config);
        std::iter::once(&self.config).chain(roots)
    }

    /// What each source says of a setting for a file, the first to count first; the default, if any, is last.
    #[must_use]
    pub fn explain(&self, setting: &Setting, file: Option<&Path>) -> Vec<(Source, Given)> {
        let root = file.and_then(|file| self.root_of(file));
        let layers = self.layers(root);
        let said = layers
            .into_iter()
            .filter_map(|layer| Some((layer.source, layer.get(setting.key)?.clone())));
        let default = setting.default.value().map(|value| {
            let place = Place::Default;
            (Source::Default, Given { value, place })
        });
        said.chain(default).collect()
    }

    /// All that is wrong, by source.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let layers = [&self.command_line, &self.environment, &self.editor];
        let mut all: Vec<Problem> = layers
            .into_iter()
            .flat_map(|layer| layer.problems.clone())
            .collect();
        for file in self.files() {
            all.extend_from_slice(file.problems());
        }
        all
    }

    /// The files that it looks at.
    pub fn files(&self) -> impl Iterator<Item = &SettingsFile> {
        let roots = self.roots.iter().map(|root| &root.file);
        self.user.iter().chain(&self.stored).chain(roots)
    }

    /// The file that `symphony config set` writes.
    #[must_use]
    pub fn stored_file(&self) -> Option<&Path> {
        self.stored.as_ref().map(SettingsFile::path)
    }

    /// The user's own file.
    #[must_use]
    pub fn user_file(&self) -> Option<&Path> {
        self.user.as_ref().map(SettingsFile::path)
    }

    /// The innermost folder around a file.
    fn root_of(&self, file: &Path) -> Option<&Root> {
        let around = self
            .roots
            .iter()
            .filter(|root| file.starts_with(&root.folder));
        around.max_by_key(|root| root.folder.as_os_str().len())
    }

    /// The layers that count for a folder, the first to count first.
    fn layers<'a>(&'a self, root: Option<&'a Root>) -> Vec<&'a Layer> {
        let file = |file: Option<&'a SettingsFile>| file.map(SettingsFile::layer);
        let all = [
            Some(&self.command_line),
            Some(&self.environment),
            Some(&self.editor),
            file(root.map(|root| &root.file)),
            file(self.user.as_ref()),
            file(self.stored.as_ref()),
        ];
        all.into_iter().flatten().collect()
    }

    fn resolve(&mut self) {
        self.config = Arc::new(resolve(&self.layers(None)));
        let configs: Vec<_> = self
            .roots
            .iter()
            .map(|root| Arc::new(resolve(&self.layers(Some(root)))))
            .collect();
        for (root, config) in self.roots.iter_mut().zip(configs) {
            root.config = config;
        }
    }
}

/// The settings by these layers, the first to count first.
fn resolve(layers: &[&Layer]) -> Config {
    Config::from_values(&|setting| {
        let given = layers.iter().find_map(|layer| layer.get(setting.key));
        match given {
            Some(given) => Some(Cow::Borrowed(&given.value)),
            None => setting.default.value().map(Cow::Owned),
        }
    })
}

/// The settings that are different, for whoever tells the user.
#[must_use]
pub fn differences(old: &Stack, new: &Stack) -> Vec<&'static Setting> {
    let value = |stack: &Stack, setting, file: Option<&Path>| {
        let said = stack.explain(setting, file);
        said.into_iter().next().map(|(_, given)| given.value)
    };
    let folders: Vec<&Path> = new.roots.iter().map(|root| root.folder.as_path()).collect();
    let everywhere = || std::iter::once(None).chain(folders.iter().copied().map(Some));
    all()
        .filter(|setting| {
            everywhere().any(|file| value(old, setting, file) != value(new, setting, file))
        })
        .collect()
}
