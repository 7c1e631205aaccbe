import type { AnyMessage, Stream } from "@agentclientprotocol/sdk";

type Pending = { readonly id: unknown };

/** How many requests of the agent may wait for their answers to be read by it, before no more of its lines are read. */
const mostUnanswered = 64;
const longestId = 1024;

/**
 * The protocol's stream over the lines of a process. What reaches the protocol's own code is well formed, answers something
 * that was asked, and is bounded: the agent may print anything.
 */
export class AgentStream {
  readonly stream: Stream;
  readonly #open = new Set<unknown>();
  #unanswered = 0;
  #input: ReadableStreamDefaultController<AnyMessage> | undefined;
  #answered: (() => void) | undefined;

  constructor(write: (text: string) => Promise<void>) {
    this.stream = {
      readable: new ReadableStream<AnyMessage>({
        start: (controller) => {
          this.#input = controller;
        },
        cancel: () => {
          this.#input = undefined;
        },
      }),
      writable: new WritableStream<AnyMessage>({
        write: async (message) => {
          if ("method" in message && "id" in message) this.#open.add(message.id);
          try {
            await write(`${JSON.stringify(message)}\n`);
          } finally {
            if (!("method" in message)) this.#countAnswer();
          }
        },
      }),
    };
  }

  /** Passes on a request of the agent or an answer to one of ours. Returns what else the line is. */
  receive(line: string): "taken" | "update" | "other" {
    const message = parse(line);
    if (message === undefined) return "other";
    const { method, id } = message;
    if (typeof method === "string" && !("id" in message)) return method === "session/update" ? "update" : "other";
    if (!isId(id)) return "other";
    if (typeof method === "string") this.#unanswered += 1;
    else if ("method" in message || !isAnswer(message) || !this.#open.delete(id)) return "other";
    this.#input?.enqueue(message as unknown as AnyMessage);
    return "taken";
  }

  /** Resolves once the agent has read enough of the answers to its requests, or `stopping` is aborted. */
  async ready(stopping?: AbortSignal): Promise<void> {
    const wake = () => this.#answered?.();
    stopping?.addEventListener("abort", wake);
    while (this.#unanswered >= mostUnanswered && stopping?.aborted !== true) {
      await new Promise<void>((resolve) => {
        this.#answered = resolve;
      });
    }
    stopping?.removeEventListener("abort", wake);
  }

  /** The agent has ended: nothing more is answered. */
  close(): void {
    try {
      this.#input?.close();
    } catch {
      // The protocol's own code has closed it.
    }
    this.#input = undefined;
    this.#unanswered = 0;
    this.#answered?.();
  }

  #countAnswer(): void {
    this.#unanswered = Math.max(0, this.#unanswered - 1);
    this.#answered?.();
  }
}

type Message = Readonly<Record<string, unknown>> & Partial<Pending>;

function parse(line: string): Message | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const message: unknown = JSON.parse(line);
    return isRecord(message) && message.jsonrpc === "2.0" ? message : undefined;
  } catch {
    // A line of something else.
    return undefined;
  }
}

function isRecord(value: unknown): value is Message {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isId(id: unknown): boolean {
  return typeof id === "string" ? id.length <= longestId : Number.isFinite(id);
}

function isAnswer(message: Message): boolean {
  if (Object.hasOwn(message, "result") === Object.hasOwn(message, "error")) return false;
  const { error } = message;
  if (!Object.hasOwn(message, "error")) return true;
  return isRecord(error) && Number.isInteger(error.code) && typeof error.message === "string";
}
