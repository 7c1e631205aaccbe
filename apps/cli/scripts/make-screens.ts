/**
 * Takes pictures of the command line in a real terminal: real runs in real sandboxes, answered by a scripted model.
 * `make-screens.ts [--out DIR] [--columns 80,200] [--png] [FLOW...]` writes DIR/FLOW-COLUMNS.svg; without arguments, the
 * pictures in docs/screens. It needs tmux, a Docker engine and, for PNG, chromium.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createScriptedModel } from "@glovebox/scripted-model";
import { execa } from "execa";
import { type Flow, flows, project, script } from "./screens/flows.ts";
import { renderScreen } from "./screens/render-screen.ts";
import { runInTerminal } from "./screens/run-in-terminal.ts";
import { readTerminalText } from "./screens/terminal-text.ts";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const inDocs = ["run", "refused"];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: "string", default: join(repository, "docs/screens") },
    columns: { type: "string", default: "80" },
    png: { type: "boolean", default: false },
  },
});
const chosen =
  positionals.length > 0 ? positionals : values.out.endsWith("docs/screens") ? inDocs : flows.map(({ name }) => name);

const model = createScriptedModel({ script });
const server = await model.listen();
mkdirSync(values.out, { recursive: true });
try {
  for (const columns of values.columns.split(",").map(Number)) await takePictures(columns);
} finally {
  await server.close();
}

/** All flows run, since later ones show what earlier ones did; only the chosen ones are written. */
async function takePictures(columns: number): Promise<void> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "glovebox-screens-")));
  try {
    const settings = { columns, cwd: makeProject(home), env: environment(home) };
    const last = Math.max(...chosen.map(position));
    const removals = flows.slice(0, last + 1).flatMap(({ removedBy }) => (removedBy === undefined ? [] : [removedBy]));
    const end = Math.max(last, ...removals.map(position));
    for (const flow of flows.slice(0, end + 1)) {
      const text = await runInTerminal(flow.command, flow.answers ?? [], settings);
      if (chosen.includes(flow.name)) await writePicture(flow, columns, text);
    }
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 10 });
  }
}

function position(name: string): number {
  const index = flows.findIndex((flow) => flow.name === name);
  if (index === -1) throw new Error(`There is no flow ${name}: ${flows.map((flow) => flow.name).join(", ")}`);
  return index;
}

async function writePicture({ name, command }: Flow, columns: number, text: string): Promise<void> {
  const path = join(values.out, values.out.endsWith("docs/screens") ? `${name}.svg` : `${name}-${columns}.svg`);
  const svg = renderScreen(readTerminalText(text), { title: command, columns });
  writeFileSync(path, svg);
  console.log(path);
  if (!values.png) return;
  const [, width, height] = / width="(\d+)" height="(\d+)" role/u.exec(svg) ?? [];
  await execa(
    "chromium",
    [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", `--window-size=${width},${height}`],
      ...[`--screenshot=${path.replace(/svg$/u, "png")}`, `file://${path}`],
    ],
    { timeout: 60_000 },
  );
}

function makeProject(home: string): string {
  const directory = join(home, "sum");
  mkdirSync(directory);
  for (const [path, text] of Object.entries(project)) writeFileSync(join(directory, path), text);
  const git = (...args: string[]) => execFileSync("git", args, { cwd: directory, stdio: "ignore" });
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("-c", "user.name=You", "-c", "user.email=you@example.com", "commit", "--quiet", "--message", "Start");
  return directory;
}

/** A machine on which `glovebox` is installed and a key is set. */
function environment(home: string): Record<string, string> {
  mkdirSync(join(home, "bin"));
  const command = join(home, "bin/glovebox");
  const main = join(repository, "apps/cli/src/main.ts");
  writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" --conditions=@glovebox/source -- "${main}" "$@"\n`);
  chmodSync(command, 0o755);
  return {
    PATH: `${join(home, "bin")}:${process.env.PATH}`,
    HOME: home,
    LANG: "C.UTF-8",
    PS1: "$ ",
    GIT_PAGER: "cat",
    ANTHROPIC_API_KEY: "sk-ant-api03-example",
    ANTHROPIC_BASE_URL: server.url,
    ...(process.env.DOCKER_HOST === undefined ? {} : { DOCKER_HOST: process.env.DOCKER_HOST }),
  };
}
