import type { Terminal as RemoteTerminal } from "@glovebox/client";
import { InvalidOptionsError, type OutputChunk } from "@glovebox/core/provider";
import type { AttachRunOptions } from "../inside/attach/attach-run.ts";
import { type ViewedTerminal, viewTerminal } from "../inside/attach/attach-terminal.ts";
import { DetachKeys } from "../inside/attach/detach-keys.ts";
import { requireTerminal } from "../inside/shell-inside.ts";
import { asTyped } from "../print/command-name.ts";
import { findRun } from "../run/find-run.ts";
import { runName } from "../runs/run-name.ts";
import type { RemoteRuns } from "./remote-runs.ts";
import { serverError } from "./server/server-error.ts";

/** `glovebox attach` to an interactive run of a server. Resolves to the exit code. */
export async function attachOnServer(options: AttachRunOptions, runs: RemoteRuns): Promise<number> {
  const { terminal, isReadOnly } = options;
  requireTerminal(terminal);
  const detachKeys = new DetachKeys(options.detachKeys);
  const run = await findRun(runs, options.reference, terminal.cwd);
  const name = runName(run.runDirectory);
  if (!run.isAlive || !run.interactive) {
    throw new InvalidOptionsError(`The agent of ${name} has no terminal`, {
      hint: `Follow it: glovebox logs -f ${name}`,
    });
  }
  const { url, client } = runs.server;
  const { columns, rows } = terminal.stdout;
  const inside = await client.terminal(run.runId, { columns, rows, readOnly: isReadOnly }).catch((error: unknown) => {
    throw serverError(error, url);
  });
  try {
    const left = await viewTerminal(viewed(inside, { columns, rows }), { terminal, detachKeys, isReadOnly });
    const again = `Detached from ${name}, which continues. Enter it again: glovebox attach ${name}`;
    const ended = `The agent of ${name} has ended. Its files are brought back: glovebox logs -f ${name}`;
    terminal.stderr.line(asTyped(left.kind === "detached" ? again : ended, terminal.env));
    return left.kind === "ended" ? ((await inside.exit) ?? 0) : 0;
  } finally {
    inside.close();
  }
}

/** A server sends the screen as it is, then what changes: nothing of it is the past. */
function viewed(inside: RemoteTerminal, size: ViewedTerminal["size"]): ViewedTerminal {
  return {
    ...{ size, outputEnd: 0, output: chunksOf(inside.output) },
    exit: inside.exit.then((exitCode) => ({ exitCode, reason: "exited" })),
    write: async (bytes) => inside.write(Uint8Array.from(bytes)),
    resize: async (to) => inside.resize(to),
  };
}

async function* chunksOf(output: AsyncIterable<Uint8Array>): AsyncGenerator<OutputChunk> {
  let offset = 0;
  for await (const bytes of output) {
    yield { stream: "stdout", bytes, offset };
    offset += bytes.length;
  }
}
