import { type ClientRequest, Agent as HttpAgent, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { inspect } from "node:util";
import type Docker from "dockerode";

type AnyAgent = HttpAgent | HttpsAgent;

/** Node's own hook, by which an agent is given every request: its types leave it out. */
interface RequestHook {
  addRequest(request: ClientRequest, ...rest: readonly unknown[]): void;
}

/** The parts of dockerode's transport that are used here; its own types leave them out. */
interface Modem {
  protocol: string;
  agent: AnyAgent | undefined;
  buildPayload(...details: readonly unknown[]): void;
}

const lookTimeoutMs = 2 * 60_000;
/** A large image takes minutes on a slow disk. */
const removeTimeoutMs = 10 * 60_000;
/** A build may first have to be sent a large context. */
const workTimeoutMs = 60 * 60_000;

/** The place of the answer, and of who waits for it, among what `buildPayload` is given. */
const answerPlace = 5;
const callbackPlace = 7;

/**
 * Makes dockerode tell what it knows and does not say: that an answer broke off, for which it would wait forever, and for
 * how long an answer asks to wait, as the error's `retryAfter`.
 */
export function watchAnswers(engine: Docker): void {
  const modem = engine.modem as unknown as Modem;
  const agent = modem.agent ?? (modem.protocol === "https" ? new HttpsAgent(keepAlive) : new HttpAgent(keepAlive));
  modem.agent = agent;
  // For its debug log, which is off, dockerode prints each request's options with all that can be reached from them. By the
  // agent that is every open connection and what is at work on it: seconds, in a process that has much under way.
  Object.defineProperty(agent, inspect.custom, { value: () => "Agent" });
  const hook = agent as unknown as RequestHook;
  const addRequest = hook.addRequest.bind(agent);
  hook.addRequest = (request, ...rest) => {
    limitWait(request);
    request.once("response", (answer: IncomingMessage) => {
      answer.once("close", () => {
        if (!answer.complete) request.emit("error", Object.assign(new Error("aborted"), { code: "ECONNRESET" }));
      });
    });
    addRequest(request, ...rest);
  };
  const buildPayload = modem.buildPayload.bind(modem);
  modem.buildPayload = (...details) => {
    const { headers } = details[answerPlace] as Partial<IncomingMessage>;
    const done = details[callbackPlace] as (error: unknown, data: unknown) => void;
    const telling = (error: unknown, data: unknown): void => {
      const wait = headers?.["retry-after"];
      if (error instanceof Error && wait !== undefined) Object.assign(error, { retryAfter: wait });
      done(error, data);
    };
    buildPayload(...details.with(callbackPlace, telling));
  };
}

/** An engine that takes a request and never answers it must not hold its caller for ever, whoever that is. */
function limitWait(request: ClientRequest): void {
  const { method } = request;
  const timeoutMs = method === "GET" ? lookTimeoutMs : method === "DELETE" ? removeTimeoutMs : workTimeoutMs;
  const tooLate = setTimeout(
    () => request.destroy(Object.assign(new Error("the engine does not answer"), { code: "ETIMEDOUT" })),
    timeoutMs,
  );
  for (const event of ["response", "upgrade", "close"]) request.once(event, () => clearTimeout(tooLate));
}

/** As Node's own agents are made. */
const keepAlive = { keepAlive: true, scheduling: "lifo", timeout: 5000 } as const;
