// Makes the one file that the extension loads, and with --test the unit tests' files. Called by the npm scripts.
import { build } from "esbuild";
import { rm } from "node:fs/promises";

const test = process.argv.includes("--test");
const outdir = test ? "dist/test" : "dist";

await rm(outdir, { recursive: true, force: true });
await build({
  entryPoints: test ? ["test/binary.test.ts"] : ["src/extension.ts"],
  outdir,
  bundle: true,
  minify: !test,
  platform: "node",
  format: "cjs",
  // The Node version inside VS Code 1.100.
  target: "node20",
  external: ["vscode"],
  logLevel: "warning",
});
