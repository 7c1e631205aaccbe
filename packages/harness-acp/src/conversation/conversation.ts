import {
  type ClientConnection,
  client,
  type InitializeResponse,
  methods,
  PROTOCOL_VERSION,
  type PromptResponse,
  type RequestPermissionRequest,
  type RequestPermissionResponse,
} from "@agentclientprotocol/sdk";
import type { HarnessDialogue, HarnessLine, HarnessTask } from "@glovebox/core/harness";
import type { AgentProfile } from "../profile/agent-profile.ts";
import { conversationLine } from "../stream/conversation-line.ts";
import type { ResultReport, SessionReport } from "../stream/conversation-report.ts";
import { writable } from "../stream/tool-text.ts";
import { AgentStream } from "./agent-stream.ts";
import { answerPermission, type PermissionPolicy } from "./answer-permission.ts";
import { type OpenSession, openSession } from "./open-session.ts";
import { failureReport, promptReport, StoppedError } from "./result-reports.ts";
import { sessionFailureCapability } from "./session-failure.ts";
import { sessionMcpServers } from "./session-mcp-servers.ts";

export interface ConversationOptions {
  readonly profile: AgentProfile;
  readonly permissions: PermissionPolicy;
}

/** How long an agent may take to begin, for each request: some load their MCP servers first. */
const setUpMs = 120_000;

/** The conversation with one agent: it is set up, gets the prompt, and its lines are passed on. */
export class Conversation {
  readonly #dialogue: HarnessDialogue;
  readonly #task: HarnessTask;
  readonly #options: ConversationOptions;
  readonly #agent: AgentStream;
  readonly #connection: ClientConnection;
  #outbox: HarnessLine[] = [];
  #wake: (() => void) | undefined;
  #sessionId: string | undefined;
  #failure: unknown;

  constructor(dialogue: HarnessDialogue, task: HarnessTask, options: ConversationOptions) {
    this.#dialogue = dialogue;
    this.#task = task;
    this.#options = options;
    this.#agent = new AgentStream((text) => dialogue.write(text));
    this.#connection = client({ name: "glovebox" })
      .onRequest(methods.client.session.requestPermission, ({ params }) => this.#permit(params))
      .connect(this.#agent.stream);
  }

  /** Every line of the agent, and what the conversation reports, for the parser. */
  async *lines(): AsyncGenerator<HarnessLine> {
    const stop = () => void this.#stop();
    this.#dialogue.stopping?.addEventListener("abort", stop, { once: true });
    const talked = this.#talk().catch((error: unknown) => {
      this.#failure = { error };
    });
    void talked.then(() => this.#wake?.());
    const iterator = this.#dialogue.lines[Symbol.asyncIterator]();
    try {
      let next = settled(iterator.next());
      for (;;) {
        yield* this.#takeOutbox();
        const step = await Promise.race([next, this.#awake()]);
        if (step === undefined) continue;
        if ("error" in step) throw step.error;
        if (step.value.done === true) break;
        yield* this.#hear(step.value.value);
        await this.#agent.ready(this.#dialogue.stopping);
        next = settled(iterator.next());
      }
      this.#agent.close();
      await talked;
      yield* this.#takeOutbox();
    } finally {
      this.#dialogue.stopping?.removeEventListener("abort", stop);
      this.#agent.close();
      this.#connection.close();
      await iterator.return?.();
    }
  }

  *#hear(line: HarnessLine): Generator<HarnessLine> {
    if (line.stream === "stderr") yield line;
    else {
      const heard = this.#agent.receive(line.line);
      if (heard !== "taken") yield conversationLine(heard === "update" ? "update" : "raw", line.line);
    }
  }

  *#takeOutbox(): Generator<HarnessLine> {
    const lines = this.#outbox;
    this.#outbox = [];
    yield* lines;
    const failure = this.#failure as { readonly error: unknown } | undefined;
    this.#failure = undefined;
    if (failure !== undefined) throw failure.error;
  }

  #awake(): Promise<undefined> {
    return this.#outbox.length > 0 || this.#failure !== undefined
      ? Promise.resolve(undefined)
      : new Promise((resolve) => {
          this.#wake = () => resolve(undefined);
        });
  }

