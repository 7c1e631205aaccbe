import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PostgresServer } from "../../../packages/store/test/support/postgres-server.ts";

const program = fileURLToPath(new URL("../../../apps/server/src/main.ts", import.meta.url));
const harness = fileURLToPath(new URL("./script-harness.ts", import.meta.url));
const provider = fileURLToPath(new URL("../../../examples/third-party-provider/src/index.ts", import.meta.url));
const leaseSeconds = 5;
const runsPerWorker = 3;

/** A process of the fleet: it has the same directory whenever it is started. */
export interface Member {
  readonly name: string;
  readonly isServer: boolean;
  process?: ChildProcess;
  /** Of a server that listens. */
  url?: string;
}

/** Servers and workers as processes of their own, on one PostgreSQL and one directory of blobs. */
export class ServerFleet implements AsyncDisposable {
  readonly root: string;
  readonly members: readonly Member[];
  readonly key = "stress-key-0123456789";
  readonly #postgres: PostgresServer;

  private constructor(postgres: PostgresServer, counts: { readonly servers: number; readonly workers: number }) {
    this.#postgres = postgres;
    this.root = mkdtempSync(join(tmpdir(), "glovebox-fleet-"));
    const named = (kind: string, count: number) => Array.from({ length: count }, (_, index) => `${kind}-${index + 1}`);
    this.members = [
      ...named("server", counts.servers).map((name) => ({ name, isServer: true })),
      ...named("worker", counts.workers).map((name) => ({ name, isServer: false })),
    ];
    for (const { name } of this.members) mkdirSync(join(this.root, name));
    writeFileSync(join(this.root, "server.json"), JSON.stringify(this.#settings()));
  }

  static async start(counts: { readonly servers: number; readonly workers: number }): Promise<ServerFleet> {
    const fleet = new ServerFleet(await PostgresServer.start(), counts);
    // One after another: the first brings the database to its schema.
    for (const member of fleet.members) await fleet.start(member);
    return fleet;
  }

  /** The directory of the sandboxes of all workers. */
  get sandboxes(): string {
    return join(this.root, "sandboxes");
  }

  /** A server that listens, by turns. */
  serverUrl(turn: number): string | undefined {
    const urls = this.members.flatMap(({ url }) => url ?? []);
    return urls[turn % urls.length];
  }

  async start(member: Member): Promise<void> {
    const own = join(this.root, member.name);
    const common = [
      "--config",
      join(this.root, "server.json"),
      "--state-dir",
      join(own, "state"),
      "--log-level",
      "info",
    ];
    const args = member.isServer
      ? [...common, "--port", "0", "--no-e2b", "--max-runs", "0"]
      : [...common, "--max-runs", String(runsPerWorker), "worker"];
    const { NODE_EXTRA_CA_CERTS, npm_config_registry } = process.env;
    const NPM_CONFIG_USERCONFIG = process.env.NPM_CONFIG_USERCONFIG ?? join(homedir(), ".npmrc");
    const child = spawn(process.execPath, ["--conditions=@glovebox/source", program, ...args], {
      env: {
        ...{ PATH: process.env.PATH, HOME: own, GLOVEBOX_HOME: join(own, "home") },
        // What npm needs to reach the registry from which the template is installed.
        ...{ NODE_EXTRA_CA_CERTS, npm_config_registry, NPM_CONFIG_USERCONFIG },
        ...{ DATABASE_URL: this.#postgres.url, GLOVEBOX_SERVER_API_KEYS: this.key },
        ANTHROPIC_API_KEY: "sk-ant-api03-stress-0123456789",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    member.process = child;
    delete member.url;
    await new Promise<void>((resolve) => {
      let text = "";
      const look = (chunk: Buffer): void => {
        text += chunk.toString("utf8");
        const url = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0];
        if (member.isServer && url !== undefined) member.url = url;
        if (member.url !== undefined || text.includes("Worker started")) resolve();
      };
      child.stdout.on("data", look);
      child.stderr.on("data", look);
      child.once("exit", (code) => {
        if (code !== null && code !== 0) process.stderr.write(`${member.name}: ${text.slice(-500)}\n`);
        resolve();
      });
    });
  }

  async kill(member: Member): Promise<void> {
    const { process: child } = member;
    delete member.url;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const member of this.members) await this.kill(member);
    await this.#postgres.stop();
    rmSync(this.root, { recursive: true, force: true });
  }

  #settings() {
    return {
      ...{ provider, providerSettings: { stateDir: join(this.root, "sandboxes") }, harness },
      ...{ leaseSeconds, blobDirectory: join(this.root, "blobs") },
    };
  }
}
