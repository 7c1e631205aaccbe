import type { IncomingMessage, ServerResponse } from "node:http";
import type { User } from "../users/user.ts";
import type { Message } from "./message.ts";
import type { ServerStream } from "./server-stream.ts";

/** A call, as its handler sees it. */
export interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The user that the request names, else the default one. Throws `unauthenticated` for one that is not there. */
  user(): User;
}

export interface UnaryRpc {
  readonly kind: "unary";
  handle(message: Message, call: Call): Promise<object> | object;
}

/** Many answers to one message. The stream is the handler's from here on; what it throws before ends it as a failure. */
export interface ServerStreamRpc {
  readonly kind: "server-stream";
  readonly keepAlive: string;
  handle(message: Message, call: Call, open: () => ServerStream): Promise<void>;
}

/** One answer to many messages. */
export interface ClientStreamRpc {
  readonly kind: "client-stream";
  handle(messages: AsyncIterable<Message>, call: Call): Promise<object>;
}

export type Rpc = UnaryRpc | ServerStreamRpc | ClientStreamRpc;

/** The calls of a service, by `/package.Service/Method`. */
export type RpcTable = Readonly<Record<string, Rpc>>;
