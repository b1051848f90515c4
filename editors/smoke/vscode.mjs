// The smoke test inside VS Code: drives the workbench in headless Chromium with real keys, and reads what it shows.
// node vscode.mjs VSCODE_DIR CHROMIUM URL WORKSPACE MACHINE_SETTINGS OUT PLAN_JSON; prints `pass WHAT` and `fail WHAT: WHY`.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const [folder, chromium, url, workspace, machineSettings, out, planText] = process.argv.slice(2);
const plan = JSON.parse(planText);
const { chromium: browserType } = createRequire(join(folder, "package.json"))("playwright-core");

const quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = await browserType.launch({ executablePath: chromium, args: ["--no-sandbox", ...quiet] });
const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
const press = (keys) => page.keyboard.press(keys);

/** Waits until `look` gives something true; undefined when it never does. */
async function seen(look, seconds = 20) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const value = await look().catch(() => undefined);
    if (value || Date.now() > deadline) {
      return value || undefined;
    }
    await page.waitForTimeout(50);
  }
}

let shots = 0;
async function check(what, ok, why = "never seen") {
  console.log(ok ? `pass ${what}` : `fail ${what}: ${why}`);
  await page.screenshot({ path: join(out, `vscode-${++shots}-${what.replace(/\W+/g, "-").slice(0, 40)}.png`) });
  return ok;
}

const texts = (selector) => page.locator(selector).allInnerTexts();
// The editor draws spaces as no-break spaces.
const plain = (text) => text.replace(/\u00a0/g, " ").replace(/\u200b/g, "");
const onDisk = () => readFileSync(join(workspace, plan.file), "utf8").split("\n");

/** Opens the quick input with `keys` and waits until it takes text. */
async function quickInput(keys) {
  await press(keys);
  await page.locator(".quick-input-widget input").first().waitFor({ state: "visible" });
}

async function gotoLine(number) {
  await quickInput("Control+g");
  await page.keyboard.type(String(number));
  await press("Enter");
  await page.locator(".quick-input-widget").first().waitFor({ state: "hidden" });
  // Keys pressed before the editor has the focus again are lost.
  await page.locator(".editor-instance .monaco-editor.focused").waitFor();
}

async function openFile() {
  await page.goto(url);
  await page.locator(".monaco-workbench .part.editor").waitFor({ timeout: 60_000 });
  // A keyboard shortcut before the workbench is ready is lost, so ask until the file is there.
  const name = plan.file.split("/").at(-1);
  return seen(async () => {
    await press("Escape");
    await quickInput("Control+p");
    await page.keyboard.type(plan.file);
    if (!(await seen(async () => (await texts(".quick-input-list .monaco-list-row")).some((row) => row.includes(name)), 5))) {
      return false;
    }
    await press("Enter");
    return seen(async () => (await texts(".tab.active")).some((tab) => tab.includes(name)), 5);
  }, 60);
}

/** Whether the status bar's item has this icon: `check` while the server runs, `error` when it could not be started. */
const statusIs = async (icon) => (await page.locator(`[id*='symphony.status'] .codicon-${icon}`).count()) > 0;

async function outline() {
  return seen(async () => {
    await press("Escape");
    await quickInput("Control+Shift+o");
    const rows = await seen(async () => {
      const found = await texts(".quick-input-list .monaco-list-row");
      return plan.symbols.every((name) => found.some((row) => plain(row).includes(name))) && found;
    }, 4);
    return rows;
  }, 40);
}

const squiggles = async () => (await page.locator(".squiggly-error").count()) > 0;

async function syntaxError() {
  await gotoLine(plan.lines);
  await press("End");
  await press("Enter");
  await page.keyboard.type(plan.syntax_error);
  await check("the syntax error is underlined", await seen(squiggles));
  await press("Control+Shift+m");
  const problem = await seen(async () => (await texts(".markers-panel .monaco-list-row")).map(plain).find((row) => /symphony/i.test(row)));
  await check("the Problems panel names Symphony", problem, JSON.stringify(await texts(".markers-panel .monaco-list-row")));
  await press("Control+Shift+m");
  await gotoLine(plan.lines + 1);
  await press("Control+Shift+k");
  await check("the underline goes when the error goes", await seen(async () => !(await squiggles())));
}

/** Begins one line anew and returns the ghost text, if any came. */
async function ghostAt(place) {
  await gotoLine(place.line);
  await press("End");
  await press("Shift+Home");
  await page.keyboard.type(place.typed);
  // The text is drawn in several pieces, one for each colour.
  return seen(async () => plain((await texts(".view-lines [class*='ghost-text']")).join("")).trimEnd(), 6);
}

async function acceptGhost() {
  for (const place of plan.places) {
    const ghost = await ghostAt(place);
    console.log(`line ${place.line}: ${JSON.stringify(place.typed)} -> ${JSON.stringify(ghost ?? "")} (original ${JSON.stringify(place.original)})`);
    if (ghost === undefined) {
      await press("Escape");
      await press("Shift+Home");
      await page.keyboard.type(place.original);
      continue;
    }
    await check("ghost text appears", true);
    await press("Tab");
    await press("Control+s");
    const expected = place.typed + ghost;
    // While the file is being written it may be shorter.
    const now = () => onDisk()[place.line - 1]?.trim() ?? "";
    await seen(async () => now() === expected, 10);
    await check("Tab puts it into the saved file", now() === expected, `${JSON.stringify(now())}, not ${JSON.stringify(expected)}`);
    const right = place.original.startsWith(now()) || now().startsWith(place.original);
    await check("it is how the line went on", right, `${JSON.stringify(now())}, not ${JSON.stringify(place.original)}`);
    return;
  }
  await check("ghost text appears", false, `at none of ${plan.places.length} places`);
}

/** The user's server path goes wrong and is put right: each time told, and then a new server, without a reload. */
async function wrongPaths() {
  const right = readFileSync(machineSettings, "utf8");
  const setPath = (path) => writeFileSync(machineSettings, JSON.stringify({ "symphony.server.path": path }));
  const told = (program, button) => {
    const message = page.locator(".notification-toast", { hasText: program });
    return seen(async () => (await message.innerText()).includes(button) && statusIs("error"));
  };
  setPath("/no/such/program");
  await check("a path without a program is told, with a button to the setting", await told("/no/such/program", "Open Setting"));
  setPath("/bin/false");
  await check("a program that ends at once is told, with a button to the log", await told("/bin/false", "Show Log"));
  const mute = join(dirname(machineSettings), "mute");
  writeFileSync(mute, "#!/bin/sh\nwhile read -r line; do :; done\n", { mode: 0o755 });
  setPath(mute);
  await check("a program that never answers is shown as starting", await seen(() => statusIs("loading")));
  writeFileSync(machineSettings, right);
  await check("the right path starts the server again", await seen(() => statusIs("check")));
  const messages = await texts(".notification-toast");
  await check("no message blames the program that was replaced", !messages.some((it) => it.includes(mute)), messages.join("; "));
}

try {
  if (await check(`the file ${plan.file} is open`, await openFile())) {
    await check("the status bar says that Symphony runs", await seen(() => statusIs("check"), 40));
    await check("the outline has the file's names", await outline(), JSON.stringify(await texts(".quick-input-list .monaco-list-row")));
    await press("Escape");
    await syntaxError();
    await acceptGhost();
    await wrongPaths();
  }
} finally {
  await browser.close();
}
