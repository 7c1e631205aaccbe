import { mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { claude, codex, hour, LoginFixture, requestAll } from "./login-fixture.ts";

describe.each([claude, codex])("the login of $program", (kind) => {
  it("is renewed once for 100 routes in 4 processes, whose requests never see a 401", async () => {
    const login = await LoginFixture.start(kind, Date.now() + hour);
    const children = await login.processes(4, 25);
    expect(await requestAll(children)).toEqual({ "200 ok": 100 });
    expect(login.refreshes).toHaveLength(0);

    // The API ends the token before its time: each request is sent again with the one renewed token.
    login.valid = "ended";
    expect(await requestAll(children)).toEqual({ "200 ok": 100 });
    expect(login.refreshes).toHaveLength(1);
    expect(login.rejected.length).toBeGreaterThan(0);

    // The file's token is about to end: the processes that start then renew it before they use it.
    login.rejected.length = 0;
    const soon = Date.now() + 1000;
    login.write(kind.token("ending", soon), "refresh-1", soon);
    const others = await login.processes(4, 25);
    expect(await requestAll(others)).toEqual({ "200 ok": 100 });
    expect(login.refreshes).toHaveLength(2);
    expect(login.rejected).toEqual([]);

    // The first processes take the token that others have renewed from the file.
    expect(await requestAll(children)).toEqual({ "200 ok": 100 });
    expect(login.refreshes).toHaveLength(2);

    expect(statSync(login.file).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(login.file))).toEqual([kind.file.split("/")[1]]);
    expect(JSON.stringify(login.headers)).not.toContain("refresh-");
  });
});

it("writes what the program itself would find, and keeps what it does not know", async () => {
  const forClaude = await LoginFixture.start(claude, Date.now() + 1000);
  await forClaude.account().authorize();
  expect(forClaude.refreshes).toMatchObject([
    { grant_type: "refresh_token", refresh_token: "refresh-0", scope: "user:inference" },
  ]);
  const { claudeAiOauth, mcpOAuth } = forClaude.read();
  expect(mcpOAuth).toEqual({ kept: true });
  expect(claudeAiOauth).toMatchObject({
    accessToken: "sk-ant-oat01-token-1",
    refreshToken: "refresh-1",
    subscriptionType: "max",
    scopes: ["user:inference"],
  });
  expect(claudeAiOauth.expiresAt).toBeGreaterThan(Date.now() + 7 * hour);

  const forCodex = await LoginFixture.start(codex, Date.now() + 1000);
  const authorization = await forCodex.account().authorize();
  expect(authorization?.headers).toEqual({
    authorization: `Bearer ${forCodex.valid}`,
    "chatgpt-account-id": "account-1",
  });
  const { OPENAI_API_KEY, tokens, last_refresh } = forCodex.read();
  expect(OPENAI_API_KEY).toBeNull();
  expect(tokens).toEqual({
    id_token: "id",
    access_token: forCodex.valid,
    refresh_token: "refresh-1",
    account_id: "account-1",
  });
  expect(Date.parse(last_refresh)).toBeGreaterThan(Date.now() - hour);
});

describe("a login that cannot be renewed", () => {
  it("serves until its token ends, and then says how to log in again, with no token in the error", async () => {
    const login = await LoginFixture.start(claude, Date.now() + 60_000);
    login.failure = 503;
    expect((await login.account().authorize())?.headers).toEqual({ authorization: "Bearer sk-ant-oat01-token-0" });

    login.failure = 400;
    login.write("sk-ant-oat01-old", "refresh-old", Date.now() - 1);
    const account = login.account();
    const failure = await account.authorize().then(
      () => new Error("nothing failed"),
      (error: Error) => error,
    );
    expect(failure).toMatchObject({ code: "authentication", hint: expect.stringContaining("/login") });
    expect(JSON.stringify(failure) + failure.stack).not.toMatch(/sk-ant|refresh-old/);
    const requests = login.refreshes.length;
    await expect(account.authorize()).rejects.toMatchObject({ code: "authentication" });
    expect(login.refreshes).toHaveLength(requests);
  });

  it.each([
    ["absent", undefined],
    ["not JSON", '{"claudeAiOauth": "sk-ant-oat01-cut'],
    ["without a refresh token", '{"claudeAiOauth":{"accessToken":"sk-ant-oat01-x"}}'],
  ])("says that there is no login in a file that is %s", async (_, content) => {
    const login = new LoginFixture(claude, 0);
    if (content === undefined) rmSync(login.file);
    else writeFileSync(login.file, content);
    const failure = await login
      .account()
      .check()
      .then(
        () => new Error("nothing failed"),
        (error: Error) => error,
      );
    // A sandbox gets to see the message.
    const message = expect.not.stringContaining(login.file);
    expect(failure).toMatchObject({ code: "authentication", message, hint: expect.stringContaining("/login") });
    expect(JSON.stringify(failure) + failure.stack).not.toContain("sk-ant");
  });
});

it("uses no tokens of Codex that another way to log in has replaced", async () => {
  const login = await LoginFixture.start(codex, Date.now() + hour);
  writeFileSync(login.file, JSON.stringify({ auth_mode: "apikey", ...login.read() }));
  await expect(login.account().check()).rejects.toMatchObject({ code: "authentication" });
});

it("takes what another program has written when its own refresh token is refused for that", async () => {
  const login = await LoginFixture.start(codex, Date.now() - 1);
  // That program writes what it got after this one has been refused.
  login.onRefresh = () =>
    setTimeout(() => login.write(codex.token("by-codex", Date.now() + hour), "refresh-by-codex", 0), 300);
  login.failure = 401;
  const authorization = await login.account().authorize();
  expect(authorization?.headers.authorization).toBe(`Bearer ${login.read().tokens.access_token}`);
  expect(login.read().tokens.refresh_token).toBe("refresh-by-codex");
});

it("does not renew a token again that is rejected right after its renewal", async () => {
  const login = await LoginFixture.start(claude, Date.now() - 1);
  const account = login.account();
  const rejected = await account.authorize();
  expect(rejected?.headers).toEqual({ authorization: "Bearer sk-ant-oat01-token-1" });
  expect(await account.authorize(rejected && { rejected })).toBeUndefined();
  expect(login.refreshes).toHaveLength(1);
});

it("waits while Claude Code itself renews the login, and takes over a lock whose holder is gone", async () => {
  const login = await LoginFixture.start(claude, Date.now() - 1);
  const lock = join(login.home, ".claude/.oauth_refresh.lock");
  mkdirSync(lock);
  const waiting = login.account().authorize();
  login.write("sk-ant-oat01-by-claude", "refresh-by-claude", Date.now() + hour);
  expect((await waiting)?.headers).toEqual({ authorization: "Bearer sk-ant-oat01-by-claude" });
  expect(login.refreshes).toHaveLength(0);

  const longAgo = new Date(Date.now() - 120_000);
  utimesSync(lock, longAgo, longAgo);
  login.write("sk-ant-oat01-old", "refresh-0", Date.now() - 1);
  expect((await login.account().authorize())?.headers).toEqual({ authorization: `Bearer ${login.valid}` });
  expect(login.refreshes).toHaveLength(1);
});
