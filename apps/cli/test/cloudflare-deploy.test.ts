import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { accountId, namespaceOf, startFakeCloudflare, startForwardProxy } from "./support/fake-cloudflare.ts";
import { type Stage, setStage } from "./support/stage.ts";

async function initManaged(stage: Stage): Promise<void> {
  const { code, stderr } = await stage.glovebox(["cloudflare", "init", "--managed-image"]).done;
  expect(code, stderr).toBe(0);
}

describe("glovebox cloudflare deploy, with the real wrangler against an API on this machine", () => {
  it("uploads, gives the key as a secret, waits until the Worker answers, and saves it; destroy takes all back", async () => {
    await using stage = await setStage({ turns: [] });
    await using api = await startFakeCloudflare();
    await initManaged(stage);
    const args = ["cloudflare", "deploy", "--url", api.url];
    const done = await stage.glovebox([...args, "--save", "--execute"], { env: api.env }).done;
    expect(done.code, done.stderr).toBe(0);
    expect(api.metadata()).toMatchObject({
      containers: [{ class_name: "SandboxObject", name: "glovebox" }],
      bindings: expect.arrayContaining([
        expect.objectContaining({ name: "SANDBOX", type: "durable_object_namespace", class_name: "SandboxObject" }),
        expect.objectContaining({ name: "REGISTRY", class_name: "SandboxRegistry" }),
        expect.objectContaining({
          name: "GLOVEBOX_SETTINGS",
          json: expect.objectContaining({ images: { base: "cloudflare/debian-trixie" } }),
        }),
      ]),
    });
    expect([...api.applications]).toEqual([[namespaceOf("SandboxObject"), "glovebox"]]);
    const key = api.secrets.get("GLOVEBOX_API_KEY") ?? "";
    expect(key).toMatch(/^gbx_[0-9a-f]{64}$/);
    expect(api.secrets.get("ANTHROPIC_API_KEY")).toBe(stage.key);
    const secret = api.calls.filter(({ body }) => body.includes(key) || body.includes(stage.key));
    expect(secret.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `PUT /accounts/${accountId}/workers/scripts/glovebox/secrets`,
      `PUT /accounts/${accountId}/workers/scripts/glovebox/secrets`,
    ]);
    for (const hidden of [key, stage.key, api.token]) expect(done.stdout + done.stderr).not.toContain(hidden);
    const config = join(stage.home, "config.json");
    expect(statSync(config).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(config, "utf8"))).toEqual({
      $schema: "./config.schema.json",
      providers: { cloudflare: { url: api.url, apiKey: key } },
    });

    const again = await stage.glovebox([...args, "--json"], { env: api.env }).done;
    expect(again.code, again.stderr).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ url: api.url, apiKey: key });
    await stage.glovebox([...args, "--new-key", "--json"], { env: api.env }).done;
    expect(api.secrets.get("GLOVEBOX_API_KEY")).not.toBe(key);
    writeFileSync(config, readFileSync(config, "utf8").replace(key, api.secrets.get("GLOVEBOX_API_KEY") ?? ""));

    api.sandboxes.add("0".repeat(32));
    const refused = await stage.glovebox(["cloudflare", "destroy"], { env: { ...api.env, CI: "1" } }).done;
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("not confirmed") });
    const destroyed = await stage.glovebox(["cloudflare", "destroy", "--yes"], { env: api.env }).done;
    expect(destroyed.code, destroyed.stderr).toBe(0);
    expect([...api.sandboxes, ...api.applications]).toEqual([]);
    expect(api.calls.some(({ method, path }) => method === "DELETE" && path.endsWith("/services/glovebox"))).toBe(true);
    expect(JSON.parse(readFileSync(config, "utf8"))).toEqual({
      $schema: "./config.schema.json",
      providers: { cloudflare: {} },
    });
    const once = await stage.glovebox(["cloudflare", "destroy", "--yes"], { env: api.env }).done;
    expect(once).toMatchObject({ code: 0, stdout: "glovebox was not there\n" });
  }, 240_000);

  it("says which of the token and the account is wrong, before anything is done", async () => {
    await using stage = await setStage({ turns: [] });
    await using api = await startFakeCloudflare({ accounts: ["f".repeat(32)] });
    await initManaged(stage);
    const deploy = async (env: Readonly<Record<string, string | undefined>>) =>
      await stage.glovebox(["cloudflare", "deploy"], { env: { ...api.env, ...env } }).done;
    const cases = [
      [{ CLOUDFLARE_API_TOKEN: undefined }, "CLOUDFLARE_API_TOKEN is not set"],
      [{ CLOUDFLARE_ACCOUNT_ID: undefined }, "CLOUDFLARE_ACCOUNT_ID is not set"],
      [{ CLOUDFLARE_ACCOUNT_ID: "me@example.com" }, "is not an account id"],
      [{ CLOUDFLARE_API_TOKEN: "another" }, "Cloudflare rejected CLOUDFLARE_API_TOKEN"],
      [{}, `has no access to account ${accountId}`],
      [{ CLOUDFLARE_API_BASE_URL: "http://127.0.0.1:1" }, "Cannot reach Cloudflare's API"],
    ] as const;
    for (const [env, message] of cases) {
      const done = await deploy(env);
      expect(done).toMatchObject({ code: 3, stdout: "" });
      expect(done.stderr).toContain(message);
      expect(done.stderr).not.toContain(api.token);
    }
    // By way of the host's proxy, the one thing that knows the name.
    await using proxy = await startForwardProxy(new URL(api.url));
    const env = { CLOUDFLARE_API_BASE_URL: "http://api.example.test/client/v4", http_proxy: proxy.url };
    expect((await deploy(env)).stderr).toContain("has no access to account");
    expect(api.calls.every(({ method }) => method === "GET")).toBe(true);
  }, 120_000);

  it("does not deploy an image of one's own without Docker, and says what to do", async () => {
    await using stage = await setStage({ turns: [] });
    await using api = await startFakeCloudflare();
    await stage.glovebox(["cloudflare", "init"]).done;
    const env = { ...api.env, WRANGLER_DOCKER_BIN: "/nowhere/docker" };
    const done = await stage.glovebox(["cloudflare", "deploy"], { env }).done;
    expect(done.code).toBe(3);
    expect(done.stderr).toContain("glovebox cloudflare init --managed-image");
    expect(api.calls.every(({ method }) => method === "GET")).toBe(true);
  }, 120_000);
});

