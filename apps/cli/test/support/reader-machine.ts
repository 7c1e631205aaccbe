import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createDockerProvider } from "@glovebox/provider-docker";
import { createScriptedModel, type Script } from "@glovebox/scripted-model";
import Docker from "dockerode";
import { compileCache, isBuilt, typedCommand } from "./command-line.ts";

const repository = fileURLToPath(new URL("../../../../", import.meta.url));

/** The machine of someone who follows a page of docs/: a home directory, `glovebox` on the PATH, a key and its model. */
export interface ReaderMachine extends AsyncDisposable {
  readonly home: string;
  /** Runs a script of commands in the current directory, which the script may change, and returns everything it printed. */
  paste(commands: string): Promise<{ readonly code: number | null; readonly output: string }>;
  writeFile(path: string, text: string): void;
}

/** Starts a machine whose model replays `script`. `project` makes a git repository of these files at ~/project. */
export async function setReaderMachine(
  script: Script,
  project?: Readonly<Record<string, string>>,
): Promise<ReaderMachine> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "glovebox-reader-")));
  const key = "sk-ant-api03-reader";
  const model = createScriptedModel({ script, expectKey: key });
  const server = await model.listen();
  installCommand(home);
  if (project !== undefined) makeProject(join(home, "project"), project);
  let directory = join(home, "work");
  mkdirSync(directory);
  symlinkSync(join(repository, "examples/node_modules"), join(home, "node_modules"));
  symlinkSync(join(repository, "examples"), join(directory, "examples"));
  const env = {
    PATH: `${join(home, "bin")}:${process.env.PATH}`,
    HOME: home,
    GLOVEBOX_HOME: join(home, ".glovebox"),
    ANTHROPIC_API_KEY: key,
    ANTHROPIC_BASE_URL: server.url,
    ...compileCache,
    ...(isBuilt ? {} : { NODE_OPTIONS: "--conditions=@glovebox/source" }),
    ...(process.env.DOCKER_HOST === undefined ? {} : { DOCKER_HOST: process.env.DOCKER_HOST }),
  };
  return {
    home,
    writeFile: (path, text) => writeFileSync(join(directory, path), text),
    async paste(commands) {
      const result = await runBash(`trap 'pwd > "$HOME/cwd"' EXIT\n${commands}`, directory, env);
      directory = readFileSync(join(home, "cwd"), "utf8").trim();
      return result;
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      await removeSandboxes(home);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function installCommand(home: string): void {
  mkdirSync(join(home, "bin"));
  const command = join(home, "bin/glovebox");
  writeFileSync(command, `#!/bin/sh\nexec ${typedCommand} "$@"\n`);
  chmodSync(command, 0o755);
}

function makeProject(directory: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(directory);
  for (const [path, text] of Object.entries(files)) writeFileSync(join(directory, path), text);
  const git = (...args: string[]) => execFileSync("git", args, { cwd: directory, stdio: "ignore" });
  git("init", "--quiet");
  git("add", "--all");
  git("-c", "user.name=Reader", "-c", "user.email=reader@example.com", "commit", "--quiet", "--message", "Start");
}

async function runBash(script: string, cwd: string, env: NodeJS.ProcessEnv) {
  const child = spawn("bash", ["-euo", "pipefail", "-c", script], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, output };
}

async function removeSandboxes(home: string): Promise<void> {
  const ownerFile = join(home, ".glovebox/owner");
  if (!existsSync(ownerFile)) return;
  const filters = { label: [`glovebox.owner=${readFileSync(ownerFile, "utf8").trim()}`] };
  const provider = createDockerProvider();
  for (const { Id } of await new Docker().listContainers({ all: true, filters })) await provider.destroy(Id);
}
