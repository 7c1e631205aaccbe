import { InvalidOptionsError, SandboxNotFoundError } from "@glovebox/core/provider";
import type Docker from "dockerode";
import { z } from "zod";
import { isSandbox } from "./labels.ts";

const inspectSchema = z.object({
  Id: z.string(),
  Created: z.string(),
  State: z.object({
    Status: z.string(),
    ExitCode: z.number().optional(),
    Error: z.string().optional(),
    FinishedAt: z.string().optional(),
  }),
  Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }),
});

/** A container, as far as a sandbox is concerned with it. */
export interface ContainerFacts {
  readonly id: string;
  readonly createdAt: Date;
  /** The engine's word: `created`, `running`, `paused`, `exited`, `removing`, `dead`. */
  readonly status: string;
  readonly exitCode: number | undefined;
  /** Why the engine could not start it. */
  readonly error: string;
  /** Absent when it has not stopped yet. */
  readonly finishedAt: Date | undefined;
  /** All of the container's, the image's among them. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Throws `invalid-options` for what cannot be a container's id or name, so that it is never part of a URL. */
export function checkContainerId(id: string): void {
  if (typeof id === "string" && /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/.test(id)) return;
  const shown = JSON.stringify(String(id).slice(0, 80));
  throw new InvalidOptionsError(`${shown} is not the id of a Docker sandbox`, { providerId: "docker" });
}

/** Reads a container; `undefined` when the engine says that there is none. Other failures are thrown as they come. */
export async function inspectContainer(
  engine: Docker,
  id: string,
  signal?: AbortSignal,
): Promise<ContainerFacts | undefined> {
  checkContainerId(id);
  try {
    const reply = inspectSchema.parse(await engine.getContainer(id).inspect(signal ? { abortSignal: signal } : {}));
    const finishedAt = new Date(reply.State.FinishedAt ?? Number.NaN);
    return {
      id: reply.Id,
      createdAt: new Date(reply.Created),
      status: reply.State.Status,
      exitCode: reply.State.ExitCode,
      error: reply.State.Error ?? "",
      // The engine writes the year 1 for a container that has not stopped, and keeps the last stop while one runs again.
      finishedAt: reply.State.Status === "exited" && finishedAt.getTime() > 0 ? finishedAt : undefined,
      labels: reply.Config.Labels ?? {},
    };
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}

/**
 * The container of a sandbox, by its full id. Throws `not-found` when the engine has none, one that is no sandbox of ours,
 * or one that it found by its name or the beginning of its id.
 */
export async function inspectSandbox(engine: Docker, id: string, signal?: AbortSignal): Promise<ContainerFacts> {
  const facts = await inspectContainer(engine, id, signal);
  if (facts?.id === id && isSandbox(facts.labels)) return facts;
  const why = facts?.id === id ? "is a container that Glovebox did not make" : "does not exist";
  throw new SandboxNotFoundError(`The Docker sandbox ${id} ${why}`, {
    providerId: "docker",
    hint: "`glovebox ps` lists runs and their sandboxes.",
  });
}

/** Whether dockerode's error is an answer of the engine with this status. */
export function isStatus(error: unknown, status: number): boolean {
  return typeof error === "object" && error !== null && (error as { statusCode?: unknown }).statusCode === status;
}