describe("a dry run of the generated project", () => {
  it.each([
    ["without Docker", { DOCKER_HOST: "unix:///nowhere/docker.sock" }, "Skipped the image"],
    ["with it", {}, "Image base: glovebox/sandbox:"],
  ])(
    "passes %s",
    async (_, env, said) => {
      await using stage = await setStage({ turns: [] });
      await stage.glovebox(["cloudflare", "init"]).done;
      const done = await stage.glovebox(["cloudflare", "deploy", "--dry-run"], { env }).done;
      expect(done.code, done.stderr).toBe(0);
      expect(done.stderr).toContain(said);
      expect(done.stderr).toContain("env.SANDBOX (SandboxObject)");
      expect(done.stderr).toContain("- SandboxObject (durable_object)");
      expect(existsSync(join(stage.directory, "glovebox-cloudflare/.dev.vars"))).toBe(false);
    },
    240_000,
  );

  it("gives what the project runs to build itself no token", async () => {
    await using stage = await setStage({ turns: [] });
    await initManaged(stage);
    const config = join(stage.directory, "glovebox-cloudflare/wrangler.jsonc");
    const build = '{ /* mine */ "build": { "command": "env > seen.txt" },';
    writeFileSync(config, readFileSync(config, "utf8").replace("{", build));
    const env = { CLOUDFLARE_API_TOKEN: "the-token", CLOUDFLARE_ACCOUNT_ID: accountId };
    const done = await stage.glovebox(["cloudflare", "deploy", "--dry-run"], { env }).done;
    expect(done.code, done.stderr).toBe(0);
    const seen = readFileSync(join(stage.directory, "glovebox-cloudflare/seen.txt"), "utf8");
    expect(seen).toContain("PATH=");
    for (const secret of ["the-token", stage.key]) expect(seen).not.toContain(secret);
  }, 120_000);
});
