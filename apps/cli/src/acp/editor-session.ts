import { join } from "node:path";
import { type PromptRequest, type PromptResponse, RequestError, type SessionUpdate } from "@agentclientprotocol/sdk";
import {
  createRunStore,
  hasConversation,
  newRunId,
  type Run,
  type RunEvent,
  type RunResult,
  type RunSpec,
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
import type { AgentMode } from "./agent-mode.ts";
import { type SyncMode, syncChanges } from "./changes/sync-changes.ts";
import type { DirectoryPaths } from "./directory-paths.ts";
import type { Editor } from "./editor.ts";
import { editorPrinter } from "./editor-printer.ts";
import { promptText } from "./prompt-text.ts";
import { errorLine } from "./protocol-error.ts";
import { AgentQuestions } from "./questions/agent-questions.ts";
import { editorQuestions } from "./questions/editor-questions.ts";
import { HostQuestions } from "./questions/host-questions.ts";
import { RefusedHosts } from "./questions/refused-hosts.ts";
import { runsOfSession, sessionLabel } from "./session-runs.ts";
import { agentMessage, SessionUpdates } from "./updates/session-updates.ts";

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
  readonly #hosts: HostQuestions;
  readonly #questions: AgentQuestions;
  #mode: AgentMode = "free";
  #sync: SyncMode;
  #notices: readonly string[];
  /** The newest run whose conversation was kept. */
  #last: string | undefined;
  /** The newest result of which something was not written to the directory. */
  #pending: RunResult | undefined;
  #spentUsd = 0;
  #turn: { readonly stop: AbortController; readonly done: Promise<unknown> } | undefined;
  /** The run of the turn, once it has begun. */
  #current: Run | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: EditorSessionOptions) {
    this.#options = options;
    this.#sync = options.sync;
    this.#notices = options.notices;
    this.#hosts = new HostQuestions(options.editor);
    this.#questions = new AgentQuestions(options.editor, options.paths);
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
      try {
        return await this.#run(text, signal);
      } catch (error) {
        // A cancelled preparation can end with any error.
        if (signal.aborted && SandboxError.isInstance(error)) return { stopReason: "cancelled" };
        throw error;
      }
    });
  }

  /** Ends the prompt that runs, if there is one; its files still come back. */
  cancel(): void {
    this.#turn?.stop.abort();
  }

  /** Ends the prompt that runs at once: its sandbox is destroyed, and its files do not come back. */
  abort(): void {
    this.cancel();
    this.#current?.abort();
  }

  /** Whether the agent asks, from the next prompt on. A running agent that asks can be allowed everything at once. */
  setMode(mode: AgentMode): void {
    this.#mode = mode;
  }

  /** Continues the session for an editor that still shows it, and brings back what a killed process left. */
  async resume(): Promise<void> {
    await this.#open({ send: false });
  }

  /** Sends what was said before, for an editor that was started again, and brings back what a killed process left. */
  async replay(): Promise<void> {
    await this.#open({ send: true });
  }

  async #open({ send }: { readonly send: boolean }): Promise<void> {
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
        const shown = async (sent: readonly SessionUpdate[]) => (send ? await editor.send(sent) : undefined);
        await shown([{ sessionUpdate: "user_message_chunk", content: { type: "text", text: promptPreview } }]);
        const updates = new SessionUpdates({ runId, paths, spentUsd: this.#spentUsd });
        // One whose process still brings its files back is waited for; one whose process is dead is brought back here.
        const { provider } = this.#options.options;
        const wasCut = !found.isAlive && found.outcome === undefined;
        if (!found.isAlive) await recoverDeadRun(this.#store, found, terminal, { signal, provider });
        for await (const event of this.#store.events(runId, { follow: true, signal })) {
          await shown(updates.of(event));
        }
        const result = await this.#store.result(runId);
        if (result === undefined) continue;
        await this.#keep(result, updates);
        // What came back in an earlier process was written or declined there, and the user may have undone it since.
        if (result.files !== undefined && !wasCut) this.#pending = undefined;
      }
    });
  }

  /** Ends the session: what runs is cancelled, and what waits for the end is written to the directory. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    this.cancel();
    await this.#turn?.done.catch(() => {});
    if (this.#sync === "end") await this.#synchronize(new AbortController().signal, { asks: false });
  }

  async #exclusive<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) throw new InvalidOptionsError("The session is being closed");
    if (this.#turn !== undefined) throw new InvalidOptionsError("The session is at work on another prompt");
    const stop = new AbortController();
    const done = work(stop.signal);
    this.#turn = { stop, done };
    try {
      return await done;
    } finally {
      this.#turn = undefined;
      this.#current = undefined;
    }
  }

  async #run(prompt: string, signal: AbortSignal): Promise<PromptResponse> {
    const { editor, paths } = this.#options;
    const runId = newRunId();
    const updates = new SessionUpdates({ runId, paths, spentUsd: this.#spentUsd });
    const refused = new RefusedHosts();
    const result = await this.#carry({ runId, prompt, signal }, (event) => {
      refused.hear(event);
      return editor.send(updates.of(event));
    });
    await this.#keep(result, updates);
    // What is left of an earlier prompt may have been written in part, and undone by the user.
    const asks = this.#sync === "ask" || this.#pending !== result;
    if (this.#sync !== "end") await this.#synchronize(signal, { asks });
    if (this.#options.options.network !== "none") await this.#hosts.ask(refused.hosts, runId, signal);
    return signal.aborted ? { stopReason: "cancelled" } : this.#answer(result);
  }

  async #carry(
    { runId, prompt, signal }: { readonly runId: string; readonly prompt: string; readonly signal: AbortSignal },
    onEvent: (event: RunEvent) => Promise<void>,
  ): Promise<RunResult> {
    const { editor, terminal, extraArgs, options } = this.#options;
    const printer = editorPrinter(editor);
    const questions = editorQuestions(editor, { runId, yes: options.yes ?? false, signal });
    const input = {
      ...{ argument: prompt, options: this.#runOptions(runId), extraArgs, terminal },
      ...dropUndefined({ continues: this.#last }),
    };
    const { plan, ...prepared } = await prepareRun(input, { printer, questions, runId, signal });
    const spec = this.#mode === "free" ? plan.spec : { ...plan.spec, permit: this.#permit(runId) };
    const onBegin = (run: Run) => {
      this.#current = run;
      if (signal.aborted) run.cancel();
      else signal.addEventListener("abort", () => run.cancel(), { once: true });
    };
    return await carryRun(
      { ...prepared, plan: { ...plan, spec } },
      { printer: { ...printer, event: onEvent }, questions, terminal, signal, onBegin, stopSignals: [] },
    );
  }

  /** The user may choose to be asked no more while the agent works. */
  #permit(runId: string): NonNullable<RunSpec["permit"]> {
    return async (question, signal) => this.#mode === "free" || (await this.#questions.permit(question, runId, signal));
  }

  #runOptions(runId: string): RunOptions {
    const { options, paths, sessionId } = this.#options;
    const { output, label = [] } = options;
    const allowHost = [...(options.allowHost ?? []), ...this.#hosts.allowed];
    return {
      ...options,
      workspace: paths.directory,
      // Beside the run's record, so that they go with it, and not in the directory that the user looks at.
      output: output === undefined ? join(this.#home, "runs", runId, "files") : join(output, runId),
      label: [...label, `${sessionLabel}=${sessionId}`],
      ...(allowHost.length === 0 ? {} : { allowHost }),
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
      const { isDone, wantsMore } = await syncChanges({ editor, paths, runDirectory, result, asks, signal });
      if (isDone) this.#pending = undefined;
      if (wantsMore) this.#sync = "live";
    } catch (error) {
      if (!SandboxError.isInstance(error)) throw error;
      const line = errorLine(error.message, adviceLine(error));
      await editor.send([agentMessage(`\n\nThe changes were not written to the directory: ${line}`)]);
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
