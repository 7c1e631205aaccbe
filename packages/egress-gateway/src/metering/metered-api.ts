import type { GatewayAnswer } from "../gateway-answer.ts";
import type { AnswerContext, UsageReader } from "./answer/answer-usage.ts";
import type { ModelRequest, RequestTarget } from "./model-request.ts";

/** What the gateway knows of one API of models. */
export interface MeteredApi {
  /** The paths whose POST requests cost money. */
  readonly costs: RegExp;
  /** The paths whose POST requests are free. */
  readonly isFree: RegExp;
  /** Why a query does not pass: it would change what the answer reports. Default: every one does. */
  refusesQuery?(query: string): string | undefined;
  /** Absent when the request cannot be read, or names no model. */
  readRequest(body: Buffer, target: RequestTarget): ModelRequest | undefined;
  /** Whether a stream counts what it has written only at its end. */
  readonly countsAtEnd: boolean;
  /** Says how a request has to bound its output. */
  readonly outputField: string;
  /** What a request has to ask for beside what its client did, so that the answer reports its usage. */
  readonly reporting?: UsageReporting;
  usageReader(context: AnswerContext): UsageReader;
  /** The status with which the API's clients show a refusal and do not send the request again. */
  refusalStatus(answer: GatewayAnswer): number;
  /** An error as the API words it. `status`: as it is sent. */
  errorBody(message: string, status: number): object;
}

/** How an API is made to report its usage. */
export interface UsageReporting {
  /** The request with what it has to ask for. Absent where it asks for it already, or does not need to. */
  ask(body: Buffer): Buffer | undefined;
  /** Whether an event of the answer is there only because of that: the client has not asked for it. */
  isOwn(data: string): boolean;
}
