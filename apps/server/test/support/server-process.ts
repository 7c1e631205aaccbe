import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createScriptedModel, type Script } from "@glovebox/scripted-model";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** The server as a process of its own, with a state directory and a scripted model. */
export interface ServerProcess extends AsyncDisposable {
  readonly url: string;
  readonly home: string;
  /** What the server accepts. */
  readonly key: string;
  /** What only the server may know: the model's key. */
  readonly modelKey: string;
  readonly process: ChildProcess;
  readonly ended: Promise<number | null>;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** A request with the key. */
  ask(path: string, init?: RequestInit): Promise<Response>;
}

export interface ServerProcessOptions {
  readonly args?: readonly string[];
  /** Default: a new directory. It is removed in the end. */
  readonly home?: string;
  /** Whether it serves E2B's protocol. Default: false. */
  readonly e2b?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly script?: Script;
  /** The content of its configuration file. */
  readonly config?: object;
}

/** Starts a server that is expected to answer. */
export async function startServerProcess(options: ServerProcessOptions = {}): Promise<ServerProcess> {
  const home = options.home ?? mkdtempSync(join(tmpdir(), "glovebox-server-"));
  const modelKey = `sk-ant-api03-${randomBytes(24).toString("hex")}`;
  const model = await createScriptedModel({ script: options.script ?? { turns: [] }, expectKey: modelKey }).listen();
  const config = join(home, "server.json");
  if (options.config !== undefined) writeFileSync(config, JSON.stringify(options.config));
  const args = [
    ...["--port", "0", ...(options.config === undefined ? [] : ["--config", config])],
    ...[...(options.e2b === true ? [] : ["--no-e2b"]), ...(options.args ?? [])],
  ];
  const child = runServer(args, {
    GLOVEBOX_HOME: home,
    ANTHROPIC_API_KEY: modelKey,
    ANTHROPIC_BASE_URL: model.url,
    ...options.env,
  });
  const url = await untilSaid(child, /http:\/\/127\.0\.0\.1:\d+/);
  const key = options.env?.GLOVEBOX_SERVER_API_KEYS ?? readFileSync(join(home, "server", "api-key"), "utf8").trim();
  return {
    url,
    home,
    key,
    modelKey,
    process: child.process,
    ended: child.ended,
    stdout: child.stdout,
    stderr: child.stderr,
    ask: (path, init = {}) =>
      fetch(`${url}${path}`, {
        ...init,
        headers: {
          authorization: `Bearer ${key.split(",", 1)[0]}`,
          ...(typeof init.body === "string" && { "content-type": "application/json" }),
          ...init.headers,
        },
      }),
    async [Symbol.asyncDispose]() {
      child.process.kill("SIGTERM");
      await child.ended;
      await model.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The server with this command line, whatever comes of it. */
export function runServer(args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ["--conditions=@glovebox/source", main, ...args], {
    env: { PATH: process.env.PATH, HOME: tmpdir(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { process: child, ended, stdout: () => stdout, stderr: () => stderr };
}

/** Waits until the server has said what matches on its standard output. */
async function untilSaid(child: ReturnType<typeof runServer>, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const found = pattern.exec(child.stdout())?.[0];
      if (found !== undefined) resolve(found);
    };
    child.process.stdout.on("data", look);
    void child.ended.then((code) => reject(new Error(`the server ended with ${code}: ${child.stderr()}`)));
  });
}
