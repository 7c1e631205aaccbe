import { type IncomingMessage, STATUS_CODES } from "node:http";
import { safeJson, safeName } from "@glovebox/core/text";
import type { SandboxTarget } from "./sandbox-target.ts";

const browsers = /mozilla|chrome|safari|firefox|edge|opera|msie/i;

export interface ProxyAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | number>>;
}

/** A refusal of the proxy's, in E2B's shape: clients tell a dead sandbox by it from a program's own answer. */
export class ProxyError extends Error {
  readonly status: number;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(status: number, facts: Readonly<Record<string, unknown>> & { readonly message: string }) {
    super(facts.message);
    this.status = status;
    this.facts = facts;
  }

  /** The response for a program, or a page for a browser, by the User-Agent. */
  answer(to: Pick<IncomingMessage, "headers">): ProxyAnswer {
    const isBrowser = browsers.test(to.headers["user-agent"] ?? "");
    const body = isBrowser ? this.#page() : safeJson({ ...this.facts, code: this.status });
    const contentType = `${isBrowser ? "text/html" : "application/json"}; charset=utf-8`;
    return {
      status: this.status,
      body,
      headers: { "content-type": contentType, "content-length": Buffer.byteLength(body) },
    };
  }

  /** The whole response, for a socket that was to be upgraded. */
  rawAnswer(to: Pick<IncomingMessage, "headers">): string {
    const { body, headers } = this.answer(to);
    const lines = Object.entries({ ...headers, connection: "close" }).map(([name, value]) => `${name}: ${value}`);
    return [`HTTP/1.1 ${this.status} ${STATUS_CODES[this.status] ?? ""}`, ...lines, "", body].join("\r\n");
  }

  #page(): string {
    const { message, ...rest } = this.facts;
    const facts = Object.entries(rest).map(
      ([name, value]) => `<dt>${escapeHtml(name)}<dd>${escapeHtml(String(value))}`,
    );
    const title = escapeHtml(String(message));
    return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1><dl>${facts.join("")}</dl></html>\n`;
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

function escapeHtml(text: string): string {
  return safeName(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
