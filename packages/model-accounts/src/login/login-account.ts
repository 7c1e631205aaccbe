import { access, constants, realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
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
/** A token that is rejected so soon after its renewal is not rejected for its age: renewing it again would change nothing. */
const freshMs = 60_000;
/** How long another program that has used the refresh token may take to write what it got. */
const writingMs = 2000;
const lookAgainMs = 100;

/** The programs whose login on the host is understood. */
export type AccountProgram = "claude" | "codex";

/** Where a login lies, and where it is renewed. */
export interface LoginAccountOptions {
  /** Choose the login's file (`CLAUDE_CONFIG_DIR`, `CODEX_HOME`, `HOME`), and a proxy and certificates. */
  readonly env: HostVariables;
  /** Where tokens are renewed. Default: the program's own endpoint. */
  readonly tokenUrl?: string;
}

/** Returns an account that uses the login of a program on this host. Does no I/O. */
export function loginAccount(program: AccountProgram, { env, tokenUrl }: LoginAccountOptions): LoginAccount {
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
  #renewed: { readonly token: string; readonly atMs: number } | undefined;

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
      return isUsable(this.#tokens) || this.#tokens.refreshToken === this.#refused || this.#isFresh(this.#tokens);
    };
    await withRefreshLock(this.#format.lock, { isDone, timeoutMs: lockTimeoutMs }, () => this.#refresh());
    if (this.#tokens?.refreshToken === this.#refused) throw this.#ended();
  }

  async #refresh(): Promise<void> {
    const { tokenUrl, refreshBody, merge, read } = this.#format;
    const tokens = await this.#read();
    const place = await this.#writablePlace();
    const reply = await requestTokens(tokenUrl, refreshBody(tokens), { name: this.name, env: this.#env });
    // The request takes a while: what another program has written meanwhile stays, and may be why this one was refused.
    const current = reply === undefined ? await this.#writtenAfter(tokens) : await this.#read();
    if (current.refreshToken !== tokens.refreshToken) {
      this.#tokens = current;
      return;
    }
    if (reply === undefined) {
      this.#refused = tokens.refreshToken;
      return;
    }
    const renewed = merge(await this.#content(), reply, new Date());
    this.#tokens = read(renewed);
    if (this.#tokens !== undefined) this.#renewed = { token: this.#tokens.accessToken, atMs: Date.now() };
    await replaceFile(place, `${JSON.stringify(renewed, undefined, 2)}\n`);
  }

  #isFresh({ accessToken }: LoginTokens): boolean {
    return accessToken === this.#renewed?.token && Date.now() - this.#renewed.atMs < freshMs;
  }

  /** What another program writes that has used up the refresh token just before; the same tokens where none does. */
  async #writtenAfter({ refreshToken }: LoginTokens): Promise<LoginTokens> {
    const deadline = Date.now() + writingMs;
    for (;;) {
      // While it is being written, there may be no login in the file.
      const tokens = this.#format.read(await this.#content());
      if (tokens !== undefined && tokens.refreshToken !== refreshToken) return tokens;
      if (Date.now() > deadline) return await this.#read();
      await sleep(lookAgainMs);
    }
  }

  /** The login's file, once it is clear that it can be replaced: a refresh token is good for one use. */
  async #writablePlace(): Promise<string> {
    try {
      // Some users keep the file elsewhere, behind a link.
      const place = await realpath(this.#format.file);
      await access(dirname(place), constants.W_OK);
      return place;
    } catch (error) {
      const { code = "unknown error" } = error as NodeJS.ErrnoException;
      throw new SandboxAuthenticationError(
        `${sentence(this.name)} cannot be renewed: its file cannot be replaced (${code})`,
      );
    }
  }

  async #read(): Promise<LoginTokens> {
    const tokens = this.#format.read(await this.#content());
    if (tokens === undefined) throw this.#absent();
    return tokens;
  }

  /** What it throws is shown inside: nothing of it names a place on the host. */
  async #content(): Promise<unknown> {
    try {
      const text = await readHostText(this.#format.file);
      return text === undefined ? undefined : JSON.parse(text);
    } catch (error) {
      // A parser's message may repeat a token, so it is never the cause.
      if (error instanceof SyntaxError) return undefined;
      throw new SandboxAuthenticationError(
        `${sentence(this.name)} cannot be read: its file is too large, or no file of yours`,
      );
    }
  }

  #absent(): SandboxAuthenticationError {
    const { name, remedy } = this.#format;
    return new SandboxAuthenticationError(`${sentence(name)} was not found on this host`, { hint: remedy });
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
