import { join } from "node:path";
import { type PromptRequest, type PromptResponse, RequestError } from "@agentclientprotocol/sdk";
import {
  createRunStore,
  hasConversation,
  newRunId,
  type Run,
  type RunEvent,
  type RunResult,
  type RunStore,
} from "@glovebox/core";
import { dropUndefined, InvalidOptionsError, SandboxError, SandboxNotFoundError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { safeLine } from "@glovebox/core/text";
import type { RunOptions } from "../config/run-options.ts";
import { adviceLine } from "../print/describe-remedy.ts";
import { carryRun } from "../run/carry-run.ts";
import { prepareRun } from "../run/prepare-run.ts";
import { recoverDeadRun } from "../runs/recover-dead-run.ts";
import type { Terminal } from "../terminal.ts";
import type { DirectoryPaths } from "./directory-paths.ts";
import type { Choice, Editor } from "./editor.ts";
import { editorPrinter } from "./editor-printer.ts";
import { editorQuestions } from "./editor-questions.ts";
import { promptText } from "./prompt-text.ts";
import { errorLine } from "./protocol-error.ts";
import { RefusedHosts } from "./refused-hosts.ts";
import { runsOfSession, sessionLabel } from "./session-runs.ts";
import { agentMessage, SessionUpdates } from "./session-updates.ts";
import { type SyncMode, syncChanges } from "./sync-changes.ts";

export interface EditorSessionOptions {
  readonly sessionId: string;
  readonly paths: DirectoryPaths;
  readonly editor: Editor;
  readonly sync: SyncMode;
  /** The options of the command, for each run of the session. */
  readonly options: RunOptions;
  readonly extraArgs: readonly string[];
  /** Its `stdout` is not the protocol's. */
  readonly terminal: Terminal;
  /** Said before the first answer. */
  readonly notices: readonly string[];
}

/** A conversation of the editor's: a list of runs, of which each continues the one before. */
export class EditorSession {
  readonly #options: EditorSessionOptions;
  readonly #store: RunStore;
  readonly #home: string;
  readonly #allowed: string[] = [];
  readonly #declined = new Set<string>();
  #sync: SyncMode;
  #notices: readonly string[];
  /** The newest run whose conversation was kept. */
  #last: string | undefined;
  /** The newest result that was not written to the directory. */
  #pending: RunResult | undefined;
  #spentUsd = 0;
  #turn: { readonly stop: AbortController; readonly done: Promise<unknown> } | undefined;

  constructor(options: EditorSessionOptions) {
    this.#options = options;
    this.#sync = options.sync;
    this.#notices = options.notices;
    this.#home = stateDirectory(options.terminal.env);
    this.#store = createRunStore(this.#home);
  }

  /** Runs a prompt to its end. One at a time. */
  async prompt({ prompt }: PromptRequest): Promise<PromptResponse> {
    return await this.#exclusive(async (signal) => {
      const text = promptText(prompt, this.#options.paths);
      const { editor } = this.#options;
      await editor.send(this.#notices.map((notice) => agentMessage(`${notice}\n\n`)));
      this.#notices = [];
      return await this.#run(text, signal);
    });
  }

  /** Ends the prompt that runs, if there is one; its files still come back. */
  cancel(): void {
    this.#turn?.stop.abort();
  }

  /** Sends what was said before, for an editor that was started again, and brings back what a killed process left. */
  async replay(): Promise<void> {
    await this.#exclusive(async (signal) => {
      const { sessionId, editor, paths, terminal } = this.#options;
      const runs = await runsOfSession(this.#store, sessionId);
      if (!runs.some(({ workspace }) => workspace === paths.directory)) {
        throw new SandboxNotFoundError(
          safeLine(`There is no session ${sessionId} of the directory ${paths.directory}`, 500),
        );
      }
      for (const found of runs) {
        const { runId, promptPreview } = found;
        await editor.send([{ sessionUpdate: "user_message_chunk", content: { type: "text", text: promptPreview } }]);
        const updates = new SessionUpdates({ runId, paths, spentUsd: this.#spentUsd });
        // One whose process still brings its files back is waited for; one whose process is dead is brought back here.
        const { provider } = this.#options.options;
        if (!found.isAlive) await recoverDeadRun(this.#store, found, terminal, { signal, provider });
        for await (const event of this.#store.events(runId, { follow: true, signal })) {
          await editor.send(updates.of(event));
        }
        const result = await this.#store.result(runId);
        if (result !== undefined) await this.#keep(result, updates);
      }
    });
  }

  /** Ends the session: what runs is cancelled, and what waits for the end is written to the directory. */
  async close(): Promise<void> {
    this.cancel();
    await this.#turn?.done.catch(() => {});
    if (this.#sync === "end") await this.#synchronize(new AbortController().signal, { asks: false });
  }

  async #exclusive<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#turn !== undefined) throw new InvalidOptionsError("The session is at work on another prompt");
    const stop = new AbortController();
    const done = work(stop.signal);
    this.#turn = { stop, done };
    try {
      return await done;
    } finally {
      this.#turn = undefined;
    }
  }

  async #run(prompt: string, signal: AbortSignal): Promise<PromptResponse> {
    const { editor, paths } = this.#options;
    const runId = newRunId();
    const updates = new SessionUpdates({ runId, paths, spentUsd: this.#spentUsd });
    const refused = new RefusedHosts();
    const result = await this.#carry({ runId, prompt, signal }, (event) => {
      refused.hear(event);
      void editor.send(updates.of(event)).catch(() => {});
    });
    await this.#keep(result, updates);
    if (this.#sync !== "end") await this.#synchronize(signal, { asks: this.#sync === "ask" });
    await this.#askForHosts(refused, runId, signal);
    return this.#answer(result);
  }

  async #carry(
    { runId, prompt, signal }: { readonly runId: string; readonly prompt: string; readonly signal: AbortSignal },
    onEvent: (event: RunEvent) => void,
  ): Promise<RunResult> {
    const { editor, terminal, extraArgs, options } = this.#options;
    const printer = editorPrinter(editor);
    const questions = editorQuestions(editor, { runId, yes: options.yes ?? false, signal });
    const input = {
      ...{ argument: prompt, options: this.#runOptions(runId), extraArgs, terminal },
      ...dropUndefined({ continues: this.#last }),
    };
    const prepared = await prepareRun(input, { printer, questions, runId });
    const onBegin = (run: Run) => {
      if (signal.aborted) run.cancel();
      else signal.addEventListener("abort", () => run.cancel(), { once: true });
    };
    return await carryRun(prepared, {
      ...{ printer: { ...printer, event: onEvent }, questions, terminal, signal, onBegin, stopSignals: [] },
    });
  }

  #runOptions(runId: string): RunOptions {
    const { options, paths, sessionId } = this.#options;
    const { output, label = [], allowHost = [] } = options;
    return {
      ...options,
      workspace: paths.directory,
      // Beside the run's record, so that they go with it, and not in the directory that the user looks at.
      output: output === undefined ? join(this.#home, "runs", runId, "files") : join(output, runId),
      label: [...label, `${sessionLabel}=${sessionId}`],
      ...(allowHost.length + this.#allowed.length === 0 ? {} : { allowHost: [...allowHost, ...this.#allowed] }),
    };
  }

  async #keep(result: RunResult, updates: SessionUpdates): Promise<void> {
    if (hasConversation(join(this.#home, "runs", result.runId))) this.#last = result.runId;
    if (result.files !== undefined) this.#pending = result;
    await this.#options.editor.send(updates.end(result.costUsd));
    this.#spentUsd += result.costUsd ?? 0;
  }

  async #synchronize(signal: AbortSignal, { asks }: { readonly asks: boolean }): Promise<void> {
    const result = this.#pending;
    if (result === undefined) return;
    const { editor, paths } = this.#options;
    const runDirectory = join(this.#home, "runs", result.runId);
    try {
      const wantsMore = await syncChanges({ editor, paths, runDirectory, result, asks, signal });
      if (wantsMore) this.#sync = "live";
    } catch (error) {
      if (!SandboxError.isInstance(error)) throw error;
      const line = errorLine(error.message, adviceLine(error));
      await editor.send([agentMessage(`\n\nThe changes were not written to the directory: ${line}`)]);
    }
  }

  /** What the sandbox may reach is fixed when it is made: an answer holds from the next prompt on. */
  async #askForHosts(refused: RefusedHosts, runId: string, signal: AbortSignal): Promise<void> {
    const { editor, options } = this.#options;
    if (options.network === "none") return;
    const choices: readonly Choice<"allow" | "later" | "never">[] = [
      { optionId: "allow", name: "Allow it in this session", kind: "allow_always" },
      { optionId: "later", name: "Not now", kind: "reject_once" },
      { optionId: "never", name: "Do not ask again", kind: "reject_always" },
    ];
    for (const host of refused.hosts) {
      if (this.#declined.has(host) || this.#allowed.includes(host)) continue;
      const title = safeLine(`The sandbox was refused ${host}. Allow it from the next prompt on?`, 500);
      const toolCall = {
        toolCallId: `${runId}/allow/${host}`,
        title,
        kind: "fetch" as const,
        status: "pending" as const,
      };
      const answer = await editor.ask(toolCall, choices, signal);
      if (answer === "allow") this.#allowed.push(host);
      else if (answer === "never") this.#declined.add(host);
    }
  }

  #answer({ outcome, reason, hint, remedy, providerId }: RunResult): PromptResponse {
    if (outcome === "succeeded") return { stopReason: "end_turn" };
    if (outcome === "cancelled") return { stopReason: "cancelled" };
    if (remedy !== undefined && "raise" in remedy && remedy.raise === "maxTurns")
      return { stopReason: "max_turn_requests" };
    throw new RequestError(-32603, errorLine(reason, adviceLine({ hint, remedy, providerId })));
  }
}
