// Owns the language client: at most one server process, started, stopped and restarted one step at a time.
// Ghost text, diagnostics, settings and all else are the client library's own features; nothing is sent from here by hand.

import * as vscode from "vscode";
import { LanguageClient, RevealOutputChannelOn, State, TransportKind } from "vscode-languageclient/node";
import { findServer } from "./binary";

/** What the status bar shows. */
export type Health =
  | { readonly kind: "starting" }
  | { readonly kind: "running"; readonly version: string | undefined }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly reason: string };

/** The languages whose documents are sent to the server. */
export const languages = ["typescript", "typescriptreact", "javascript", "javascriptreact"] as const;

const openSetting = "Open Setting";
const showLog = "Show Log";

/** The server process and its client. */
export class Server implements vscode.Disposable {
  readonly #extensionFolder: string;
  readonly #log: vscode.LogOutputChannel;
  readonly #onHealth: (health: Health) => void;
  #client: LanguageClient | undefined;
  /** The end of the queue of starts and stops: two quick restarts must not leave two processes. */
  #last: Promise<void> = Promise.resolve();

  constructor(extensionFolder: string, log: vscode.LogOutputChannel, onHealth: (health: Health) => void) {
    this.#extensionFolder = extensionFolder;
    this.#log = log;
    this.#onHealth = onHealth;
  }

  /** Stops the process if one runs, then starts one with the settings of this moment. */
  restart(): Promise<void> {
    return this.#enqueue(async () => {
      await this.#stop();
      await this.#start();
    });
  }

  /** Stops the process; resolves when it is gone. */
  stop(): Promise<void> {
    return this.#enqueue(() => this.#stop());
  }

  dispose(): void {
    void this.stop();
  }

  #enqueue(step: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(step, step);
    return this.#last;
  }

  async #start(): Promise<void> {
    const search = findServer({
      setting: vscode.workspace.getConfiguration("symphony").get("server.path", ""),
      extensionFolder: this.#extensionFolder,
      path: process.env["PATH"],
      platform: process.platform,
    });
    if (search.kind === "missing") {
      this.#fail(search.message, openSetting);
      return;
    }
    this.#log.info(`Starting ${search.program} (found by: ${search.from})`);
    this.#onHealth({ kind: "starting" });

    const client = this.#newClient(search.program);
    this.#client = client;
    try {
      await client.start();
    } catch (error) {
      this.#client = undefined;
      await client.dispose().catch(() => undefined);
      this.#fail(`${search.program} did not start: ${error instanceof Error ? error.message : String(error)}`, showLog);
    }
  }

  #newClient(program: string): LanguageClient {
    const client = new LanguageClient(
      "symphony",
      "Symphony",
      { command: program, args: ["lsp"], transport: TransportKind.stdio },
      {
        documentSelector: languages.flatMap((language) => [
          { scheme: "file", language },
          { scheme: "untitled", language },
        ]),
        outputChannel: this.#log,
        revealOutputChannelOn: RevealOutputChannelOn.Never,
        initializationOptions: serverSettings(),
        synchronize: { configurationSection: "symphony" },
      },
    );
    client.onDidChangeState(({ newState }) => {
      if (this.#client !== client) {
        return;
      }
      if (newState === State.Running) {
        this.#onHealth({ kind: "running", version: client.initializeResult?.serverInfo?.version });
      } else if (newState === State.Starting) {
        this.#onHealth({ kind: "starting" });
      } else {
        this.#onHealth({ kind: "stopped" });
      }
    });
    return client;
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client === undefined) {
      return;
    }
    try {
      await client.dispose();
    } catch (error) {
      this.#log.warn(`The server did not stop in order: ${String(error)}`);
    }
    this.#onHealth({ kind: "stopped" });
  }

  #fail(reason: string, remedy: typeof openSetting | typeof showLog): void {
    this.#log.error(reason);
    this.#onHealth({ kind: "failed", reason });
    // Not awaited: the message stays until the user answers, and a restart must not wait for that.
    void vscode.window.showErrorMessage(`Symphony: ${reason}`, remedy).then((answer) => {
      if (answer === openSetting) {
        void vscode.commands.executeCommand("workbench.action.openSettings", "symphony.server.path");
      } else if (answer === showLog) {
        this.#log.show();
      }
    });
  }
}

/** What the server needs before its first `workspace/configuration`: the same shape as the section `symphony`. */
function serverSettings(): object {
  const settings = vscode.workspace.getConfiguration("symphony");
  return {
    inlineCompletion: {
      enabled: settings.get("inlineCompletion.enabled", true),
      tau: settings.get("inlineCompletion.tau", 0.7),
    },
  };
}
