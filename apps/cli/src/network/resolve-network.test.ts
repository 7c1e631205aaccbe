import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ProjectSettings, type RunFlags, resolveSettings, type UserSettings } from "@glovebox/core/run-settings";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseNetworkWishes } from "./network-wishes.ts";
import { resolveNetwork } from "./resolve-network.ts";

let root: string;
let workspace: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "glovebox-cli-network-"));
  workspace = join(root, "project");
  mkdirSync(workspace);
  execFileSync("git", ["init", "--quiet"], { cwd: workspace });
  execFileSync("git", ["remote", "add", "origin", "git@code.example.com:a/b.git"], { cwd: workspace });
});
afterEach(() => rmSync(root, { recursive: true }));

const wishesOf = (flags: RunFlags, user: UserSettings = {}, project: ProjectSettings = {}) =>
  parseNetworkWishes(resolveSettings({ flags, user, project }).settings.network ?? "standard", flags, user);
const resolve = (
  options: RunFlags,
  more: {
    ask?: (question: string) => Promise<boolean | undefined>;
    env?: Record<string, string>;
    user?: UserSettings;
  } = {},
) =>
  resolveNetwork({
    wishes: wishesOf(options, more.user),
    sources: [{ name: "your environment", values: more.env ?? {} }],
    env: { HOME: root, NPM_CONFIG_GLOBALCONFIG: join(root, "none"), PIP_CONFIG_FILE: "/dev/null" },
    home: join(root, "state"),
    workspace,
    ask: more.ask,
  });
const hosts = async (resolved: ReturnType<typeof resolve>) => (await resolved).network.allow?.map(({ host }) => host);

describe("a git remote of the workspace", () => {
  it("stays out of reach where nobody can be asked, and the flag is named", async () => {
    const { network, refusedRemotes, warnings } = await resolve({}, { ask: async () => undefined });
    const reached = network.allow?.map(({ host }) => host);
    expect(reached).toEqual(expect.arrayContaining(["registry.npmjs.org", "pypi.org", "files.pythonhosted.org"]));
    expect(reached).not.toContain("code.example.com");
    expect(refusedRemotes).toEqual(["code.example.com"]);
    expect(warnings).toEqual([expect.stringContaining("--allow-host code.example.com")]);
  });

  it.each([true, false])("is asked about once, and the answer %s is stored for this user only", async (answer) => {
    const questions: string[] = [];
    const ask = async (question: string) => {
      questions.push(question);
      return answer;
    };
    await resolve({}, { ask });
    const again = await resolve({}, { ask });
    expect(questions).toEqual([expect.stringContaining("code.example.com")]);
    expect(again.network.allow?.some(({ host }) => host === "code.example.com")).toBe(answer);
    const file = join(root, "state", "trusted-remotes.json");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ [workspace]: { "code.example.com": answer } });
  });

  it("of another workspace was not agreed to", async () => {
    mkdirSync(join(root, "state"));
    const other = JSON.stringify({ "/elsewhere": { "code.example.com": true } });
    writeFileSync(join(root, "state", "trusted-remotes.json"), other);
    expect((await resolve({})).refusedRemotes).toEqual(["code.example.com"]);
    writeFileSync(join(root, "state", "trusted-remotes.json"), "{ torn");
    expect((await resolve({})).refusedRemotes).toEqual(["code.example.com"]);
  });

  it("that is allowed already is not asked about, nor in another mode", async () => {
    const ask = async (): Promise<boolean> => {
      throw new Error("asked");
    };
    for (const options of [
      { allowHost: ["*.example.com"] },
      { allowHost: ["code.example.com:443"] },
      { credential: ["code.example.com=TOKEN"] },
      { network: "sealed" },
      { network: "open" },
    ] as const) {
      expect((await resolve(options, { ask, env: { TOKEN: "t" } })).refusedRemotes).toEqual([]);
    }
  });
});

