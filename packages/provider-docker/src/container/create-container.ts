import { setTimeout as delay } from "node:timers/promises";
import { SandboxError, type SandboxErrorCode, SandboxUnavailableError, TemplateError } from "@glovebox/core/provider";
import { mayHaveCreated } from "@glovebox/provider-kit";
import type Docker from "dockerode";
import { mapEngineError } from "../engine/engine-error.ts";
import { containerRequest } from "./container-request.ts";
import { type ContainerFacts, inspectContainer, isStatus } from "./inspect-container.ts";
import { ownLabels } from "./labels.ts";
import { removeContainer } from "./remove-container.ts";
import { withDeadline } from "./with-deadline.ts";

const createTimeoutMs = 60_000;
const undoTimeoutMs = 30_000;
const appearanceMs = 2_000;
/** How long another call with the same key may take from making its container to starting it. */
const startedByOtherMs = 5000;

/** What `mapEngineError` makes of a connection that could not be opened. */
const neverReached: ReadonlySet<SandboxErrorCode> = new Set(["unavailable", "authentication"]);

export interface CreatedContainer {
  readonly id: string;
  /** What an earlier call with the same key has made; absent for a new one, which was not started yet. */
  readonly earlier?: ContainerFacts;
}

/**
 * Makes a container, or finds the one that the same idempotency key made before. When it fails none is left, unless the
 * error says `mayHaveCreated`.
 */
export async function createContainer(
  engine: Docker,
  options: Docker.ContainerCreateOptions,
  signal: AbortSignal | undefined,
): Promise<CreatedContainer> {
  const operation = "creating the container";
  // An engine carries a create through when its caller goes away, so that the request is never given up half way.
  let request: Promise<CreatedContainer> | undefined;
  try {
    return await withDeadline({ operation, timeoutMs: createTimeoutMs, signal }, () => {
      request = requestContainer(engine, options);
      return request;
    });
  } catch (error) {
    const failure = isMissingImage(error) ? missingImage(options, error) : mapEngineError(error, operation);
    if (request === undefined || hasAnswer(error) || neverReached.has(failure.code)) throw failure;
    throw await undoCreate(engine, options, request, failure);
  }
}

async function requestContainer(engine: Docker, options: Docker.ContainerCreateOptions): Promise<CreatedContainer> {
  const giveUpAt = performance.now() + startedByOtherMs * 2;
  for (;;) {
    try {
      return { id: (await engine.createContainer(containerRequest(options))).id };
    } catch (error) {
      if (!isStatus(error, 409) || performance.now() > giveUpAt) throw error;
      const earlier = await findStarted(engine, options);
      if (earlier && earlier.status !== "created" && earlier.status !== "removing") return { id: earlier.id, earlier };
      // One that nobody starts holds nothing: it is made again rather than guessed about.
      if (earlier) await removeContainer(engine, earlier.id);
      // The engine takes a name before it shows the container.
      else await delay(50);
    }
  }
}

/** The container of this name once it has been started, or as it is when nobody starts it for a while. */
async function findStarted(
  engine: Docker,
  options: Docker.ContainerCreateOptions,
): Promise<ContainerFacts | undefined> {
  const until = performance.now() + startedByOtherMs;
  for (;;) {
    const found = await findOwn(engine, options);
    const isPending = found?.status === "created" || found?.status === "removing";
    if (!isPending || performance.now() > until) return found;
    await delay(50);
  }
}

/** The container of this name. Throws when it is not one of the same idempotency key. */
async function findOwn(engine: Docker, options: Docker.ContainerCreateOptions): Promise<ContainerFacts | undefined> {
  const found = await inspectContainer(engine, options.name ?? "");
  if (found === undefined || found.labels[ownLabels.key] === options.Labels?.[ownLabels.key]) return found;
  throw new SandboxUnavailableError(`A container that Glovebox did not make is called ${options.name}`, {
    providerId: "docker",
    retryable: false,
    hint: `Remove or rename it: docker rename ${options.name} another-name`,
  });
}

/** Waits for a create that was given up and removes what it made. Resolves to the error to throw. */
async function undoCreate(
  engine: Docker,
  options: Docker.ContainerCreateOptions,
  request: Promise<CreatedContainer>,
  failure: SandboxError,
): Promise<SandboxError> {
  try {
    await withDeadline({ operation: "undoing a create", timeoutMs: undoTimeoutMs }, async () => {
      const created = await request.catch((error) =>
        hasAnswer(error) ? undefined : lateComer(engine, options, failure),
      );
      if (created === undefined) return;
      // What an earlier call has started may hold work: it is left, and the error says so.
      if ("status" in created ? created.status !== "created" : created.earlier !== undefined) throw failure;
      await removeContainer(engine, created.id);
    });
    return failure;
  } catch {
    return mayHaveCreated(failure, "A sandbox may be left; `glovebox reap` removes it when its lease has ended.");
  }
}

/**
 * The container of a request whose connection broke: an engine carries it through, and it may appear only a little later.
 * Throws `failure` when it does not: then nobody can say whether it will.
 */
async function lateComer(
  engine: Docker,
  options: Docker.ContainerCreateOptions,
  failure: SandboxError,
): Promise<ContainerFacts> {
  for (const deadline = Date.now() + appearanceMs; ; await delay(100)) {
    const found = await findOwn(engine, options);
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw failure;
  }
}

function hasAnswer(error: unknown): boolean {
  const cause = SandboxError.isInstance(error) ? error.cause : error;
  return typeof (cause as { statusCode?: unknown } | undefined)?.statusCode === "number";
}

function isMissingImage(error: unknown): boolean {
  return isStatus(SandboxError.isInstance(error) ? error.cause : error, 404);
}

function missingImage(options: Docker.ContainerCreateOptions, cause: unknown): TemplateError {
  return new TemplateError(`The image ${options.Image} is not there`, {
    providerId: "docker",
    hint: "Prepare the template again: `glovebox image build`.",
    cause,
  });
}
