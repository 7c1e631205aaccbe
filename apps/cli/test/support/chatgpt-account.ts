import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import type { Stage } from "./stage.ts";

const accountId = "account-1";

/** A ChatGPT login that has ended, the server that renews it, and the API that accepts what that server gave last. */
export class ChatgptAccount implements AsyncDisposable {
  /** Where Codex keeps the login. */
  readonly directory: string;
  readonly refreshes: unknown[] = [];
  /** The status of each answer of the API. */
  readonly statuses: (number | undefined)[] = [];
  upgrades = 0;
  readonly #stage: Stage;
  readonly #server = createServer((message, response) => void this.#answer(message, response));
  #valid = "";

  private constructor(stage: Stage) {
    this.#stage = stage;
    this.directory = join(stage.home, "codex");
    this.#server.on("upgrade", (_, socket) => {
      this.upgrades += 1;
      socket.destroy();
    });
  }

  static async start(stage: Stage): Promise<ChatgptAccount> {
    const account = new ChatgptAccount(stage);
    mkdirSync(account.directory, { recursive: true });
    account.writeEnded();
    await new Promise<void>((resolve) => account.#server.listen(0, "127.0.0.1", resolve));
    return account;
  }

  /** A login whose token has ended, and whose refresh token is good once. */
  writeEnded(): void {
    const ended = tokenOf("ended", -60);
    const tokens = { id_token: ended, access_token: ended, refresh_token: "refresh-0", account_id: accountId };
    const login = { auth_mode: "chatgpt", OPENAI_API_KEY: null, tokens, last_refresh: new Date().toISOString() };
    writeFileSync(join(this.directory, "auth.json"), JSON.stringify(login), { mode: 0o600 });
  }

  /** The environment of a host with that login. */
  get env(): Readonly<Record<string, string>> {
    const url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return {
      CODEX_HOME: this.directory,
      CODEX_REFRESH_TOKEN_URL_OVERRIDE: `${url}/oauth/token`,
      CODEX_CHATGPT_BASE_URL: `${url}/backend-api/codex`,
    };
  }

  async #answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    if (message.url === "/oauth/token") {
      const body = (await json(message)) as { readonly refresh_token: string };
      this.refreshes.push(body);
      // A refresh token is good once.
      if (body.refresh_token !== `refresh-${this.refreshes.length - 1}`) return void response.writeHead(401).end("{}");
      this.#valid = tokenOf("renewed", 3600);
      const tokens = { access_token: this.#valid, id_token: this.#valid, refresh_token: "refresh-1" };
      return void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(tokens));
    }
    const { authorization, "chatgpt-account-id": id, ...headers } = message.headers;
    if (
      authorization !== `Bearer ${this.#valid}` ||
      id !== accountId ||
      message.url !== "/backend-api/codex/responses"
    ) {
      this.statuses.push(401);
      return void response.writeHead(401).end("{}");
    }
    const upstream = request(
      `${this.#stage.modelUrl}/v1/responses`,
      { method: "POST", headers: { ...headers, authorization: `Bearer ${this.#stage.key}` } },
      (answer) => {
        this.statuses.push(answer.statusCode);
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    message.pipe(upstream);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** As much of a token of ChatGPT as Codex reads. */
function tokenOf(name: string, endsInSeconds: number): string {
  const claims = {
    exp: Math.floor(Date.now() / 1000) + endsInSeconds,
    name,
    email: "a@example.com",
    "https://api.openai.com/auth": { chatgpt_plan_type: "pro", chatgpt_account_id: accountId },
  };
  return [{ alg: "none" }, claims, {}].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
}
