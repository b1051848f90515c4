// Owns the language client: at most one server process, started, stopped and restarted one step at a time.
// Ghost text, diagnostics, settings and all else are the client library's own features; nothing is sent from here by hand.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import * as vscode from "vscode";
import { CloseAction, ErrorAction, type ErrorHandler, LanguageClient, RevealOutputChannelOn, State, type StreamInfo } from "vscode-languageclient/node";
import { findServer } from "./binary";
import { serverKeys, serverSettings } from "./settings";

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
  readonly #keys: readonly string[];
  readonly #log: vscode.LogOutputChannel;
  readonly #onHealth: (health: Health) => void;
  #client: LanguageClient | undefined;
  #child: ChildProcess | undefined;
  /** Whether the process has answered its first request: the client library cannot stop one that has not. */
  #answered = false;
  /** The end of the queue of starts and stops: two quick restarts must not leave two processes. */
  #last: Promise<void> = Promise.resolve();

  constructor(extension: vscode.Extension<unknown>, log: vscode.LogOutputChannel, onHealth: (health: Health) => void) {
    this.#extensionFolder = extension.extensionPath;
    this.#keys = serverKeys(extension.packageJSON);
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

  /** Lets the server ask for its settings again. */
  async settingsChanged(): Promise<void> {
    if (this.#client?.state === State.Running) {
      await this.#client.sendNotification("workspace/didChangeConfiguration", { settings: null });
    }
  }

  dispose(): void {
    void this.stop();
  }

  #enqueue(step: () => Promise<void>): Promise<void> {
    if (!this.#answered) {
      this.#child?.kill();
    }
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
    try {
      await this.#startProgram(search.program);
    } catch (error) {
      this.#fail(`${search.program} did not start: ${error instanceof Error ? error.message : String(error)}`, showLog);
    }
  }

  async #startProgram(program: string): Promise<void> {
    const client = this.#newClient(async () => {
      const child = spawn(program, ["lsp"], { stdio: "pipe", windowsHide: true });
      this.#child = child;
      this.#answered = false;
      createInterface(child.stderr).on("line", (line) => this.#log.info(line));
      await once(child, "spawn");
      // As streams, not as a process: the client library would log all of its standard error as errors.
      return { reader: child.stdout, writer: child.stdin };
    });
    this.#client = client;
    try {
      await client.start();
    } catch (error) {
      this.#client = undefined;
      const child = this.#child;
      if (child?.killed) {
        // By a newer start or stop, which says what comes next.
        return;
      }
      throw (child === undefined ? undefined : await earlyEnd(child)) ?? error;
    }
  }

  #newClient(startProcess: () => Promise<StreamInfo>): LanguageClient {
    const client: LanguageClient = new QuietStartClient("symphony", "Symphony", startProcess, {
      documentSelector: languages.flatMap((language) => [
        { scheme: "file", language },
        { scheme: "untitled", language },
      ]),
      outputChannel: this.#log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: serverSettings(this.#keys),
      initializationFailedHandler: () => false,
      synchronize: { configurationSection: "symphony" },
      middleware: {
        workspace: {
          configuration: async (params, token, next) => {
            const answers = await next(params, token);
            // Beside an error there is nothing to replace.
            return Array.isArray(answers)
              ? answers.map((answer, index) => (params.items[index]?.section === "symphony" ? serverSettings(this.#keys) : answer))
              : answers;
          },
        },
      },
      errorHandler: {
        error: (error, message, count) =>
          client.state === State.Running ? usual().error(error, message, count) : { action: ErrorAction.Continue, handled: true },
        // A program that ends before its first answer would end so again.
        closed: () =>
          client.state === State.Running ? usual().closed() : { action: CloseAction.DoNotRestart, handled: true },
      },
    });
    let handler: ErrorHandler | undefined;
    const usual = (): ErrorHandler => (handler ??= client.createDefaultErrorHandler());
    client.onDidChangeState(({ newState }) => {
      if (this.#client !== client) {
        return;
      }
      if (newState === State.Running) {
        this.#answered = true;
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
    if (this.#child !== undefined) {
      await ended(this.#child);
      this.#child = undefined;
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

/** A client whose failures to start go to the log only: `Server` tells the user, once and with a remedy. */
class QuietStartClient extends LanguageClient {
  override error(...[message, data, show]: Parameters<LanguageClient["error"]>): void {
    super.error(message, data, this.state === State.Running ? show : false);
  }
}

/** Ends the process if it still runs; the reason when it had ended by itself. */
async function earlyEnd(child: ChildProcess): Promise<Error | undefined> {
  if (child.pid === undefined) {
    return undefined;
  }
  await ended(child, 0);
  return child.exitCode === null ? undefined : new Error(`it ended with status ${child.exitCode} before it answered`);
}

/** Waits until the process is gone, and ends it when it does not go by itself in time. */
async function ended(child: ChildProcess, patience = 2000): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const killing = setTimeout(() => child.kill("SIGKILL"), patience);
  await once(child, "exit");
  clearTimeout(killing);
}
