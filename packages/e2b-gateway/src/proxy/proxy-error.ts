import { STATUS_CODES } from "node:http";
import type { SandboxTarget } from "./sandbox-target.ts";

/** A refusal of the proxy's, in E2B's shape: clients tell a dead sandbox by it from a program's own answer. */
export class ProxyError extends Error {
  readonly status: number;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(status: number, facts: Readonly<Record<string, unknown>> & { readonly message: string }) {
    super(facts.message);
    this.status = status;
    this.facts = facts;
  }

  get body(): string {
    return JSON.stringify({ ...this.facts, code: this.status });
  }

  /** As a whole answer over a socket that was to be upgraded. */
  get raw(): string {
    const { body } = this;
    const head = [
      `HTTP/1.1 ${this.status} ${STATUS_CODES[this.status] ?? ""}`,
      "content-type: application/json; charset=utf-8",
      `content-length: ${Buffer.byteLength(body)}`,
      "connection: close",
    ];
    return `${head.join("\r\n")}\r\n\r\n${body}`;
  }

  static notFound(sandboxId: string): ProxyError {
    return new ProxyError(502, { sandboxId, message: "The sandbox was not found" });
  }

  static portClosed({ sandboxId, port }: SandboxTarget): ProxyError {
    return new ProxyError(502, { sandboxId, message: "The sandbox is running but port is not open", port });
  }

  static noTrafficToken(sandboxId: string, header: string, isWrong: boolean): ProxyError {
    const what = isWrong ? `Provided token in header '${header}' is invalid` : `Token header '${header}' is missing`;
    return new ProxyError(403, { sandboxId, message: `Sandbox is secured with traffic access token. ${what}` });
  }
}
