// The extension's two entry points, and the commands. Everything else is in server.ts, binary.ts and status.ts.

import * as vscode from "vscode";
import { Server } from "./server";
import { Status } from "./status";

let server: Server | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("Symphony", { log: true });
  const status = new Status();
  const started = new Server(context.extension, log, (health) => status.show(health));
  server = started;
  context.subscriptions.push(
    log,
    status,
    vscode.commands.registerCommand("symphony.restartServer", () => started.restart()),
    vscode.commands.registerCommand("symphony.showLog", () => log.show()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void started.settingsChanged()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("symphony.server.path")) {
        void started.restart();
      }
    }),
  );
  // Not awaited: a slow server must not hold up the start of other extensions.
  void started.restart();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
