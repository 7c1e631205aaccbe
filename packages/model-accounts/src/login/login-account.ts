import { realpath } from "node:fs/promises";
import type { LoginProgram } from "@glovebox/core/harness";
import { readHostText } from "@glovebox/core/host-files";
import {
  type AccountRequest,
  type Authorization,
  type ModelAccount,
  SandboxAuthenticationError,
  Secret,
} from "@glovebox/core/provider";
import { replaceFile } from "@glovebox/core/state";
import type { HostVariables } from "../host-variables.ts";
import { claudeLogin } from "./claude-login.ts";
import { codexLogin } from "./codex-login.ts";
import type { LoginFormat } from "./login-format.ts";
import type { LoginTokens } from "./login-tokens.ts";
import { withRefreshLock } from "./refresh-lock.ts";
import { requestTokens } from "./request-tokens.ts";

/** A token is renewed this long before it ends, so that a request that takes long does not outlive it at once. */
const marginMs = 5 * 60_000;
/** How long a request waits while another process renews the token. */
const lockTimeoutMs = 60_000;

/** Where a login lies, and where it is renewed. */
export interface LoginAccountOptions {
  /** Choose the login's file (`CLAUDE_CONFIG_DIR`, `CODEX_HOME`, `HOME`), and a proxy and certificates. */
  readonly env: HostVariables;
  /** Where tokens are renewed. Default: the program's own endpoint. */
  readonly tokenUrl?: string;
}

/** Returns an account that uses the login of a program on this host. Does no I/O. */
export function loginAccount(program: LoginProgram, { env, tokenUrl }: LoginAccountOptions): LoginAccount {
  const format = program === "claude" ? claudeLogin(env) : codexLogin(env);
  return new LoginAccount(tokenUrl === undefined ? format : { ...format, tokenUrl }, env);
}

/**
 * The subscription of a user who is logged in to Claude Code or Codex on this host. Each request gets the access token that the
 * login has at that moment. It is renewed once for all routes and processes of the host, and written back to the program's own
 * file, because a refresh token is valid only once. The refresh token goes to the token endpoint and nowhere else.
 */
export class LoginAccount implements ModelAccount {
  readonly wholeBody = true;
  readonly #format: LoginFormat;
  readonly #env: HostVariables;
  #tokens: LoginTokens | undefined;
  #renewal: Promise<void> | undefined;
  /** A refresh token that the endpoint has refused. */
  #refused: string | undefined;

  constructor(format: LoginFormat, env: HostVariables) {
    this.#format = format;
    this.#env = env;
  }

  get name(): string {
    return this.#format.name;
  }

  /** Throws `authentication` where there is no login to use. Renews nothing. */
  async check(): Promise<void> {
    await this.#read();
  }

  async authorize({ rejected }: Pick<AccountRequest, "rejected"> = {}): Promise<Authorization | undefined> {
    const rejectedToken = rejected?.secrets[0]?.reveal();
    const isUsable = (tokens: LoginTokens): boolean =>
      tokens.accessToken !== rejectedToken && !isEnding(tokens, marginMs);
    this.#tokens ??= await this.#read();
    if (!isUsable(this.#tokens)) await this.#renew(isUsable);
    const tokens = this.#tokens;
    if (tokens.accessToken === rejectedToken) return undefined;
    return {
      headers: { ...tokens.headers, authorization: `Bearer ${tokens.accessToken}` },
      secrets: [new Secret(this.name, tokens.accessToken)],
    };
  }

  /** One at a time: whoever comes while one is under way waits for it. */
  async #renew(isUsable: (tokens: LoginTokens) => boolean): Promise<void> {
    this.#renewal ??= this.#renewInTurn(isUsable).finally(() => {
      this.#renewal = undefined;
    });
    try {
      await this.#renewal;
    } catch (error) {
      // Before its end the old token serves; the next request tries again.
      if (this.#tokens === undefined || isEnding(this.#tokens, 0)) throw error;
    }
  }

  async #renewInTurn(isUsable: (tokens: LoginTokens) => boolean): Promise<void> {
    const isDone = async (): Promise<boolean> => {
      this.#tokens = await this.#read();
      return isUsable(this.#tokens) || this.#tokens.refreshToken === this.#refused;
    };
    await withRefreshLock(this.#format.lock, { isDone, timeoutMs: lockTimeoutMs }, () => this.#refresh());
    if (this.#tokens?.refreshToken === this.#refused) throw this.#ended();
  }

  async #refresh(): Promise<void> {
    const { file, tokenUrl, refreshBody, merge, read } = this.#format;
    const content = await this.#content();
    const tokens = read(content);
    if (tokens === undefined) throw this.#absent();
    const reply = await requestTokens(tokenUrl, refreshBody(tokens), { name: this.name, env: this.#env });
    if (reply === undefined) {
      this.#refused = tokens.refreshToken;
      return;
    }
    const renewed = merge(content, reply, new Date());
    // Some users keep the file elsewhere, behind a link.
    await replaceFile(await realpath(file), `${JSON.stringify(renewed, undefined, 2)}\n`);
    this.#tokens = read(renewed);
  }

  async #read(): Promise<LoginTokens> {
    const tokens = this.#format.read(await this.#content());
    if (tokens === undefined) throw this.#absent();
    return tokens;
  }

  async #content(): Promise<unknown> {
    try {
      const text = await readHostText(this.#format.file);
      return text === undefined ? undefined : JSON.parse(text);
    } catch (error) {
      // A parser's message may repeat a token, so it is never the cause.
      if (error instanceof SyntaxError) return undefined;
      throw new SandboxAuthenticationError((error as Error).message);
    }
  }

  #absent(): SandboxAuthenticationError {
    const { name, file, remedy } = this.#format;
    return new SandboxAuthenticationError(`${file} does not have ${name}`, { hint: remedy });
  }

  #ended(): SandboxAuthenticationError {
    const { name, remedy } = this.#format;
    return new SandboxAuthenticationError(`${sentence(name)} has ended: it could not be renewed`, { hint: remedy });
  }
}

function isEnding({ expiresAtMs }: LoginTokens, withinMs: number): boolean {
  return expiresAtMs !== undefined && expiresAtMs - Date.now() <= withinMs;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
