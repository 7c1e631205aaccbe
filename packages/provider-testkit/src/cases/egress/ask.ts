import type { Sandbox } from "@glovebox/core/provider";
import { runNode } from "../../in-sandbox/run-node.ts";

/** What a program in the sandbox got for its request. */
export interface Answer {
  /** Absent when there was no answer. */
  readonly status?: number;
  readonly body?: string;
  readonly error?: string;
}

export interface AskOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Straight to the address, although the environment names a proxy. */
  readonly direct?: boolean;
  /** By the proxy or without, as the environment says for this address. */
  readonly followsNoProxy?: boolean;
}

/** By the proxy that the environment names, where it names one. Loopback is asked too: nothing is left to chance. */
const script = `const { request } = require("node:http"); const [url, input] = process.argv.slice(1);
  const { method = "GET", headers = {}, body = "", direct: isDirect = false, followsNoProxy } = JSON.parse(input); const to = new URL(url);
  const direct = isDirect || (followsNoProxy && (process.env.NO_PROXY ?? "").split(",").includes(to.hostname));
  const proxy = direct || !process.env.HTTP_PROXY ? undefined : new URL(process.env.HTTP_PROXY);
  const say = (answer) => { console.log(JSON.stringify(answer)); process.exit(0); };
  const port = (u) => u.port || 80; const bare = (u) => u.hostname.replace(/^\\[|\\]$/g, "");
  const asWritten = /^[a-z]+:\\/\\/[^/]+(\\/.*)?$/.exec(url)[1] || "/"; // A URL object would tidy it up.
  const options = proxy ? { host: bare(proxy), port: port(proxy), path: method === "CONNECT" ? to.host : url } : { host: bare(to), port: port(to), path: asWritten };
  const out = request({ ...options, method, headers: { host: to.host, ...headers }, agent: false }, (answer) => {
    let text = ""; answer.setEncoding("utf8").on("data", (piece) => { text += piece; });
    answer.on("end", () => say({ status: answer.statusCode, body: text })); answer.on("error", (error) => say({ error: String(error) })); });
  out.on("connect", ({ statusCode: status }, socket) => { if (status !== 200) say({ status }); // What lies behind the tunnel is asked in plain text.
    socket.on("data", (bytes) => say({ status, body: String(bytes) })).on("close", () => say({ status })).on("error", () => say({ status }));
    socket.setTimeout(3000, () => say({ status })); socket.write("GET /tunnelled HTTP/1.1\\r\\nhost: " + to.host + "\\r\\nconnection: close\\r\\n\\r\\n"); });
  out.setTimeout(5000, () => say({ error: "no answer" })); out.on("error", (error) => say({ error: String(error.code ?? error) })); out.end(body);`;

/** Asks for a URL from inside, as a program does that knows of proxies. */
export async function ask(sandbox: Sandbox, url: string, options: AskOptions = {}): Promise<Answer> {
  return JSON.parse(await runNode(sandbox, script, [url, JSON.stringify(options)])) as Answer;
}
