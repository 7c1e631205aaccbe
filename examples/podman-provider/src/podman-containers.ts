import { spawn } from "node:child_process";
import { resolve } from "node:path";
import type { Duplex } from "node:stream";
import type { CallOptions, SandboxState } from "@glovebox/core/provider";
import { EngineCli } from "@glovebox/image-builder";
import { processStream, type VendorInfo } from "@glovebox/provider-kit";
import { supervisorModes, supervisorPaths } from "@glovebox/supervisor";
import { z } from "zod";
import { ownLabels, supervisorNode } from "./container-arguments.ts";

const callTimeoutMs = 60_000;

/**
 * Where Podman is called to start a container or a program in it: its conmon stays there, and when memory runs out inside,
 * creates a file `oom` there. In /proc it cannot.
 */
const conmonDirectory = "/proc";

const listSchema = z.array(
  z.object({
    Id: z.string(),
    State: z.string(),
    /** In seconds since 1970, as ExitedAt. */
    Created: z.number(),
    ExitedAt: z.number(),
    Labels: z.record(z.string(), z.string()).nullish(),
  }),
);

const states: Readonly<Record<string, SandboxState>> = {
  created: "starting",
  configured: "starting",
  initialized: "starting",
  running: "running",
  paused: "paused",
  stopped: "stopped",
  exited: "stopped",
};

/** A sandbox's container, and the call of `create` that made it. */
export type PodmanInfo = VendorInfo & { readonly attempt: string | undefined };

/** The containers of sandboxes, through Podman's command line. */
export class PodmanContainers {
  readonly #command: string;
  readonly #cli: EngineCli;

  constructor(command: string) {
    this.#command = command.includes("/") ? resolve(command) : command;
    this.#cli = new EngineCli(this.#command, "podman");
  }

  async find(
    by: { readonly name: string } | { readonly id: string },
    call: CallOptions,
  ): Promise<PodmanInfo | undefined> {
    const [found] = await this.list(["--filter", "name" in by ? `name=^${by.name}$` : `id=${by.id}`], call);
    return found;
  }

  /** Every sandbox, those that have stopped included. */
  async list(filters: readonly string[], call: CallOptions): Promise<readonly PodmanInfo[]> {
    const args = [
      "ps",
      "--all",
      "--no-trunc",
      "--filter",
      `label=${ownLabels.sandbox}`,
      ...filters,
      "--format",
      "json",
    ];
    return listSchema.parse(JSON.parse(await this.#run(args, "listing the containers", call))).map(toInfo);
  }

  /** Resolves to the id of a container that was not started. */
  async create(args: readonly string[], call: CallOptions): Promise<string> {
    return (await this.#run(["create", ...args], "creating the container", call)).trim();
  }

  async start(id: string, call: CallOptions): Promise<void> {
    const [found] = await this.list(["--filter", `id=${id}`], call);
    await this.#run([found?.state === "paused" ? "unpause" : "start", id], "starting the container", call);
  }

  async stop(id: string, call: CallOptions): Promise<void> {
    await this.#run(["stop", "--time", "1", id], "stopping the container", call);
  }

  async pause(id: string, call: CallOptions): Promise<void> {
    const pause = (): Promise<string> => this.#run(["pause", id], "pausing the container", call);
    // Where a process starts at that moment, the kernel may not freeze the container, and its runtime gives up.
    await pause().catch(pause).catch(pause);
  }

  async remove(id: string, call: CallOptions): Promise<void> {
    await this.#run(["rm", "--force", "--time", "0", "--volumes", "--ignore", id], "removing the container", call);
  }

  /** What a command of Podman's prints as JSON. */
  async describe(command: string, call: CallOptions): Promise<unknown> {
    return JSON.parse(await this.#run([command, "--format", "json"], "looking at Podman", call));
  }

  /** A byte stream to the supervisor of a container that runs, by an exec as its root. */
  openStream(id: string): Duplex {
    const connect = [supervisorNode, supervisorPaths.file, supervisorModes.connect];
    return processStream(
      spawn(this.#command, ["exec", "--interactive", "--user", "0:0", "--workdir", "/", id, ...connect], {
        stdio: ["pipe", "pipe", "ignore"],
        // In a session of its own: Ctrl-C at the terminal must not cut the connection.
        detached: true,
        cwd: conmonDirectory,
      }),
    );
  }

  #run(args: readonly string[], operation: string, { signal }: CallOptions): Promise<string> {
    return this.#cli.text(args, operation, { timeoutMs: callTimeoutMs, signal, cwd: conmonDirectory });
  }
}

function toInfo({ Id, State, Created, ExitedAt, Labels }: z.infer<typeof listSchema>[number]): PodmanInfo {
  const labels = Labels ?? {};
  const createdAt = new Date(Created * 1000);
  const isUnstarted =
    states[State] === "starting" && Date.now() - createdAt.getTime() > Number(labels[ownLabels.ttlMs]);
  const state = isUnstarted ? "stopped" : (states[State] ?? "unknown");
  const templateDigest = labels[ownLabels.template];
  return {
    id: Id,
    state,
    labels: z.record(z.string(), z.string()).parse(JSON.parse(labels[ownLabels.sandbox] ?? "{}")),
    createdAt,
    rootInside: false,
    attempt: labels[ownLabels.attempt],
    ...(templateDigest === undefined ? {} : { templateDigest }),
    ...(state === "stopped" && ExitedAt > 0 ? { leaseEndsAt: new Date(ExitedAt * 1000) } : {}),
  };
}
