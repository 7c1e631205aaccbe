import { randomUUID } from "node:crypto";
import { realpathSync, statSync } from "node:fs";
import { isAbsolute } from "node:path";
import type {
  AgentContext,
  ListSessionsResponse,
  LoadSessionRequest,
  McpServer,
  NewSessionRequest,
  NewSessionResponse,
  PromptRequest,
  PromptResponse,
  ResumeSessionRequest,
  SessionModeState,
  SetSessionModeRequest,
} from "@agentclientprotocol/sdk";
import { createRunStore } from "@glovebox/core";
import { InvalidOptionsError, SandboxNotFoundError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { safeName } from "@glovebox/core/text";
import { loadRunHarness } from "../config/plugins.ts";
import { loadUserConfig } from "../config/user-config.ts";
import { modeOf, modeState } from "./agent-mode.ts";
import { DirectoryPaths } from "./directory-paths.ts";
import { Editor } from "./editor.ts";
import { EditorSession } from "./editor-session.ts";
import type { ServeEditorInput } from "./serve-editor.ts";
import { listSessions } from "./session-runs.ts";

interface EditorDirectory {
  readonly cwd: string;
  readonly mcpServers?: readonly McpServer[];
  readonly additionalDirectories?: readonly string[];
}

type Modes = { readonly modes?: SessionModeState };

/** The sessions of one editor, by their ids. */
export class EditorSessions {
  readonly #input: ServeEditorInput;
  readonly #sessions = new Map<string, EditorSession>();
  readonly #gone: AbortSignal;

  /** `gone`: aborted when the connection is closed. */
  constructor(input: ServeEditorInput, gone: AbortSignal) {
    this.#input = input;
    this.#gone = gone;
  }

  async create(params: NewSessionRequest, client: AgentContext): Promise<NewSessionResponse> {
    const sessionId = randomUUID();
    this.#open(sessionId, params, client);
    return { sessionId, ...(await this.#modes()) };
  }

  async load(params: LoadSessionRequest, client: AgentContext): Promise<Modes> {
    return await this.#continue(params, client, (session) => session.replay());
  }

  async resume(params: ResumeSessionRequest, client: AgentContext): Promise<Modes> {
    return await this.#continue(params, client, (session) => session.resume());
  }

  async list(cwd: string | undefined): Promise<ListSessionsResponse> {
    const directory = cwd === undefined ? undefined : realDirectory(cwd);
    return { sessions: await listSessions(createRunStore(stateDirectory(this.#input.terminal.env)), directory) };
  }

  async setMode({ sessionId, modeId }: SetSessionModeRequest): Promise<Record<string, never>> {
    const session = this.#find(sessionId);
    const mode = modeOf(modeId);
    if (mode === "ask" && (await this.#modes()).modes === undefined) {
      throw new InvalidOptionsError("The agent of this session cannot ask before it acts", {
        hint: "The sandbox is the limit of what it can do.",
      });
    }
    session.setMode(mode);
    return {};
  }

  async prompt(params: PromptRequest, signal: AbortSignal): Promise<PromptResponse> {
    const session = this.#find(params.sessionId);
    const cancel = () => session.cancel();
    signal.addEventListener("abort", cancel, { once: true });
    try {
      return await session.prompt(params);
    } finally {
      signal.removeEventListener("abort", cancel);
    }
  }

  cancel(sessionId: string): void {
    this.#sessions.get(sessionId)?.cancel();
  }

  async close(sessionId: string): Promise<Record<string, never>> {
    const session = this.#find(sessionId);
    try {
      // Found until its work has ended: the process must not end before.
      await session.close();
    } finally {
      this.#remove(sessionId, session);
    }
    return {};
  }

  /** Drops what runs: its sandboxes are destroyed at once. */
  abort(): void {
    for (const session of this.#sessions.values()) session.abort();
  }

  /** Ends all sessions. Rejects with what went wrong first, after all have ended. */
  async end(): Promise<void> {
    const ended = await Promise.allSettled([...this.#sessions.values()].map((session) => session.close()));
    for (const one of ended) if (one.status === "rejected") throw one.reason;
  }

  async #continue(
    params: LoadSessionRequest | ResumeSessionRequest,
    client: AgentContext,
    bringBack: (session: EditorSession) => Promise<void>,
  ): Promise<Modes> {
    const { sessionId } = params;
    while (this.#sessions.has(sessionId)) await this.close(sessionId);
    const opened = this.#open(sessionId, params, client);
    try {
      await bringBack(opened);
    } catch (error) {
      this.#remove(sessionId, opened);
      throw error;
    }
    return await this.#modes();
  }

  #open(sessionId: string, from: EditorDirectory, client: AgentContext): EditorSession {
    if (this.#gone.aborted) throw new InvalidOptionsError("The editor has closed the connection");
    const { options, sync, extraArgs, terminal } = this.#input;
    const { cwd, mcpServers = [], additionalDirectories = [] } = from;
    const real = realDirectory(cwd);
    if (additionalDirectories.length > 0) {
      throw new InvalidOptionsError("The editor names several directories, and a session has one", {
        hint: "Start it with --add-dir to let the agent read a copy of another one.",
      });
    }
    const session = new EditorSession({
      ...{ sessionId, sync, options, extraArgs },
      paths: new DirectoryPaths(real, cwd.replace(/(?<=.)\/+$/, "")),
      editor: new Editor(client, sessionId, this.#gone),
      // Standard output is the protocol's: whatever a command would print there goes to the other one.
      terminal: { ...terminal, cwd: real, stdout: terminal.stderr },
      notices: noticesOf(mcpServers),
    });
    this.#sessions.set(sessionId, session);
    return session;
  }

  /** Another session may have taken its place. */
  #remove(sessionId: string, session: EditorSession): void {
    if (this.#sessions.get(sessionId) === session) this.#sessions.delete(sessionId);
  }

  #find(sessionId: string): EditorSession {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) throw new SandboxNotFoundError(`There is no session ${safeName(sessionId)}`);
    return session;
  }

  /** None where the agent cannot ask, or cannot be loaded: then the prompt says why. */
  async #modes(): Promise<Modes> {
    const { options, terminal } = this.#input;
    const home = stateDirectory(terminal.env);
    try {
      const { config: user } = await loadUserConfig(home);
      const { asksPermission } = await loadRunHarness({ options, user, home, directory: terminal.cwd });
      return asksPermission ? { modes: modeState("free") } : {};
    } catch {
      return {};
    }
  }
}

/** The real path of the directory that the editor names. */
function realDirectory(cwd: string): string {
  if (!isAbsolute(cwd)) {
    throw new InvalidOptionsError(`The directory of the session is not an absolute path: ${safeName(cwd)}`);
  }
  try {
    if (statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) return realpathSync(cwd);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InvalidOptionsError(`The directory of the session cannot be used (${code}): ${safeName(cwd)}`);
  }
  throw new InvalidOptionsError(`The directory of the session is not a directory: ${safeName(cwd)}`);
}

/** What runs on the host is not reached from the sandbox, and nothing is left out in silence. */
function noticesOf(mcpServers: readonly McpServer[]): readonly string[] {
  if (mcpServers.length === 0) return [];
  const names = mcpServers.map(({ name }) => safeName(name)).join(", ");
  return [
    `MCP servers of the editor are not available in the sandbox: ${names}. To install one there, start \`glovebox acp\` with \`--mcp\`.`,
  ];
}
