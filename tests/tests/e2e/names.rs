//! Names across files, through the protocol: a project with paths, a package, and files that move.

use serde_json::{Value, json};

use crate::support::{Folder, open, session, wait_for_index};

const MAIN: &str = "import { greet } from '@/lib/greet';\nimport { pad } from 'pad';\n\nexport const said = greet('😀' + pad(1));\n";
const GREET: &str =
    "/** Says it. */\nexport function greet(name: string): string {\n  return name;\n}\n";

fn project() -> Folder {
    Folder::new(&[
        (
            "tsconfig.json",
            "{\n  // with comments\n  \"compilerOptions\": { \"module\": \"esnext\", \"moduleResolution\": \"bundler\", \"paths\": { \"@/*\": [\"./src/*\"] } },\n  \"include\": [\"src\"],\n}\n",
        ),
        ("src/main.ts", MAIN),
        ("src/lib/greet.ts", GREET),
        (
            "node_modules/pad/package.json",
            "{ \"name\": \"pad\", \"types\": \"pad.d.ts\" }",
        ),
        (
            "node_modules/pad/pad.d.ts",
            "export declare function pad(n: number): string;\n",
        ),
    ])
}

fn at(uri: &str, line: u32, character: u32) -> Value {
    json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } })
}

#[test]
fn definitions_lead_into_files_and_packages() {
    let folder = project();
    let mut client = session(&[&folder]);
    let main = folder.document("src/main.ts", MAIN);
    open(&mut client, &main);
    let greet = client
        .request("textDocument/definition", at(&main.uri, 3, 21))
        .unwrap();
    assert_eq!(greet[0]["uri"], folder.uri("src/lib/greet.ts"));
    assert_eq!(
        greet[0]["range"]["start"],
        json!({ "line": 1, "character": 16 })
    );
    let pad = client
        .request("textDocument/definition", at(&main.uri, 3, 34))
        .unwrap();
    assert_eq!(pad[0]["uri"], folder.uri("node_modules/pad/pad.d.ts"));
}

#[test]
fn references_and_renames_cross_files() {
    let folder = project();
    let mut client = session(&[&folder]);
    let greet = folder.document("src/lib/greet.ts", GREET);
    open(&mut client, &greet);
    let mut asked = at(&greet.uri, 1, 18);
    asked["context"] = json!({ "includeDeclaration": true });
    // Asked before all files are known: the answer waits for them.
    let found = client.request("textDocument/references", asked).unwrap();
    assert_eq!(found.as_array().unwrap().len(), 3);
    let mut asked = at(&greet.uri, 1, 18);
    asked["newName"] = json!("salute");
    let edit = client.request("textDocument/rename", asked).unwrap();
    let changes = edit["changes"].as_object().unwrap();
    let new_texts = |uri: &str| -> Vec<&str> {
        let edits = changes[uri].as_array().unwrap().iter();
        edits
            .map(|edit| edit["newText"].as_str().unwrap())
            .collect()
    };
    assert_eq!(new_texts(&greet.uri), ["salute"]);
    assert_eq!(new_texts(&folder.uri("src/main.ts")), ["salute", "salute"]);
    let mut asked = at(&greet.uri, 1, 18);
    asked["newName"] = json!("not a name");
    let refused = client.request("textDocument/rename", asked).unwrap_err();
    assert!(format!("{refused:#}").contains("identifier"), "{refused:?}");
}

#[test]
fn imports_follow_a_file_that_moves() {
    let folder = project();
    let mut client = session(&[&folder]);
    wait_for_index(&client);
    let files = json!({ "files": [{
        "oldUri": folder.uri("src/lib/greet.ts"),
        "newUri": folder.uri("src/words/hello.ts"),
    }] });
    let edit = client.request("workspace/willRenameFiles", files).unwrap();
    let changed = &edit["changes"][folder.uri("src/main.ts")];
    assert_eq!(changed[0]["newText"], "@/words/hello");
}

#[test]
fn a_missing_import_is_added() {
    let folder = project();
    let mut client = session(&[&folder]);
    wait_for_index(&client);
    let text = "export const b = greet('x');\n";
    let document = folder.document("src/b.ts", text);
    open(&mut client, &document);
    let asked = json!({
        "textDocument": { "uri": document.uri },
        "range": { "start": { "line": 0, "character": 17 }, "end": { "line": 0, "character": 22 } },
        "context": { "diagnostics": [], "only": ["quickfix"] },
    });
    let actions = client.request("textDocument/codeAction", asked).unwrap();
    assert_eq!(actions[0]["title"], "Add import from \"./lib/greet\"");
    let listed = client
        .request("textDocument/completion", at(&document.uri, 0, 19))
        .unwrap();
    let items = listed["items"].as_array().unwrap();
    let greet = items.iter().find(|item| item["label"] == "greet").unwrap();
    let resolved = client
        .request("completionItem/resolve", greet.clone())
        .unwrap();
    let added = resolved["additionalTextEdits"][0]["newText"]
        .as_str()
        .unwrap();
    assert!(added.contains("import { greet } from"), "{added}");
}
