//! What the client can do, as far as it matters here, and what we say we can do.

use lsp_types::{
    CallHierarchyServerCapability, ClientCapabilities, CodeActionKind, CodeActionOptions,
    CodeLensOptions, CompletionOptions, DeclarationCapability, DiagnosticOptions,
    DiagnosticServerCapabilities, DocumentLinkOptions, DocumentOnTypeFormattingOptions,
    FileOperationFilter, FileOperationPattern, FileOperationPatternKind,
    FileOperationRegistrationOptions, FoldingRangeProviderCapability,
    ImplementationProviderCapability, InitializeParams, LinkedEditingRangeServerCapabilities,
    OneOf, PositionEncodingKind, RenameOptions, SelectionRangeProviderCapability,
    SemanticTokensFullOptions, SemanticTokensOptions, ServerCapabilities,
    TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions,
    TypeDefinitionProviderCapability, WorkDoneProgressOptions,
    WorkspaceFileOperationsServerCapabilities, WorkspaceFoldersServerCapabilities,
    WorkspaceServerCapabilities,
};
use symphony_text::PositionEncoding;

use crate::handlers::code_action::SOURCE_ACTIONS;
use crate::handlers::semantic_tokens;

/// The client's abilities that change what we do.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Client {
    /// The unit of columns.
    pub(crate) encoding: PositionEncoding,
    /// It asks for diagnostics; otherwise they are pushed.
    pub(crate) pulls_diagnostics: bool,
    /// It asks for inline completions; otherwise they come as completion items.
    pub(crate) inline_completion: bool,
    /// Inline completion may be registered later.
    pub(crate) registers_inline_completion: bool,
    /// It watches files for us when asked to.
    pub(crate) watches_files: bool,
    /// It answers `workspace/configuration`.
    pub(crate) configuration: bool,
    /// It shows progress.
    pub(crate) progress: bool,
    /// It applies edits of documents at a version.
    pub(crate) document_changes: bool,
    /// It shows definitions with the range that was asked about and the whole declaration.
    pub(crate) definition_links: bool,
    /// Type hierarchies may be registered later: the first answer has no field for them.
    pub(crate) registers_type_hierarchy: bool,
    /// It asks for code lenses again when told to.
    pub(crate) refreshes_code_lenses: bool,
    /// It knows symbols with children.
    pub(crate) nested_symbols: bool,
}

impl Client {
    /// Reads them off the first request.
    pub(crate) fn new(params: &InitializeParams) -> Self {
        let ClientCapabilities {
            workspace,
            text_document,
            window,
            general,
            ..
        } = &params.capabilities;
        let workspace = workspace.clone().unwrap_or_default();
        let text = text_document.clone().unwrap_or_default();
        let offered = general
            .as_ref()
            .and_then(|general| general.position_encodings.as_ref());
        let inline = text.inline_completion;
        Self {
            encoding: encoding(offered.map_or(&[], Vec::as_slice)),
            pulls_diagnostics: text.diagnostic.is_some(),
            inline_completion: inline.is_some(),
            registers_inline_completion: inline
                .is_some_and(|inline| inline.dynamic_registration == Some(true)),
            watches_files: workspace
                .did_change_watched_files
                .is_some_and(|watching| watching.dynamic_registration == Some(true)),
            configuration: workspace.configuration == Some(true),
            refreshes_code_lenses: workspace
                .code_lens
                .is_some_and(|it| it.refresh_support == Some(true)),
            progress: window
                .as_ref()
                .is_some_and(|window| window.work_done_progress == Some(true)),
            document_changes: workspace
                .workspace_edit
                .as_ref()
                .is_some_and(|edit| edit.document_changes == Some(true)),
            definition_links: text
                .definition
                .is_some_and(|definition| definition.link_support == Some(true)),
            registers_type_hierarchy: text
                .type_hierarchy
                .is_some_and(|it| it.dynamic_registration == Some(true)),
            nested_symbols: text
                .document_symbol
                .is_some_and(|it| it.hierarchical_document_symbol_support == Some(true)),
        }
    }
}

/// UTF-8 if the client has it, since our offsets are; else its first choice; UTF-16 when it says nothing.
fn encoding(offered: &[PositionEncodingKind]) -> PositionEncoding {
    let known = |kind: &PositionEncodingKind| match kind.as_str() {
        "utf-8" => Some(PositionEncoding::Utf8),
        "utf-16" => Some(PositionEncoding::Utf16),
        "utf-32" => Some(PositionEncoding::Utf32),
        _ => None,
    };
    if offered.contains(&PositionEncodingKind::UTF8) {
        return PositionEncoding::Utf8;
    }
    offered.iter().find_map(known).unwrap_or_default()
}

