//! Start, capabilities, and every way to end.

use expect_test::expect;
use serde_json::{Value, json};

use crate::support::{
    Folder, capabilities, code, initialize_params, open, session, start, symbol_names,
};

#[test]
fn capabilities_are_these() {
    let folder = Folder::new(&[]);
    let mut client = start();
    let result = client
        .initialize(initialize_params(&[&folder], capabilities()))
        .unwrap();
    assert_eq!(result["serverInfo"]["name"], "symphony");
    expect![[r#"
        {
          "callHierarchyProvider": true,
          "codeActionProvider": {
            "codeActionKinds": [
              "quickfix",
              "source.organizeImports",
              "source.sortImports",
              "source.removeUnusedImports"
            ]
          },
          "codeLensProvider": {
            "resolveProvider": true
          },
          "completionProvider": {
            "resolveProvider": true,
            "triggerCharacters": [
              ".",
              "\"",
              "'",
              "/",
              "@",
              "<"
            ]
          },
          "declarationProvider": true,
          "definitionProvider": true,
          "diagnosticProvider": {
            "identifier": "symphony",
            "interFileDependencies": false,
            "workspaceDiagnostics": false
          },
          "documentHighlightProvider": true,
          "documentLinkProvider": {
            "resolveProvider": false
          },
          "documentOnTypeFormattingProvider": {
            "firstTriggerCharacter": ">",
            "moreTriggerCharacter": [
              "/"
            ]
          },
          "documentSymbolProvider": true,
          "foldingRangeProvider": true,
          "implementationProvider": true,
          "inlineCompletionProvider": true,
          "linkedEditingRangeProvider": true,
          "positionEncoding": "utf-16",
          "referencesProvider": true,
          "renameProvider": {
            "prepareProvider": true
          },
          "selectionRangeProvider": true,
          "semanticTokensProvider": {
            "full": {
              "delta": true
            },
            "legend": {
              "tokenModifiers": [
                "declaration",
                "definition",
                "readonly",
                "static",
                "deprecated",
                "abstract",
                "async",
                "modification",
                "documentation",
                "defaultLibrary"
              ],
              "tokenTypes": [
                "namespace",
                "type",
                "class",
                "enum",
                "interface",
                "struct",
                "typeParameter",
                "parameter",
                "variable",
                "property",
                "enumMember",
                "event",
                "function",
                "method",
                "macro",
                "keyword",
                "modifier",
                "comment",
                "string",
                "number",
                "regexp",
                "operator",
                "decorator"
              ]
            },
            "range": true
          },
          "textDocumentSync": {
            "change": 2,
            "openClose": true
          },
          "typeDefinitionProvider": true,
          "workspace": {
            "fileOperations": {
              "willRename": {
                "filters": [
                  {
                    "pattern": {
                      "glob": "**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}",
                      "matches": "file"
                    },
                    "scheme": "file"
                  },
                  {
                    "pattern": {
                      "glob": "**",
                      "matches": "folder"
                    },
                    "scheme": "file"
                  }
                ]
              }
            },
            "workspaceFolders": {
              "changeNotifications": true,
              "supported": true
            }
          },
          "workspaceSymbolProvider": true
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&result["capabilities"]).unwrap());
}

#[test]
fn a_client_without_capabilities_gets_utf_16_and_no_requests() {
    let folder = Folder::new(&[("a.ts", "export const a = 1;\n")]);
    let mut client = start();
    let result = client
        .initialize(initialize_params(&[&folder], json!({})))
        .unwrap();
    let encoding = &result["capabilities"]["positionEncoding"];
    assert!(encoding.is_null() || encoding == "utf-16", "{encoding}");
    let document = folder.document("a.ts", "export const a = 1;\n");
    open(&mut client, &document);
    client
        .request("textDocument/documentSymbol", document.id_params())
        .unwrap();
    assert!(
        client.inbox().requests.is_empty(),
        "{:?}",
        client.inbox().requests
    );
    assert_eq!(client.shutdown().unwrap(), 0);
}

#[test]
fn nothing_is_answered_before_initialize() {
    let folder = Folder::new(&[]);
    let mut client = start();
    for method in [
        "textDocument/documentSymbol",
        "workspace/symbol",
        "shutdown",
    ] {
        let id = client.send(method, json!({ "textDocument": { "uri": "untitled:a" } }));
        assert_eq!(
            client.wait(id).unwrap().code(),
            Some(code::NOT_INITIALIZED),
            "{method}"
        );
    }
    client
        .initialize(initialize_params(&[&folder], capabilities()))
        .unwrap();
    assert_eq!(client.shutdown().unwrap(), 0);
}

#[test]
fn a_second_initialize_is_refused() {
    let folder = Folder::new(&[]);
    let mut client = session(&[&folder]);
    let id = client.send("initialize", initialize_params(&[&folder], capabilities()));
    assert_eq!(client.wait(id).unwrap().code(), Some(code::INVALID_REQUEST));
    assert_eq!(client.shutdown().unwrap(), 0);
}

#[test]
fn nothing_is_answered_after_shutdown() {
    let folder = Folder::new(&[]);
    let mut client = session(&[&folder]);
    assert_eq!(
        client.request("shutdown", Value::Null).unwrap(),
        Value::Null
    );
    for method in ["workspace/symbol", "shutdown"] {
        let id = client.send(method, json!({ "query": "" }));
        assert_eq!(
            client.wait(id).unwrap().code(),
            Some(code::INVALID_REQUEST),
            "{method}"
        );
    }
    client.notify("exit", Value::Null);
    assert_eq!(client.exit_code().unwrap(), 0);
}

#[test]
fn exit_without_shutdown_is_a_failure() {
    let mut client = session(&[&Folder::new(&[])]);
    client.notify("exit", Value::Null);
    assert_eq!(client.exit_code().unwrap(), 1);
}

#[test]
fn exit_before_initialize_is_a_failure() {
    let mut client = start();
    client.notify("exit", Value::Null);
    assert_eq!(client.exit_code().unwrap(), 1);
}

#[test]
fn the_end_of_input_without_shutdown_is_a_failure() {
    let mut client = session(&[&Folder::new(&[])]);
    client.close_input();
    assert_eq!(client.exit_code().unwrap(), 1);
}

#[test]
fn the_end_of_input_does_not_wait_for_slow_requests() {
    let folder = Folder::new(&[]);
    let mut client = session(&[&folder]);
    let document = folder.document("a.ts", "const a = 1;\n");
    open(&mut client, &document);
    for _ in 0..8 {
        client.send("symphony/sleep", json!({ "ms": 600_000 }));
    }
    assert_eq!(symbol_names(&mut client, &document), ["a"]);
    client.close_input();
    assert_eq!(client.exit_code().unwrap(), 1);
}

#[test]
fn debug_requests_are_for_tests_only() {
    let mut command = symphony_tests::server_command();
    command.env_remove("SYMPHONY_TEST");
    let mut client = symphony_tests::LspClient::start(command).unwrap();
    client
        .initialize(initialize_params(&[], capabilities()))
        .unwrap();
    let id = client.send("symphony/sleep", json!({ "ms": 600_000 }));
    assert_eq!(
        client.wait(id).unwrap().code(),
        Some(code::METHOD_NOT_FOUND)
    );
    assert_eq!(client.shutdown().unwrap(), 0);
}
