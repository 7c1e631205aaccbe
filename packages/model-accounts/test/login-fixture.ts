import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { json } from "node:stream/consumers";
import { afterEach } from "vitest";
import { type AccountProgram, loginAccount } from "../src/index.ts";

export const hour = 3_600_000;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

export function cleanup(work: () => unknown): void {
  cleanups.push(work);
}

export async function listen(handler: RequestListener): Promise<string> {
  const server = createServer(handler).listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanup(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** How a program keeps its login. */
export interface Kind {
  readonly program: AccountProgram;
  readonly file: string;
  /** The access token as this program has one. */
  token(name: string, expiresAtMs: number): string;
  content(accessToken: string, refreshToken: string, expiresAtMs: number): unknown;
}

export const claude: Kind = {
  program: "claude",
  file: ".claude/.credentials.json",
  token: (name) => `sk-ant-oat01-${name}`,
  content: (accessToken, refreshToken, expiresAt) => ({
    claudeAiOauth: { accessToken, refreshToken, expiresAt, scopes: ["user:inference"], subscriptionType: "max" },
    mcpOAuth: { kept: true },
  }),
};

export const codex: Kind = {
  program: "codex",
  file: ".codex/auth.json",
  token: (name, expiresAtMs) => {
    const claims = JSON.stringify({ exp: Math.floor(expiresAtMs / 1000), name });
    return `header.${Buffer.from(claims).toString("base64url")}.signature`;
  },
  content: (access_token, refresh_token) => ({
    OPENAI_API_KEY: null,
    tokens: { id_token: "id", access_token, refresh_token, account_id: "account-1" },
    last_refresh: "2026-11-01T00:00:00Z",
  }),
};

/** A login on a host of its own, the endpoint that renews it, and an API that accepts one token. */
export class LoginFixture {
  readonly home = mkdtempSync(join(tmpdir(), "glovebox-login-"));
  readonly kind: Kind;
  /** What the endpoint was asked. */
  readonly refreshes: unknown[] = [];
  /** What the API refused. */
  readonly rejected: string[] = [];
  /** The headers of the requests to the API. */
  readonly headers: unknown[] = [];
  /** The token that the API accepts: the one that the endpoint gave last. */
  valid: string;
  /** What the endpoint answers instead of tokens. */
  failure: number | undefined;
  /** Called before the endpoint answers. */
  onRefresh = (): void => {};
  #refreshToken = "refresh-0";
  #tokenUrl = "";
  #upstream = "";

  constructor(kind: Kind, expiresAtMs: number) {
    this.kind = kind;
    this.valid = kind.token("token-0", expiresAtMs);
    cleanup(() => rmSync(this.home, { recursive: true, force: true }));
    mkdirSync(dirname(this.file), { recursive: true });
    this.write(this.valid, this.#refreshToken, expiresAtMs);
  }

  static async start(kind: Kind, expiresAtMs: number): Promise<LoginFixture> {
    const fixture = new LoginFixture(kind, expiresAtMs);
    fixture.#tokenUrl = await listen(async (request, response) => {
      const body = (await json(request)) as { readonly refresh_token: string };
      fixture.refreshes.push(body);
      fixture.onRefresh();
      if (fixture.failure !== undefined) return void response.writeHead(fixture.failure).end("{}");
      // A refresh token is good once: whoever sends it again has not waited.
      if (body.refresh_token !== fixture.#refreshToken) return void response.writeHead(400).end("{}");
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(fixture.#renewed()));
    });
    fixture.#upstream = await listen((request, response) => {
      request.resume();
      fixture.headers.push(request.headers);
      const { authorization = "" } = request.headers;
      const isValid = authorization === `Bearer ${fixture.valid}`;
      if (!isValid) fixture.rejected.push(authorization);
      response.writeHead(isValid ? 200 : 401).end(isValid ? "ok" : "no");
    });
    return fixture;
  }

  get file(): string {
    return join(this.home, this.kind.file);
  }

  read() {
    return JSON.parse(readFileSync(this.file, "utf8"));
  }

  write(accessToken: string, refreshToken: string, expiresAtMs: number): void {
    const content = this.kind.content(accessToken, refreshToken, expiresAtMs);
    writeFileSync(this.file, JSON.stringify(content), { mode: 0o644 });
  }

  account() {
    return loginAccount(this.kind.program, { env: { HOME: this.home }, tokenUrl: this.#tokenUrl });
  }

  async processes(count: number, routes: number): Promise<ChildProcess[]> {
    const start = { program: this.kind.program, routes, upstream: this.#upstream, tokenUrl: this.#tokenUrl };
    const children = Array.from({ length: count }, () =>
      fork(join(import.meta.dirname, "login-child.ts"), {
        execArgv: ["--conditions=@glovebox/source"],
        env: { PATH: process.env.PATH, HOME: this.home },
      }),
    );
    cleanup(() => children.map((child) => child.kill("SIGKILL")));
    await Promise.all(
      children.map((child) => {
        child.send(start);
        return once(child, "message");
      }),
    );
    return children;
  }

  #renewed(): object {
    const number = this.refreshes.length;
    this.#refreshToken = `refresh-${number}`;
    this.valid = this.kind.token(`token-${number}`, Date.now() + 8 * hour);
    return { access_token: this.valid, refresh_token: this.#refreshToken, expires_in: 8 * 3600 };
  }
}

/** What each route of each process answers to a request that all of them send at once: how often which. */
export async function requestAll(children: readonly ChildProcess[]): Promise<Record<string, number>> {
  const answers = await Promise.all(
    children.map(async (child) => {
      child.send("request");
      return (await once(child, "message"))[0] as string[];
    }),
  );
  const counts: Record<string, number> = {};
  for (const answer of answers.flat()) counts[answer] = (counts[answer] ?? 0) + 1;
  return counts;
}
