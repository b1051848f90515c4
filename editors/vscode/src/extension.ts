// The extension's two entry points, and the commands. Everything else is in server.ts, binary.ts and status.ts.

import * as vscode from "vscode";
import { Server } from "./server";
import { Status } from "./status";

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel("Symphony", { log: true });
  const status = new Status();
  const started = new Server(context.extensionPath, log, (health) => status.show(health));
  server = started;
  context.subscriptions.push(
    log,
    status,
    vscode.commands.registerCommand("symphony.restartServer", () => started.restart()),
    vscode.commands.registerCommand("symphony.showLog", () => log.show()),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("symphony.server.path")) {
        await started.restart();
      }
    }),
  );
  await started.restart();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
