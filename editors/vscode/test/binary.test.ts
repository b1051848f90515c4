// Unit tests of the search for the server program.

import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { findServer, type SearchPlaces } from "../src/binary";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "symphony-binary-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function program(...parts: string[]): string {
  const path = join(root, ...parts);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, "");
  chmodSync(path, 0o755);
  return path;
}

function places(change: Partial<SearchPlaces>): SearchPlaces {
  return { setting: "", extensionFolder: join(root, "ext"), path: join(root, "bin"), platform: "linux", ...change };
}

test("the setting comes before the bundled program, and that before PATH", () => {
  const onPath = program("bin", "symphony");
  assert.deepEqual(findServer(places({})), { kind: "found", program: onPath, from: "PATH" });
  const bundled = program("ext", "server", "symphony");
  assert.deepEqual(findServer(places({})), { kind: "found", program: bundled, from: "extension" });
  const own = program("own", "my-symphony");
  assert.deepEqual(findServer(places({ setting: own })), { kind: "found", program: own, from: "setting" });
});

test("a wrong setting is reported and nothing else is tried", () => {
  program("bin", "symphony");
  const result = findServer(places({ setting: join(root, "nowhere") }));
  assert.equal(result.kind, "missing");
  assert.match(result.message, /symphony\.server\.path is ".*nowhere"/);
});

test("no program anywhere: the message names the setting", () => {
  const result = findServer(places({ path: undefined }));
  assert.equal(result.kind, "missing");
  assert.match(result.message, /set symphony\.server\.path/);
});

test("a folder, a file that cannot be run and an empty PATH entry are passed over", () => {
  mkdirSync(join(root, "bin", "symphony"), { recursive: true });
  writeFileSync(program("plain", "symphony"), "");
  chmodSync(join(root, "plain", "symphony"), 0o644);
  const path = ["", join(root, "bin"), join(root, "plain")].join(delimiter);
  assert.equal(findServer(places({ path })).kind, "missing");
});

test("on Windows the program is symphony.exe", () => {
  const bundled = program("ext", "server", "symphony.exe");
  assert.deepEqual(findServer(places({ platform: "win32" })), { kind: "found", program: bundled, from: "extension" });
});
