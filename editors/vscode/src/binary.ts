// Finds the server program: the user's setting, then the program inside the extension, then PATH.
// Knows nothing of VS Code, so that the unit tests can run it.

import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** Where to look; a plain value so that a test can give its own folders. */
export interface SearchPlaces {
  /** The setting `symphony.server.path`; empty when the user set none. */
  readonly setting: string;
  readonly extensionFolder: string;
  /** The `PATH` variable. */
  readonly path: string | undefined;
  readonly platform: NodeJS.Platform;
}

/** The program to start, or the sentence that tells the user why there is none. */
export type SearchResult =
  | { readonly kind: "found"; readonly program: string; readonly from: "setting" | "extension" | "PATH" }
  | { readonly kind: "missing"; readonly message: string };

/** Looks in each place in turn. A setting that names no program is an error: falling back would hide it. */
export function findServer(places: SearchPlaces): SearchResult {
  const name = places.platform === "win32" ? "symphony.exe" : "symphony";

  const setting = places.setting.trim();
  if (setting !== "") {
    const program = expandHome(setting);
    return isProgram(program)
      ? { kind: "found", program, from: "setting" }
      : { kind: "missing", message: `The setting symphony.server.path is "${setting}", which is not a program that can be run.` };
  }

  const bundled = join(places.extensionFolder, "server", name);
  if (isProgram(bundled)) {
    return { kind: "found", program: bundled, from: "extension" };
  }

  for (const folder of (places.path ?? "").split(delimiter)) {
    // An empty entry of PATH means the current folder, which may be the workspace: never run a program from there.
    if (folder !== "" && isProgram(join(folder, name))) {
      return { kind: "found", program: join(folder, name), from: "PATH" };
    }
  }
  return {
    kind: "missing",
    message: `The program ${name} was not found: it is neither in the extension nor on PATH. Install it, or set symphony.server.path.`,
  };
}

function expandHome(path: string): string {
  return /^~(?=$|[\\/])/.test(path) ? homedir() + path.slice(1) : path;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
