//! From our terms to the protocol's.

use lsp_types::{DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString, Uri};
use symphony_ide::SymbolKind;
use symphony_summary::DeclarationKind;
use symphony_syntax::SyntaxError;
use symphony_text::{LineIndex, Position, PositionEncoding, TextRange, TextSize};
use symphony_vfs::VfsPath;

/// The lines of a text, and the unit in which to count columns: all that a place needs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lines<'a> {
    pub(crate) index: &'a LineIndex,
    pub(crate) encoding: PositionEncoding,
}

impl Lines<'_> {
    pub(crate) fn position(&self, offset: TextSize) -> lsp_types::Position {
        position(self.index.position(offset, self.encoding))
    }

    pub(crate) fn range(&self, range: TextRange) -> lsp_types::Range {
        lsp_types::Range::new(self.position(range.start()), self.position(range.end()))
    }
}

pub(crate) fn position(position: Position) -> lsp_types::Position {
    lsp_types::Position::new(position.line, position.column)
}

/// The URI of a path; none for a path that no URI can name.
pub(crate) fn uri(path: &VfsPath) -> Option<Uri> {
    match path {
        VfsPath::File(path) => Uri::from_file_path(path),
        VfsPath::Virtual(uri) => uri.parse().ok(),
    }
}

/// A syntax error as the client shows it.
pub(crate) fn diagnostic(
    lines: Lines<'_>,
    uri: &Uri,
    error: &SyntaxError,
) -> lsp_types::Diagnostic {
    let related: Vec<_> = error
        .related
        .iter()
        .filter(|(_, message)| !message.is_empty())
        .map(|(range, message)| DiagnosticRelatedInformation {
            location: Location::new(uri.clone(), lines.range(*range)),
            message: message.clone(),
        })
        .collect();
    let message = match &error.help {
        Some(help) => format!("{}\n{help}", error.message),
        None => error.message.clone(),
    };
    lsp_types::Diagnostic {
        range: lines.range(error.range),
        severity: Some(DiagnosticSeverity::ERROR),
        code: error.code.map(|code| NumberOrString::Number(code as i32)),
        source: Some("symphony".into()),
        message,
        related_information: (!related.is_empty()).then_some(related),
        ..Default::default()
    }
}

/// The protocol's word for a declaration.
pub(crate) fn declaration_kind(kind: DeclarationKind) -> lsp_types::SymbolKind {
    use lsp_types::SymbolKind as S;
    match kind {
        DeclarationKind::Class => S::CLASS,
        DeclarationKind::Interface => S::INTERFACE,
        DeclarationKind::TypeAlias => S::TYPE_PARAMETER,
        DeclarationKind::Enum => S::ENUM,
        DeclarationKind::EnumMember => S::ENUM_MEMBER,
        DeclarationKind::Namespace => S::NAMESPACE,
        DeclarationKind::Function => S::FUNCTION,
        DeclarationKind::Variable => S::VARIABLE,
        DeclarationKind::Constant => S::CONSTANT,
        DeclarationKind::Method => S::METHOD,
        DeclarationKind::Constructor => S::CONSTRUCTOR,
        DeclarationKind::Property | DeclarationKind::Accessor => S::PROPERTY,
    }
}

/// The protocol's word for a symbol of an outline.
pub(crate) fn symbol_kind(kind: SymbolKind) -> lsp_types::SymbolKind {
    use lsp_types::SymbolKind as S;
    match kind {
        SymbolKind::Module => S::MODULE,
        SymbolKind::Namespace => S::NAMESPACE,
        SymbolKind::Class => S::CLASS,
        SymbolKind::Interface => S::INTERFACE,
        SymbolKind::TypeAlias | SymbolKind::TypeParameter => S::TYPE_PARAMETER,
        SymbolKind::Enum => S::ENUM,
        SymbolKind::EnumMember => S::ENUM_MEMBER,
        SymbolKind::Function => S::FUNCTION,
        SymbolKind::Method => S::METHOD,
        SymbolKind::Constructor => S::CONSTRUCTOR,
        SymbolKind::Accessor | SymbolKind::Property => S::PROPERTY,
        SymbolKind::Variable => S::VARIABLE,
        SymbolKind::Constant => S::CONSTANT,
    }
}
