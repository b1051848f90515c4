//! Which language a file is in, and the grammar for it.

use std::path::Path;

use oxc_span::SourceType;

/// A language that Symphony serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// `.ts`, `.mts`, `.cts`.
    TypeScript,
    /// `.d.ts`, `.d.mts`, `.d.cts`: declarations only.
    Declarations,
    /// `.tsx`.
    Tsx,
    /// `.js`, `.mjs`, `.cjs`, `.jsx`: any of them may hold JSX.
    JavaScript,
}

impl Language {
    /// The language of a file by its name; none for a file that is not ours.
    pub fn from_path(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        let (stem, extension) = name.rsplit_once('.')?;
        match extension {
            "ts" | "mts" | "cts" if stem.ends_with(".d") => Some(Self::Declarations),
            // `styles.d.css.ts`: declarations of a file of another kind.
            "ts" if stem.contains(".d.") => Some(Self::Declarations),
            "ts" | "mts" | "cts" => Some(Self::TypeScript),
            "tsx" => Some(Self::Tsx),
            "js" | "mjs" | "cjs" | "jsx" => Some(Self::JavaScript),
            _ => None,
        }
    }

    /// The language by an editor's name for it (LSP `languageId`): for documents whose file has no telling name.
    pub fn from_id(id: &str) -> Option<Self> {
        match id {
            "typescript" => Some(Self::TypeScript),
            "typescriptreact" => Some(Self::Tsx),
            "javascript" | "javascriptreact" => Some(Self::JavaScript),
            _ => None,
        }
    }

    /// Whether the file is parsed with the grammar that knows JSX (and not `<T>value`).
    pub fn has_jsx(self) -> bool {
        matches!(self, Self::Tsx | Self::JavaScript)
    }

    pub(crate) fn grammar(self) -> tree_sitter::Language {
        if self.has_jsx() {
            tree_sitter_typescript::LANGUAGE_TSX.into()
        } else {
            tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into()
        }
    }

    /// How `oxc_parser` is to read it.
    pub fn source_type(self) -> SourceType {
        match self {
            Self::TypeScript => SourceType::ts(),
            Self::Declarations => SourceType::d_ts(),
            Self::Tsx => SourceType::tsx(),
            Self::JavaScript => SourceType::jsx().with_unambiguous(true),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_by_file_name() {
        let of = |name: &str| Language::from_path(Path::new(name));
        for name in ["a.ts", "b/a.mts", "a.cts", "a.test.ts"] {
            assert_eq!(of(name), Some(Language::TypeScript), "{name}");
        }
        for name in ["a.d.ts", "a.d.mts", "a.d.cts", "a.d.css.ts"] {
            assert_eq!(of(name), Some(Language::Declarations), "{name}");
        }
        for name in ["a.js", "a.jsx", "a.mjs", "a.cjs"] {
            assert_eq!(of(name), Some(Language::JavaScript), "{name}");
        }
        assert_eq!(of("a.tsx"), Some(Language::Tsx));
        for name in ["ts", ".ts/readme", "a.vue", "a.json", "tsconfig"] {
            assert_eq!(of(name), None, "{name}");
        }
    }
}
