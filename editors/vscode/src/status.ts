// The status bar item: whether the server runs, and a click away from its log.

import * as vscode from "vscode";
import { type Health, languages } from "./server";

/** Shown in the language status area of the four languages only. */
export class Status implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;
  readonly #subscription: vscode.Disposable;

  constructor() {
    this.#item = vscode.window.createStatusBarItem("symphony.status", vscode.StatusBarAlignment.Right, 100);
    this.#item.name = "Symphony";
    this.#item.command = "symphony.showLog";
    this.#subscription = vscode.window.onDidChangeActiveTextEditor((editor) => this.#showFor(editor));
    this.show({ kind: "stopped" });
    this.#showFor(vscode.window.activeTextEditor);
  }

  /** Puts the server's health on the item. */
  show(health: Health): void {
    this.#item.backgroundColor =
      health.kind === "failed" ? new vscode.ThemeColor("statusBarItem.errorBackground") : undefined;
    switch (health.kind) {
      case "starting":
        this.#item.text = "$(loading~spin) Symphony";
        this.#item.tooltip = "Symphony is starting";
        break;
      case "running":
        this.#item.text = "$(check) Symphony";
        this.#item.tooltip = `Symphony ${health.version ?? ""} is running`.replace("  ", " ");
        break;
      case "stopped":
        this.#item.text = "$(circle-slash) Symphony";
        this.#item.tooltip = "Symphony is stopped";
        break;
      case "failed":
        this.#item.text = "$(error) Symphony";
        this.#item.tooltip = health.reason;
        break;
    }
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#item.dispose();
  }

  #showFor(editor: vscode.TextEditor | undefined): void {
    if (editor !== undefined && languages.some((language) => language === editor.document.languageId)) {
      this.#item.show();
    } else {
      this.#item.hide();
    }
  }
}
