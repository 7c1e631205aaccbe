import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Provider from "oidc-provider";
import { expect, it } from "vitest";
import { startAttackedServer } from "./attacks/support/attacked-server.ts";

/** A browser's cookies, by origin. */
class Browser {
  readonly #cookies = new Map<string, Map<string, string>>();

  /** Follows no redirect by itself. */
  async go(url: string, init: RequestInit = {}): Promise<Response> {
    const { origin } = new URL(url);
    const jar = this.#cookies.get(origin) ?? new Map<string, string>();
    this.#cookies.set(origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(url, { ...init, redirect: "manual", headers: { ...init.headers, cookie } });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === "") jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  }

  /** Follows redirects until a page answers. */
  async follow(start: string): Promise<{ readonly url: string; readonly answer: Response }> {
    let url = start;
    for (let left = 12; left > 0; left -= 1) {
      const answer = await this.go(url);
      const location = answer.headers.get("location");
      if (location === null) return { url, answer };
      url = new URL(location, url).href;
    }
    throw new Error("too many redirects");
  }
}

/** A real OpenID provider, in which a login takes a name and no password. */
async function startProvider(groups: readonly string[]) {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const redirects: string[] = [];
  const client = { client_id: "glovebox", client_secret: "secret-of-the-client", redirect_uris: redirects };
  return {
    issuer,
    secret: client.client_secret,
    listen: (redirect: string) => {
      redirects.push(redirect);
      const provider = new Provider(issuer, {
        clients: [client],
        claims: { openid: ["sub", "groups", "preferred_username"] },
        conformIdTokenClaims: false,
        pkce: { required: () => true },
        features: { devInteractions: { enabled: true } },
        findAccount: (_context, id) => ({
          accountId: id,
          claims: () => ({ sub: id, groups: [...groups], preferred_username: "admin" }),
        }),
      });
      server.on("request", provider.callback());
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Fills in the provider's forms for a user: a login, and then the consent. */
async function logIn(browser: Browser, start: string, user: string): Promise<{ url: string; answer: Response }> {
  let page = await browser.follow(start);
  for (const body of [`prompt=login&login=${user}&password=x`, "prompt=consent"]) {
    const action = /action="([^"]+)"/.exec(await page.answer.text())?.[1];
    if (action === undefined) throw new Error(`no form at ${page.url}`);
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const answer = await browser.go(new URL(action, page.url).href, { method: "POST", headers, body });
    page = await browser.follow(new URL(answer.headers.get("location") ?? "", page.url).href);
  }
  return page;
}

async function withServer(
  groups: readonly string[],
  act: (url: string, browser: Browser) => Promise<void>,
): Promise<void> {
  await using provider = await startProvider(groups);
  const directory = mkdtempSync(join(tmpdir(), "glovebox-oidc-"));
  const config = join(directory, "server.json");
  const roles = { operators: "admin", developers: "runner" };
  const oidc = { issuer: provider.issuer, clientId: "glovebox", name: "Test", roleClaim: "groups", roles };
  writeFileSync(config, JSON.stringify({ oidc }));
  const env = { GLOVEBOX_SERVER_OIDC_SECRET: provider.secret };
  try {
    await using server = await startAttackedServer({ args: ["--config", config], env });
    provider.listen(`${server.url}/v1/session/oidc/callback`);
    await act(server.url, new Browser());
    expect(server.stderr()).not.toContain(provider.secret);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

it("logs users in by an OpenID provider, as users of their own with the role of their groups", {
  timeout: 240_000,
}, async () => {
  await withServer(["everyone", "developers"], async (url, browser) => {
    expect(await (await fetch(`${url}/v1/session/methods`)).json()).toEqual({ oidc: { name: "Test" } });
    const { url: end } = await logIn(browser, `${url}/v1/session/oidc`, "sub-1");
    expect(new URL(end).pathname).toBe("/");
    const me = (await (await browser.go(`${url}/v1/me`)).json()) as { user: { name: string; role: string } };
    expect(me.user, "the provider's `admin` is not the server's").toMatchObject({
      name: expect.stringMatching(/^admin \d+$/),
      role: "runner",
    });

    const other = new Browser();
    const location = (await other.go(`${url}/v1/session/oidc`)).headers.get("location") ?? "";
    const sent = new URL(location).searchParams;
    expect(sent.get("code_challenge_method")).toBe("S256");
    const state = sent.get("state") ?? "";
    const back = `${url}/v1/session/oidc/callback?code=forged&iss=${encodeURIComponent(new URL(location).origin)}`;
    expect((await other.go(`${back}&state=another`)).status, "another state").toBe(401);
    expect((await other.go(`${back}&state=${state}`)).status, "the cookie is used up").toBe(401);
    expect((await new Browser().go(`${back}&state=${state}`)).status, "another browser").toBe(401);
  });
});

it("refuses users of an OpenID provider whose groups give no role", { timeout: 240_000 }, async () => {
  await withServer(["everyone"], async (url, browser) => {
    const { url: end, answer } = await logIn(browser, `${url}/v1/session/oidc`, "sub-2");
    expect(new URL(end).pathname).toBe("/v1/session/oidc/callback");
    expect(answer.status).toBe(403);
    expect((await browser.go(`${url}/v1/me`)).status).toBe(401);
  });
});
