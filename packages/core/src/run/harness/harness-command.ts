import { Readable } from "node:stream";
import { InvalidOptionsError } from "../../errors/index.ts";
import { assertPlaces } from "../../harness/component-places.ts";
import { noComponents } from "../../harness/component-set.ts";
import type { HarnessCommand, HarnessTask } from "../../harness/harness.ts";
import type { CallOptions } from "../../provider/call-options.ts";
import { dropUndefined } from "../../provider/drop-undefined.ts";
import { workspaceDir } from "../../provider/sandbox.ts";
import type { SandboxFiles } from "../../provider/sandbox-files.ts";
import { addedPlaces } from "../checks/added-places.ts";
import { readContinuation } from "../continuation/continuation.ts";
import type { RunSpec } from "../run-spec.ts";
import type { AnswerSchema } from "./answer-schema.ts";

/** How a run starts its harness. */
export interface RunCommand extends HarnessCommand {
  /** The conversation's id, where it is known before. */
  readonly sessionId?: string;
  /** The whole task that it is for. */
  readonly task?: HarnessTask;
}

/** How the harness is started. Throws `invalid-options` for what it cannot do. */
export function harnessCommand(spec: RunSpec, answer: AnswerSchema | undefined): RunCommand {
  const { harness, components } = spec;
  const resumeSessionId = readContinuation(spec)?.sessionId;
  const added = addedPlaces(spec).map(({ target }) => target);
  if (components !== undefined)
    assertPlaces(
      harness,
      components.origins.map(({ kind }) => kind),
    );
  const task = {
    ...spec.task,
    workspaceDir,
    ...dropUndefined({ resumeSessionId, jsonSchema: answer?.schema }),
    ...(asksPermission(spec) ? { asksPermission: true as const } : {}),
    ...(spec.fork === undefined ? {} : { forkSession: true }),
    ...(added.length === 0 ? {} : { addedDirectories: added }),
    ...dropUndefined({ components: components?.parts }),
  };
  if (spec.interactive) return interactiveCommand(spec, task);
  if (harness.components !== undefined) {
    return { ...harness.components.command(task, components ?? { expected: noComponents }), task };
  }
  return harness.command(task);
}

function asksPermission({ harness, permit, interactive }: RunSpec): boolean {
  if (permit === undefined) return false;
  if (harness.asksPermission && harness.components !== undefined && !interactive) return true;
  throw new InvalidOptionsError(`The harness ${harness.id} cannot ask before its agent acts`, {
    hint: "Let it work without asking: the sandbox is the limit. Or choose another harness.",
  });
}

function interactiveCommand({ harness, components }: RunSpec, task: HarnessTask): RunCommand {
  if (harness.interactive === undefined) {
    throw new InvalidOptionsError(`The harness ${harness.id} cannot be used at a terminal`);
  }
  if (task.jsonSchema !== undefined) {
    throw new InvalidOptionsError("An interactive run gives no answer that could match a JSON Schema");
  }
  return { ...harness.interactive.command(task, components?.plugins ?? []), stdin: new Uint8Array() };
}

/** The command once it is known where the model's routes are. */
export function withRoutes(command: RunCommand, modelUrls: Readonly<Record<string, string>>): RunCommand {
  return { ...command, ...command.withRoutes?.(modelUrls) };
}

/** Writes the files that the program needs before it starts. */
export async function writeHarnessFiles(
  files: SandboxFiles,
  command: HarnessCommand,
  options: CallOptions,
): Promise<void> {
  for (const { path, content } of command.files ?? []) {
    await files.writeStream(path, Readable.from([Buffer.from(content)]), options);
  }
}