  #report(kind: "session" | "permission" | "result", report: object): void {
    this.#outbox.push(conversationLine(kind, JSON.stringify(report)));
    this.#wake?.();
  }

  /** Rejects only for what is not the agent's own failure. */
  async #talk(): Promise<void> {
    const { model } = this.#task;
    try {
      const session = await this.#setUp();
      this.#sessionId = session.sessionId;
      this.#report("session", session.report satisfies SessionReport);
      if (this.#dialogue.stopping?.aborted) throw new StoppedError();
      const answer: PromptResponse = await this.#connection.agent.request(methods.agent.session.prompt, {
        sessionId: session.sessionId,
        prompt: [{ type: "text", text: this.#task.prompt }],
      });
      this.#report("result", promptReport(answer, model ?? session.report.model) satisfies ResultReport);
    } catch (error) {
      const report = failureReport(error);
      // An agent that ended says why on its standard error, and its exit tells the rest.
      if (report !== undefined) this.#report("result", report);
    }
    // Agents end when their input does.
    await this.#dialogue.closeInput().catch(() => {});
  }

  async #setUp(): Promise<OpenSession> {
    const options = () => ({ cancellationSignal: AbortSignal.timeout(setUpMs), stopWaitingOnCancel: true });
    const { agent } = this.#connection;
    const { profile } = this.#options;
    const initialized: InitializeResponse = await agent.request(
      methods.agent.initialize,
      {
        protocolVersion: PROTOCOL_VERSION,
        clientInfo: { name: "glovebox", version: "1" },
        // The agent reads, writes and runs commands itself: it is in the sandbox.
        clientCapabilities: {
          fs: { readTextFile: false, writeTextFile: false },
          terminal: false,
          ...(profile.saysFailures ? { _meta: sessionFailureCapability } : {}),
        },
      },
      options(),
    );
    if (profile.authMethod !== undefined)
      await agent.request(methods.agent.authenticate, { methodId: profile.authMethod }, options());
    const mcpServers = await sessionMcpServers(this.#task, this.#dialogue);
    return await openSession({
      agent,
      initialized,
      mcpServers,
      profile,
      task: this.#task,
      dialogue: this.#dialogue,
      options,
    });
  }

  async #permit(request: RequestPermissionRequest): Promise<RequestPermissionResponse> {
    const answer = answerPermission(request, await this.#policy(request));
    const title = (request.toolCall.title ?? "").slice(0, 256);
    this.#report("permission", { permission: title, answer: answer.outcome });
    return answer;
  }

  /** What the user says, where the run has the agent ask; otherwise what the run says to everything. */
  async #policy({ toolCall }: RequestPermissionRequest): Promise<PermissionPolicy> {
    const { permit, stopping } = this.#dialogue;
    if (stopping?.aborted) return "reject";
    if (!this.#task.asksPermission) return this.#options.permissions;
    const { toolCallId: callId, kind, title, rawInput } = toolCall;
    const input = writable(rawInput) ?? (title == null ? {} : { title: title.slice(0, 256) });
    const allowed = await permit?.({ callId: callId.slice(0, 1024), name: kind ?? "tool", input });
    return allowed ? "allow-once" : "reject";
  }

  async #stop(): Promise<void> {
    const { agent } = this.#connection;
    const sessionId = this.#sessionId;
    if (sessionId !== undefined) await agent.notify(methods.agent.session.cancel, { sessionId }).catch(() => {});
    else await this.#dialogue.closeInput().catch(() => {});
  }
}

type Settled<T> = { readonly value: T } | { readonly error: unknown };

function settled<T>(promise: Promise<T>): Promise<Settled<T>> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}
