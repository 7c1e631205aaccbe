import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { SandboxError } from "@glovebox/core";
import { sql } from "kysely";
import type { Engine } from "../engine/engine.ts";
import { notify } from "../engine/notify.ts";
import type { JsonObject } from "../records/run.ts";
import { Changes } from "../tables/changes.ts";

/** What the worker of a running run can be asked. */
export type RunCommand =
  /** Stop it and collect its files; with `force` destroy its sandbox at once. */
  | { readonly type: "stop"; readonly force?: boolean }
  /** Type a line into the terminal of an interactive run. */
  | { readonly type: "input"; readonly text: string }
  /** Which processes run inside, and what they use: `value` is core's `InsideUsage`. */
  | { readonly type: "processes" };

/** A command that waits for the worker of its run. */
export interface PendingCommand {
  readonly id: string;
  readonly runId: string;
  readonly command: RunCommand;
}

/** What the worker answered: `error` if it could not do what was asked. */
export interface CommandAnswer {
  readonly error?: { readonly code: string; readonly message: string };
  readonly value?: unknown;
}

const answerTimeoutMs = 15_000;
const lookAgainMs = 1_000;

/** Requests to runs that a worker carries, and its answers, over the database. */
export class RunCommands {
  readonly #engine: Engine;
  readonly #changes: Changes;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#changes = new Changes(engine, "commands");
  }

  /** Calls back when there may be a command for this run. */
  onCommand(callback: (runId: string | undefined) => void): () => void {
    return this.#engine.listen("commands", callback);
  }

  /** Asks a running run's worker, and resolves to its answer. Rejects with `timeout` if it does not answer. */
  async ask(runId: string, command: RunCommand, timeoutMs = answerTimeoutMs): Promise<CommandAnswer> {
    const id = randomUUID();
    const watch = this.#changes.watch(id);
    const until = performance.now() + timeoutMs;
    try {
      const row = { id, runId, command: JSON.stringify(command) };
      await this.#engine.db.insertInto("runCommands").values(row).execute();
      await notify(this.#engine.db, "commands", runId);
      for (;;) {
        const changed = watch.next();
        const answer = await this.#answerOf(id);
        if (answer !== undefined) return answer;
        if (performance.now() >= until) break;
        await Promise.race([changed, sleep(lookAgainMs, undefined, { ref: false })]);
      }
      throw new SandboxError("timeout", `The worker of the run ${runId} did not answer within ${timeoutMs / 1000} s`);
    } finally {
      watch.close();
    }
  }

  /** The commands of these runs that nobody has answered, oldest first. */
  async pending(runIds: readonly string[]): Promise<readonly PendingCommand[]> {
    if (runIds.length === 0) return [];
    const rows = await this.#engine.db
      .selectFrom("runCommands")
      .select(["id", "runId", "command"])
      .where("runId", "in", runIds)
      .where("answeredAt", "is", null)
      .orderBy("createdAt")
      .execute();
    // Only `ask` writes them.
    return rows.map(({ id, runId, command }) => ({ id, runId, command: command as unknown as RunCommand }));
  }

  async answer(id: string, answer: CommandAnswer): Promise<void> {
    const set = { answer: JSON.stringify(answer), answeredAt: sql<Date>`now()` };
    await this.#engine.db.updateTable("runCommands").set(set).where("id", "=", id).execute();
    await notify(this.#engine.db, "commands", id);
  }

  async #answerOf(id: string): Promise<CommandAnswer | undefined> {
    const query = this.#engine.db.selectFrom("runCommands").select("answer").where("id", "=", id);
    const answer: JsonObject | null | undefined = (await query.executeTakeFirst())?.answer;
    return answer ?? undefined;
  }
}
