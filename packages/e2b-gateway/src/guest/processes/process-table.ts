import { ConnectFailure } from "../connect/connect-failure.ts";
import type { Message } from "../connect/message.ts";
import type { ExitStatus } from "./exit-status.ts";
import type { RunningProcess } from "./running-process.ts";

/** How long clients can still get the exit of an ended process. */
const endedForMs = 30_000;
const maxEnded = 10_000;

export interface EndedProcess {
  readonly pid: number;
  readonly tag: string | undefined;
  readonly status: ExitStatus;
}

/** The processes that clients have started: those that run, and for a while those that have ended. */
export class ProcessTable {
  readonly #running = new Map<number, RunningProcess>();
  readonly #ended = new Map<number, EndedProcess>();

  get running(): Iterable<RunningProcess> {
    return this.#running.values();
  }

  add(started: RunningProcess): void {
    const { pid } = started;
    this.#running.set(pid, started);
    this.#ended.delete(pid);
    void started.ended.then((status) => this.#keep({ pid, tag: started.request.tag, status }, started));
  }

  /** Throws `not_found` for one that is not there, or not any more. */
  find(selector: Message | undefined): RunningProcess {
    return select(
      selector,
      [...this.#running.values()].map((found) => ({ found, pid: found.pid, tag: found.request.tag })),
    );
  }

  findEnded(selector: Message | undefined): EndedProcess {
    return select(
      selector,
      [...this.#ended.values()].map((found) => ({ found, pid: found.pid, tag: found.tag })),
    );
  }

  #keep(ended: EndedProcess, started: RunningProcess): void {
    const { pid } = ended;
    if (this.#running.get(pid) === started) this.#running.delete(pid);
    if (this.#ended.size >= maxEnded) return;
    this.#ended.set(pid, ended);
    setTimeout(() => {
      if (this.#ended.get(pid) === ended) this.#ended.delete(pid);
    }, endedForMs).unref();
  }
}

interface Candidate<T> {
  readonly found: T;
  readonly pid: number;
  readonly tag: string | undefined;
}

function select<T>(selector: Message | undefined, candidates: readonly Candidate<T>[]): T {
  if (selector?.has("pid")) {
    const pid = selector.number("pid");
    const match = candidates.find((candidate) => candidate.pid === pid);
    if (match === undefined) throw new ConnectFailure("not_found", `process with pid ${pid} not found`);
    return match.found;
  }
  if (selector?.has("tag")) {
    const tag = selector.text("tag");
    // The newest, where several have the same.
    const match = candidates.findLast((candidate) => candidate.tag === tag);
    if (match === undefined) throw new ConnectFailure("not_found", `process with tag ${tag} not found`);
    return match.found;
  }
  throw new ConnectFailure("unimplemented", "the selector names neither a pid nor a tag");
}
