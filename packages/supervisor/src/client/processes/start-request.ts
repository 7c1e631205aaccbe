import { checkArgv, dropUndefined, type SpawnOptions } from "@glovebox/core/provider";
import type { SpawnRequest } from "../../protocol/messages.ts";

/** The start of a process: what its body begins with, and its input if that is known already. */
export interface StartRequest {
  readonly request: SpawnRequest;
  readonly input: Uint8Array | undefined;
}

/** What is sent to start a program. Throws `invalid-options` for argv that no program could be started with. */
export function spawnRequest(argv: readonly [string, ...string[]], options: SpawnOptions): StartRequest {
  checkArgv(argv);
  const { cwd, env, stdin = "closed", timeoutMs, tag, output = "attached", asRoot } = options;
  const input = typeof stdin === "string" ? undefined : stdin;
  const kind: SpawnRequest["stdin"] = typeof stdin === "string" ? stdin : "bytes";
  const request: SpawnRequest = dropUndefined({
    argv,
    output,
    stdin: kind,
    stdinBytes: input?.byteLength ?? 0,
    cwd,
    env,
    timeoutMs,
    tag,
    asRoot: asRoot === true ? asRoot : undefined,
  });
  return { request, input };
}
