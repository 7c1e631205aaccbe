import type { IncomingMessage } from "node:http";
import { envdPort } from "../envd-version.ts";
import { ProxyError } from "./proxy-error.ts";

/** A port of a sandbox, as a request names it. */
export interface SandboxTarget {
  readonly sandboxId: string;
  readonly port: number;
}

/**
 * The port that a request is for: by its headers, else by its host, `PORT-ID.DOMAIN`. `undefined` for one to the control
 * plane. Throws `ProxyError` for one that names a port half.
 */
export function readTarget({ headers }: Pick<IncomingMessage, "headers">): SandboxTarget | undefined {
  const [id, port] = [single(headers["e2b-sandbox-id"]), single(headers["e2b-sandbox-port"])];
  if (id !== undefined) return { sandboxId: checkId(id), port: port === undefined ? envdPort : readPort(port) };
  const label = /^(\d+)-([a-z0-9]+)(?:-[a-z0-9]+)?\.[^.]/i.exec(headers.host ?? "");
  if (label === null) return undefined;
  const [, portText = "", sandboxId = ""] = label;
  return { sandboxId: checkId(sandboxId.toLowerCase()), port: readPort(portText) };
}

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function checkId(id: string): string {
  if (/^[a-z0-9-]{1,64}$/.test(id)) return id;
  throw new ProxyError(400, { message: "Invalid sandbox ID" });
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new ProxyError(400, { message: "Invalid sandbox port" });
}
