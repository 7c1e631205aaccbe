import type { IncomingHttpHeaders } from "node:http";
import type { ModelRequest, ScriptTurn } from "../script.ts";

/** What the ids and the usage of an answer are made of. */
export interface AnswerIdentity {
  /** Makes the ids of the answer and of its tool calls: the same for every try of the same turn. */
  readonly key: string;
  readonly model: string;
  readonly inputTokens: number;
}

/** A request as its API words it, read. */
export interface WireRequest extends ModelRequest {
  /** What came before the model's first message: it tells conversations apart. */
  readonly opening: string;
  /** Whether it is beside the conversation, unless the script says otherwise. */
  readonly isSide: boolean;
  /** Whether the answer has to be JSON. */
  readonly wantsJson: boolean;
}

/** How one API words requests, answers and errors. */
export interface ModelWire {
  /** The key that a request brings. */
  keyOf(headers: IncomingHttpHeaders): string | undefined;
  /** Throws a zod error for a body that is no request. */
  read(body: unknown, url: URL): WireRequest;
  /** The answer in one piece. */
  answer(turn: ScriptTurn, identity: AnswerIdentity, body: unknown): object;
  /** The answer as a stream, chunk by chunk as they are written. */
  chunks(turn: ScriptTurn, identity: AnswerIdentity, body: unknown, url: URL): readonly string[];
  error(status: number, message: string): object;
}

export function bearerOf({ authorization }: IncomingHttpHeaders): string | undefined {
  return authorization?.replace(/^Bearer /, "");
}

/** The tokens of an answer: what the turn claims, or what its text weighs. */
export function answerTokens(turn: ScriptTurn, identity: AnswerIdentity) {
  const {
    thinking = "",
    text = "",
    tools = [],
    cacheReadTokens: cacheRead = 0,
    cacheWriteTokens: cacheWrite = 0,
  } = turn;
  const input = (turn.inputTokens ?? identity.inputTokens) + cacheRead + cacheWrite;
  const weight = thinking.length + text.length + JSON.stringify(tools).length;
  const output = turn.outputTokens ?? Math.ceil(weight / 4);
  return { input, output, cacheRead, cacheWrite, reasoning: Math.min(output, Math.ceil(thinking.length / 4)) };
}
