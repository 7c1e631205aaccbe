import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { type Run, type RunEvent, type RunResult, type RunSpec, run } from "@glovebox/core";
import type { Harness, HarnessLine } from "@glovebox/core/harness";
import { type SandboxProvider, Secret } from "@glovebox/core/provider";
import { createScriptedModel, type ScriptStep } from "@glovebox/scripted-model";
import { endpointOf } from "./endpoint.ts";
import { heard } from "./wrapped-harness.ts";

/** What one run of a case is asked. */
export interface CaseRunOptions {
  /** The model's answers. Its shell calls are made by `CaseContext.shell`. */
  readonly turns: readonly ScriptStep[];
  /** Default: the harness under test. */
  readonly harness?: Harness;
  readonly prompt?: string;
  readonly spec?: Partial<RunSpec>;
  /** Called with each event; may cancel the run. */
  readonly onEvent?: (event: RunEvent, run: Run) => void;
}

/** A run that has ended. */
export interface CaseRun {
  readonly result: RunResult;
  readonly events: readonly RunEvent[];
  /** What the program printed. */
  readonly lines: readonly HarnessLine[];
  /** Requests that reached the model and that the script answered. */
  readonly modelRequests: number;
  /** The bodies' texts are not kept; headers are as they arrived. */
  readonly headers: readonly Readonly<Record<string, string>>[];
  readonly outputDirectory: string;
  /** The run's own directory, with its journal. */
  readonly runDirectory: string;
}

/** What the runs of one certification have in common. */
export interface RunGround {
  readonly provider: SandboxProvider;
  readonly harness: Harness;
  readonly home: string;
  readonly key: string;
  readonly timeFactor: number;
  readonly shared: Partial<RunSpec>;
  readonly credential: string | undefined;
  readonly model: string | undefined;
  readonly signal: AbortSignal;
}

/** For runs that end by themselves, on a busy machine too. In milliseconds. */
const runTimeoutMs = 180_000;

/** Runs the real program against a scripted model, to its end. */
export async function caseRun(ground: RunGround, options: CaseRunOptions): Promise<CaseRun> {
  const { provider, home, key, timeFactor, model } = ground;
  const harness = options.harness ?? ground.harness;
  const { credential, endpoint } = endpointOf(harness, ground.credential);
  const lines: HarnessLine[] = [];
  const server = createScriptedModel({ script: { turns: options.turns }, expectKey: key });
  const { url, close } = await server.listen();
  try {
    const outputDirectory = join(await mkdtemp(join(home, "output-")), "files");
    const started = run(
      {
        provider,
        harness: heard(harness, (line) => lines.push(line)),
        task: { prompt: options.prompt ?? "Make the file made.txt.", ...(model !== undefined && { model }) },
        credential: {
          variable: credential.variable,
          secret: new Secret(credential.variable, key),
          upstream: `${url}${new URL(endpoint.upstream).pathname.replace(/\/$/, "")}`,
        },
        network: { mode: "sealed" },
        outputDirectory,
        home,
        timeoutMs: runTimeoutMs * timeFactor,
        ...ground.shared,
        ...options.spec,
      },
      { signal: ground.signal },
    );
    const events: RunEvent[] = [];
    for await (const event of started) {
      events.push(event);
      options.onEvent?.(event, started);
    }
    return {
      result: await started.result,
      events,
      lines,
      modelRequests: server.requests.filter(({ kind }) => kind === "turn").length,
      headers: server.requests.map(({ headers }) => headers),
      outputDirectory,
      runDirectory: join(home, "runs", started.id),
    };
  } finally {
    await close();
  }
}
