import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { Duplex } from "node:stream";
import {
  connectSupervisor,
  type SupervisorConfig,
  type SupervisorConnection,
  supervisorConfigVariable,
  supervisorModes,
  supervisorPaths,
  unprivilegedCommand,
} from "@glovebox/supervisor";
import { execa } from "execa";

export interface UnprivilegedGuestOptions {
  readonly image: string;
  readonly config?: Partial<SupervisorConfig>;
  /** Default: none. */
  readonly network?: string;
  /** Further arguments of `docker run`, in front of the image. */
  readonly args?: readonly string[];
  /** Further variables of the container. */
  readonly env?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
}

/** A container as a pod of the restricted standard is one: the user 1000, no capabilities, no way to any. */
export class UnprivilegedGuest implements AsyncDisposable {
  readonly token: string;
  readonly #name: string;
  readonly #bridges = new Set<ChildProcess>();

  private constructor(name: string, token: string) {
    this.#name = name;
    this.token = token;
  }

  static async start(options: UnprivilegedGuestOptions): Promise<UnprivilegedGuest> {
    const { image, config, network = "none", args = [], env = {}, command = unprivilegedCommand() } = options;
    const name = `glovebox-test-${randomUUID()}`;
    const token = randomBytes(32).toString("base64url");
    const settings: SupervisorConfig = { ttlMs: 300_000, token, ...config };
    const variables = { [supervisorConfigVariable]: JSON.stringify(settings), ...env };
    const [entrypoint = "", ...rest] = command;
    await execa("docker", [
      ...["run", "--detach", "--name", name, "--user", "1000:1000", "--cap-drop", "ALL", "--network", network],
      ...["--security-opt", "no-new-privileges", "--pids-limit", "400", "--memory", "700m", "--memory-swap", "700m"],
      ...Object.entries(variables).flatMap(([key, value]) => ["--env", `${key}=${value}`]),
      ...args,
      ...["--entrypoint", entrypoint, image, ...rest],
    ]);
    return new UnprivilegedGuest(name, token);
  }

  /** Connects through an exec of the bridge, as a host of a pod does. */
  async connect(token: string = this.token): Promise<SupervisorConnection> {
    return connectSupervisor(this.bridge(token), { providerId: "test" });
  }

  /** What the bridge carries after its first line. */
  bridge(token: string): Duplex {
    const { node, file } = supervisorPaths;
    const bridge = spawn("docker", ["exec", "--interactive", this.#name, node, file, supervisorModes.connect], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#bridges.add(bridge);
    bridge.stdin.on("error", () => {}).write(`${token}\n`);
    return Duplex.from({ readable: bridge.stdout, writable: bridge.stdin });
  }

  /** Runs a program in the container as the agent could, past the supervisor. Resolves to what it printed. */
  async exec(...argv: readonly string[]): Promise<string> {
    const { all } = await execa("docker", ["exec", this.#name, ...argv], { reject: false, all: true });
    return all ?? "";
  }

  async isRunning(): Promise<boolean> {
    const { stdout } = await execa("docker", ["inspect", "--format", "{{.State.Running}}", this.#name]);
    return stdout === "true";
  }

  /** Starts the container again, as a cluster does that keeps a pod. */
  async restart(): Promise<void> {
    await execa("docker", ["start", this.#name]);
  }

  /** Resolves to the exit code of the container once it has ended. */
  async ended(): Promise<number> {
    return Number((await execa("docker", ["wait", this.#name])).stdout);
  }

  async logs(): Promise<string> {
    const { all } = await execa("docker", ["logs", this.#name], { all: true });
    return all;
  }

  async signal(name: string): Promise<void> {
    await execa("docker", ["kill", "--signal", name, this.#name]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await execa("docker", ["rm", "--force", this.#name], { reject: false });
    for (const bridge of this.#bridges) {
      if (bridge.exitCode === null && bridge.signalCode === null) await once(bridge, "exit");
    }
  }
}
