import { setTimeout as sleep } from "node:timers/promises";
import type { RunDetail } from "@glovebox/client";
import type { RunEvent, RunResult, RunSummary } from "@glovebox/core";
import { InvalidOptionsError, SandboxNotFoundError } from "@glovebox/core/provider";
import { safeName } from "@glovebox/core/text";
import { runName } from "../runs/run-name.ts";
import type { ListedRun, RemovableRun, Runs } from "../runs/runs.ts";
import type { Terminal } from "../terminal.ts";
import { receiveRun, resultOf } from "./receive-run.ts";
import { RunMirror } from "./run-mirror.ts";
import { runSummaryOf } from "./run-summary-of.ts";
import { Server } from "./server/server.ts";
import { serverDirectory } from "./server/server-logins.ts";

const wholeId = /^\d{8}-\d{6}-[a-z0-9]{6}$/;
const pollMs = 1000;

/** The runs of a server. */
export class RemoteRuns implements Runs {
  readonly server: Server;
  readonly mirror: RunMirror;
  readonly #terminal: Terminal;

  constructor(url: string, terminal: Terminal) {
    this.server = Server.open(url, terminal.env);
    this.mirror = new RunMirror(serverDirectory(url, terminal.env));
    this.#terminal = terminal;
  }

  async list(): Promise<readonly ListedRun[]> {
    return (await this.server.runs()).map((run) => runSummaryOf(run, this.mirror));
  }

  async problems(): Promise<readonly string[]> {
    return [];
  }

  async get(reference: string): Promise<ListedRun> {
    if (wholeId.test(reference)) return runSummaryOf(await this.server.run(reference), this.mirror);
    if (/^\d{1,4}$/.test(reference)) return this.#atPlace(await this.list(), Number(reference));
    const found = (await this.server.runs(reference)).filter(
      ({ id, name }) => id.startsWith(reference) || id.endsWith(reference) || name === reference,
    );
    const [run, other] = found;
    if (run === undefined) throw notFound(reference);
    if (other === undefined) return runSummaryOf(run, this.mirror);
    throw new InvalidOptionsError(`${safeName(reference)} fits ${found.length} runs`, {
      hint: `For example ${run.id}, ${other.id}.`,
    });
  }

  async *events(
    runId: string,
    { follow = false, signal }: { readonly follow?: boolean; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<RunEvent> {
    // The events so far of a run that has none would be waited for.
    const last = follow ? Number.POSITIVE_INFINITY : (await this.server.run(runId)).lastEventSeq;
    if (last === 0) return;
    const options = { after: 0, ...(signal === undefined ? {} : { signal }) };
    for await (const event of this.server.events(runId, options)) {
      yield event;
      if (event.seq >= last) return;
    }
  }

  /** Of a run that was started from here, with its files, which are brought here once. */
  async result(runId: string): Promise<RunResult | undefined> {
    const run = await this.server.run(runId);
    if (run.state !== "ended") return undefined;
    const record = this.mirror.record(runId);
    return record === undefined ? (this.mirror.result(runId) ?? resultOf(run)) : await this.#receive(run);
  }

  async finished(run: RunSummary): Promise<RunResult> {
    const detail = await this.server.run(run.runId);
    if (detail.state === "ended") return await this.#receive(detail);
    const name = runName(run.runDirectory);
    throw new InvalidOptionsError(`The run ${name} has no result yet`, {
      hint: `Follow it: glovebox logs -f ${name}`,
    });
  }

  async stop(runId: string, { force = false }: { readonly force?: boolean } = {}): Promise<void> {
    await this.server.stop(runId, force);
  }

  /** A server recovers its runs itself. */
  async recovered(run: RunSummary): Promise<RunSummary> {
    return run;
  }

  async untilEnded({ runId }: RunSummary, signal: AbortSignal): Promise<boolean> {
    while ((await this.server.run(runId)).state !== "ended") {
      if (signal.aborted) return false;
      await sleep(pollMs, undefined, { signal }).catch(() => {});
    }
    return true;
  }

  async removable(reference: string): Promise<RemovableRun> {
    const { runId, runDirectory } = await this.get(reference);
    const remove = async () => {
      await this.server.remove(runId);
      this.mirror.remove(runDirectory);
    };
    return { runId, remove };
  }

  #atPlace(runs: readonly ListedRun[], place: number): ListedRun {
    const run = runs[place - 1];
    if (run !== undefined) return run;
    throw new SandboxNotFoundError(`There is no run ${place}: the server has ${runs.length}`, {
      hint: "`glovebox ps` lists them.",
    });
  }

  async #receive(run: RunDetail): Promise<RunResult> {
    const { stderr, env } = this.#terminal;
    const { outputDirectory } = runSummaryOf(run, this.mirror);
    const record = this.mirror.record(run.id) ?? { outputDirectory };
    return await receiveRun(run, record, {
      ...{ server: this.server, mirror: this.mirror, env },
      onWarning: (message) => stderr.line(`${stderr.colors.yellow("warning:")} ${message}`),
    });
  }
}

function notFound(reference: string): SandboxNotFoundError {
  return new SandboxNotFoundError(`The server has no run ${safeName(reference)}`, {
    hint: "`glovebox ps` lists them.",
  });
}