/// What we offer to this client.
pub(crate) fn server(client: &Client, inline_completion: bool) -> ServerCapabilities {
    let encoding = match client.encoding {
        PositionEncoding::Utf8 => PositionEncodingKind::UTF8,
        PositionEncoding::Utf16 => PositionEncodingKind::UTF16,
        PositionEncoding::Utf32 => PositionEncodingKind::UTF32,
    };
    ServerCapabilities {
        position_encoding: Some(encoding),
        text_document_sync: Some(TextDocumentSyncCapability::Options(
            TextDocumentSyncOptions {
                open_close: Some(true),
                change: Some(TextDocumentSyncKind::INCREMENTAL),
                ..Default::default()
            },
        )),
        selection_range_provider: Some(SelectionRangeProviderCapability::Simple(true)),
        completion_provider: Some(CompletionOptions {
            resolve_provider: Some(true),
            trigger_characters: Some([".", "\"", "'", "/", "@", "<"].map(str::to_owned).into()),
            ..CompletionOptions::default()
        }),
        definition_provider: Some(OneOf::Left(true)),
        declaration_provider: Some(DeclarationCapability::Simple(true)),
        type_definition_provider: Some(TypeDefinitionProviderCapability::Simple(true)),
        implementation_provider: Some(ImplementationProviderCapability::Simple(true)),
        references_provider: Some(OneOf::Left(true)),
        rename_provider: Some(OneOf::Right(RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        })),
        document_link_provider: Some(DocumentLinkOptions {
            resolve_provider: Some(false),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        }),
        code_lens_provider: Some(CodeLensOptions {
            resolve_provider: Some(true),
        }),
        call_hierarchy_provider: Some(CallHierarchyServerCapability::Simple(true)),
        document_highlight_provider: Some(OneOf::Left(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        workspace_symbol_provider: Some(OneOf::Left(true)),
        code_action_provider: Some(
            CodeActionOptions {
                code_action_kinds: Some(
                    std::iter::once("quickfix")
                        .chain(SOURCE_ACTIONS.map(|(kind, ..)| kind))
                        .map(|kind| CodeActionKind::from(kind.to_owned()))
                        .collect(),
                ),
                ..Default::default()
            }
            .into(),
        ),
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        linked_editing_range_provider: Some(LinkedEditingRangeServerCapabilities::Simple(true)),
        document_on_type_formatting_provider: Some(DocumentOnTypeFormattingOptions {
            first_trigger_character: ">".into(),
            more_trigger_character: Some(vec!["/".into()]),
        }),
        semantic_tokens_provider: Some(
            SemanticTokensOptions {
                legend: semantic_tokens::legend(),
                range: Some(true),
                full: Some(SemanticTokensFullOptions::Delta { delta: Some(true) }),
                work_done_progress_options: WorkDoneProgressOptions::default(),
            }
            .into(),
        ),
        diagnostic_provider: client.pulls_diagnostics.then(|| {
            DiagnosticServerCapabilities::Options(DiagnosticOptions {
                identifier: Some("symphony".into()),
                inter_file_dependencies: false,
                workspace_diagnostics: false,
                work_done_progress_options: WorkDoneProgressOptions::default(),
            })
        }),
        inline_completion_provider: inline_completion.then_some(OneOf::Left(true)),
        workspace: Some(WorkspaceServerCapabilities {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(OneOf::Left(true)),
            }),
            file_operations: Some(WorkspaceFileOperationsServerCapabilities {
                will_rename: Some(renamed_files()),
                ..Default::default()
            }),
        }),
        ..Default::default()
    }
}

/// The renames that we are asked about: of sources and of folders.
fn renamed_files() -> FileOperationRegistrationOptions {
    let filter = |glob: &str, kind| FileOperationFilter {
        scheme: Some("file".into()),
        pattern: FileOperationPattern {
            glob: glob.into(),
            matches: Some(kind),
            options: None,
        },
    };
    FileOperationRegistrationOptions {
        filters: vec![
            filter(
                "**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}",
                FileOperationPatternKind::File,
            ),
            filter("**", FileOperationPatternKind::Folder),
        ],
    }
}
