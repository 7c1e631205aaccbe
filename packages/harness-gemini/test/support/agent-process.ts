import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type {
  Harness,
  HarnessEvent,
  HarnessFile,
  HarnessLine,
  HarnessOutcome,
  HarnessResultEvent,
  HarnessTask,
  SandboxProcess,
} from "@glovebox/core/harness";
import { Secret, sandboxUser } from "@glovebox/core/provider";
import { createGateway } from "@glovebox/egress-gateway";
import { agentBinary } from "@glovebox/harness-testkit";

export interface AgentRun {
  readonly events: readonly HarnessEvent[];
  readonly result: HarnessResultEvent | undefined;
  readonly outcome: HarnessOutcome;
  readonly stderr: string;
  /** Everything that the process was passedIn: its environment and its files. */
  readonly passedIn: string;
  /** What it asked a proxy for: every request that did not go to the model's route. */
  readonly otherRequests: readonly string[];
}

export interface AgentRunOptions {
  readonly harness: Harness;
  readonly modelUrl: string;
  /** Which credential is used, and its secret. */
  readonly variable: string;
  readonly key: string;
  readonly task?: Partial<HarnessTask>;
  /** Stays for a run that continues this one. */
  readonly home?: string;
  readonly workspace?: string;
  readonly onEvent?: (event: HarnessEvent, interrupt: () => Promise<void>) => void;
}

const directories: string[] = [];

export function temporaryDirectory(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "glovebox-agent-")));
  directories.push(directory);
  return directory;
}

/** Removes what the runs have made. */
export function removeDirectories(): void {
  for (const directory of directories.splice(0)) {
    endProcesses(directory);
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Ends what the agent's tools have left running: a run ends it with its sandbox. */
function endProcesses(home: string): void {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
      if (environment.includes(`HOME=${home}`)) process.kill(Number(pid), "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** Runs a task with the real binary behind a real gateway, as a run does it in a sandbox. */
export async function runAgent(options: AgentRunOptions): Promise<AgentRun> {
  const { harness, home = temporaryDirectory(), workspace = temporaryDirectory(), task } = options;
  const layer = harness.template();
  const programs = await agentBinary(layer.npmPackage, layer.npmVersion);
  await using route = await openRoute(options);
  await using proxy = await openProxy();
  const inside = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll(sandboxUser.home, home)) as T;
  const command = harness.command({ prompt: "Do it", workspaceDir: workspace, ...task });
  const placed = { ...command, ...command.withRoutes?.({ [route.endpointId]: route.url }) };
  const { argv, env: added, files = [] } = inside({ argv: placed.argv, env: placed.env, files: placed.files });
  writeFiles(files);
  const env = {
    PATH: [programs, dirname(process.execPath), process.env.PATH].join(delimiter),
    ...{ HOME: home, TMPDIR: home, HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url },
    ...added,
    ...route.environment,
  };
  const child = spawn(argv[0], argv.slice(1), { cwd: placed.cwd, env, stdio: "pipe" });
  // A program that has ended already reads nothing more.
  child.stdin.on("error", () => {});
  child.stdin.end(command.stdin);
  const exited = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const events: HarnessEvent[] = [];
  for await (const event of harness.parse(lines(child))) {
    events.push(event);
    options.onEvent?.(event, () => harness.interrupt(processOf(child)));
  }
  const result = events.find((event) => event.type === "harness.result");
  const outcome = harness.outcome(result, { exitCode: await exited, reason: "exited" }, stderr.slice(-4096));
  const passedIn = JSON.stringify([env, files]);
  return { events, result, outcome, stderr, passedIn, otherRequests: proxy.requests };
}

/** The gateway's route to the model, and what the sandbox's environment has of it. */
async function openRoute({ harness, modelUrl, variable, key }: AgentRunOptions) {
  const spec = harness.credentials.find((one) => one.variable === variable);
  const endpoint = harness.endpoints.find(({ id }) => id === spec?.endpointId);
  if (spec === undefined || endpoint === undefined) throw new Error(`no such credential: ${variable}`);
  const { header, scheme } = spec;
  const secret = new Secret(variable, key);
  const credential = scheme === undefined ? { header, secret } : { header, scheme, secret };
  const { id, paths, api } = endpoint;
  // A base URL with a version keeps it.
  const upstream = `${modelUrl}${new URL(endpoint.upstream).pathname.replace(/\/$/, "")}`;
  const models = [{ id, upstream, paths, credential, ...(api === undefined ? {} : { api }) }];
  const gateway = createGateway({ policy: { mode: "sealed", models } });
  const server = createServer((socket) => gateway.handle(socket));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = gateway.modelUrls(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)[id] ?? "";
  return {
    url,
    endpointId: id,
    environment: { [endpoint.baseUrlVariable]: url, [variable]: spec.placeholder },
    [Symbol.asyncDispose]: async () => {
      server.close();
      await gateway.close();
    },
  };
}

/** A proxy that refuses and notes everything. */
async function openProxy() {
  const requests: string[] = [];
  const server = createHttpServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.writeHead(403).end();
  });
  server.on("connect", (request, socket) => {
    requests.push(`CONNECT ${request.url}`);
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    requests,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function writeFiles(files: readonly HarnessFile[]): void {
  for (const { path, content } of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

async function* lines(child: ChildProcess): AsyncGenerator<HarnessLine> {
  if (child.stdout === null) return;
  for await (const line of createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY })) {
    yield { stream: "stdout", line };
  }
}

/** As much of a sandbox's process as an interrupt needs. */
function processOf(child: ChildProcess): SandboxProcess {
  const kill = async (signal = "SIGKILL"): Promise<void> => void child.kill(signal as NodeJS.Signals);
  return { kill } as SandboxProcess;
}