describe("the mode", () => {
  it("says what is added to what was allowed by name", async () => {
    const allowHost = ["example.com"];
    expect(await hosts(resolve({ network: "sealed", allowHost }))).toEqual(["example.com"]);
    expect(await hosts(resolve({ network: "open", allowHost }))).toEqual(
      expect.arrayContaining(["example.com", "pypi.org"]),
    );
    expect((await resolve({ network: "none" })).network).toEqual({ mode: "none" });
  });

  it("of the user's own configuration holds, with its hosts and credentials, unless an option says another", async () => {
    const own = { network: "sealed", allowHost: ["a.test"], credential: { "b.test": "TOKEN:private-token" } } as const;
    const { network } = await resolve({}, { user: own, env: { TOKEN: "t" } });
    expect(network).toMatchObject({ mode: "sealed", allow: [{ host: "a.test" }], credentials: [{ host: "b.test" }] });
    expect((await resolve({ network: "standard" }, { user: own, env: { TOKEN: "t" } })).network.mode).toBe("standard");
  });

  it("is narrowed by a project and never widened", () => {
    const mode = (user: UserSettings, project: ProjectSettings, flags: RunFlags = {}) =>
      wishesOf(flags, user, project).mode;
    expect(mode({}, { network: "sealed" })).toBe("sealed");
    expect(mode({ network: "none" }, { network: "sealed" })).toBe("none");
    expect(mode({ network: "open" }, { network: "none" })).toBe("none");
    expect(mode({}, { network: "sealed" }, { network: "open" })).toBe("open");
  });
});

describe("a credential", () => {
  it("is the value of the variable, the command line's before the configuration's and the registries' own", async () => {
    writeFileSync(join(root, ".npmrc"), "//registry.npmjs.org/:_authToken=from-npmrc\n");
    const user = { credential: { "git.test": "OTHER" } };
    const env = { TOKEN: "token-value", OTHER: "other-value" };
    const credential = ["git.test=TOKEN:basic", "registry.npmjs.org=OTHER"];
    const { network } = await resolve({ credential }, { user, env });
    expect(network.credentials?.map(({ host, secret }) => [host, secret.reveal()])).toEqual([
      ["git.test", "token-value"],
      ["registry.npmjs.org", "other-value"],
    ]);
    expect(JSON.stringify(network)).not.toMatch(/token-value|other-value|from-npmrc/);
  });

  it("of the configuration is left out with a warning where its variable is not set", async () => {
    const user = { network: "sealed" as const, credential: { "git.test": "TOKEN", "b.test": "OTHER" } };
    const { network, warnings } = await resolve({}, { user, env: { OTHER: "other-value" } });
    expect(network.credentials?.map(({ host }) => host)).toEqual(["b.test"]);
    expect(warnings).toEqual([expect.stringContaining("git.test is left out: the variable TOKEN is not set")]);
  });

  it.each([
    ["git.test=TOKEN", "the variable TOKEN is not set"],
    ["git.test=ghp_abcdefghijk", "the variable that it names is not set"],
    ["git.test=BAD", "no header can carry"],
  ])("%s is refused without what may be its value", async (text, message) => {
    const refused = resolve({ credential: [text] }, { env: { BAD: "two words" } });
    await expect(refused).rejects.toMatchObject({ code: "invalid-options", message: expect.stringContaining(message) });
    await expect(refused).rejects.toMatchObject({ message: expect.not.stringMatching(/ghp_|two words/) });
  });
});

it("none and a host contradict each other", () => {
  expect(() => wishesOf({ network: "none", allowHost: ["a.test"] })).toThrow("contradict");
});

it("takes one credential for a host from the command line, and its own port is another place", async () => {
  const env = { GIT_TOKEN: "git-token", OTHER_TOKEN: "other-token" };
  const twice = resolve({ credential: ["git.test=GIT_TOKEN", "git.test:443=OTHER_TOKEN"] }, { env });
  await expect(twice).rejects.toMatchObject({
    code: "invalid-options",
    message: "--credential is given twice for git.test",
  });
  const { network } = await resolve({ credential: ["git.test=GIT_TOKEN", "git.test:8443=OTHER_TOKEN"] }, { env });
  expect(network.credentials?.map(({ port, secret }) => [port, secret.name])).toEqual([
    [undefined, "GIT_TOKEN"],
    [8443, "OTHER_TOKEN"],
  ]);
});
