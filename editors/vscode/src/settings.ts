// The section `symphony` as the server takes it. What is there counts before the server's own files, so only what someone has set
// is sent, never VS Code's defaults. Knows nothing of the client library.

import * as vscode from "vscode";

const section = "symphony";
/** Settings of the extension itself. */
const own: readonly string[] = ["server.path", "trace.server"];

/** The keys of the server's settings, without the section: those that the extension's manifest declares, but for its own. */
export function serverKeys(manifest: unknown): readonly string[] {
  const properties = (manifest as { contributes: { configuration: { properties: object } } }).contributes.configuration.properties;
  return Object.keys(properties)
    .filter((key) => key.startsWith(`${section}.`))
    .map((key) => key.slice(section.length + 1))
    .filter((key) => !own.includes(key));
}

/** What someone has set, and whether the user trusts the workspace: of one that is not trusted the server reads no settings. */
export function serverSettings(keys: readonly string[]): object {
  const configuration = vscode.workspace.getConfiguration(section);
  const settings: Record<string, unknown> = {};
  for (const key of keys) {
    const said = configuration.inspect(key);
    const value = said?.workspaceFolderValue ?? said?.workspaceValue ?? said?.globalValue;
    if (value !== undefined) {
      settings[key] = value;
    }
  }
  // Last, so that no setting of this name can take its place.
  return { ...settings, trusted: vscode.workspace.isTrusted };
}
