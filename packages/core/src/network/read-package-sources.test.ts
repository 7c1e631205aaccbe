import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HostRule } from "../provider/egress-policy.ts";
import { readPackageSources } from "./read-package-sources.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "glovebox-packages-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const read = (env: Record<string, string> = {}) =>
  readPackageSources({
    env,
    homeDirectory: join(root, "home"),
    systemDir: join(root, "etc"),
    nodePrefix: join(root, "usr"),
  });
/** How npm's files name a variable. */
const variable = (name: string) => `\${${name}}`;
const hosts = (rules: readonly HostRule[]) =>
  rules.map(({ host, port }) => (port === undefined ? host : `${host}:${port}`));

describe("where nothing is configured", () => {
  it("the defaults of npm and pip are reached, and nothing is set inside", async () => {
    const sources = await read();
    expect(hosts(sources.allow)).toEqual(["registry.npmjs.org", "pypi.org", "files.pythonhosted.org"]);
    expect(sources).toMatchObject({ credentials: [], env: {}, warnings: [] });
  });
});

describe("npm's configuration", () => {
  it("takes the place of the default, the user's before the system's, the environment before both", async () => {
    put("etc/npmrc", "registry=https://system.test/\n");
    put("usr/etc/npmrc", "@tools:registry=https://tools.test/npm\n");
    expect(hosts((await read()).allow)).toEqual(["system.test", "tools.test", "pypi.org", "files.pythonhosted.org"]);
    put("home/.npmrc", "registry = https://user.test:8443/npm\n");
    const own = await read();
    expect(hosts(own.allow)).toContain("user.test:8443");
    expect(own.env).toEqual({ npm_config_registry: "https://user.test:8443/npm/" });
    expect((await read({ NPM_CONFIG_REGISTRY: "https://env.test" })).env).toEqual({
      npm_config_registry: "https://env.test/",
    });
    expect((await read({ npm_config_registry: "https://env.test" })).env).toEqual({
      npm_config_registry: "https://env.test/",
    });
  });

  it("is not what a package manager took from a project's directory and handed down", async () => {
    const { allow, env, warnings } = await read({
      npm_command: "exec",
      npm_config_registry: "https://evil.test/",
      npm_config_userconfig: join(root, "evil.npmrc"),
    });
    expect(hosts(allow)).not.toContain("evil.test");
    expect(env).toEqual({});
    expect(warnings).toEqual([expect.stringContaining("NPM_CONFIG_REGISTRY")]);
  });

  it("brings its logins as rules that read packages and publish none, and never inside", async () => {
    put(
      "home/.npmrc",
      [
        "registry=https://mirror.test/repo/npm/",
        "@corp:registry=https://npm.corp.test/",
        "@old:registry=https://old.test/",
        `//mirror.test/repo/:_authToken=${variable("MIRROR_TOKEN")}`,
        `//npm.corp.test/:_auth=${Buffer.from("me:pass:word").toString("base64")}`,
        "//old.test/:username=you",
        `//old.test/:_password=${Buffer.from("hunter22").toString("base64")}`,
        "//elsewhere.test/:_authToken=unused-token",
      ].join("\n"),
    );
    const { credentials, env, warnings } = await read({ MIRROR_TOKEN: "mirror-token" });
    expect(credentials.map(({ host, scheme, username, secret }) => [host, scheme, username, secret.reveal()])).toEqual([
      ["mirror.test", "Bearer", undefined, "mirror-token"],
      ["npm.corp.test", "Basic", "me", "pass:word"],
      ["old.test", "Basic", "you", "hunter22"],
    ]);
    const methods = new Set(credentials[0]?.paths?.map(({ method, path }) => `${method} ${path}`));
    expect(methods).toContain("GET /repo/npm/*");
    expect(methods).toContain("POST /repo/npm/-/npm/v1/security/*");
    expect([...methods].filter((each) => each.startsWith("PUT") || each === "GET /*")).toEqual([]);
    expect(JSON.stringify({ credentials, env, warnings })).not.toMatch(/mirror-token|hunter22|pass:word|unused/);
  });

  it("says which login it cannot use, without its value", async () => {
    put("home/.npmrc", `//registry.npmjs.org/:_authToken=${variable("NOT_SET")}\n_auth=aHVudGVyMg==\n`);
    const { credentials, warnings } = await read();
    expect(credentials).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining("NOT_SET"), expect.stringContaining("names no registry")]);
    expect(warnings.join()).not.toContain("aHVudGVyMg");
  });
});

describe("pip's configuration", () => {
  it("is read from its files and the environment, with logins outside", async () => {
    put("etc/pip.conf", "[global]\nindex-url = https://system.test/simple\n");
    put(
      "home/.config/pip/pip.conf",
      "[global]\nindex_url: https://me:p%40ss@pypi.corp.test/repository/pypi/simple\n[install]\nextra-index-url =\n    https://one.test/simple\n    https://two.test:8443/+simple/\n",
    );
    const { allow, credentials, env } = await read();
    expect(hosts(allow)).toEqual(["registry.npmjs.org", "pypi.corp.test", "one.test", "two.test:8443"]);
    expect(env).toEqual({
      PIP_INDEX_URL: "https://pypi.corp.test/repository/pypi/simple/",
      PIP_EXTRA_INDEX_URL: "https://one.test/simple/ https://two.test:8443/+simple/",
    });
    expect(credentials).toMatchObject([{ host: "pypi.corp.test", scheme: "Basic", username: "me" }]);
    expect(credentials[0]?.secret.reveal()).toBe("p@ss");
    expect(credentials[0]?.paths).toContainEqual({ method: "GET", path: "/repository/pypi/*" });
  });

  it("of the environment wins, and an index without TLS is trusted inside as well", async () => {
    put("home/.pip/pip.conf", "[global]\nindex-url = https://file.test/simple\n");
    const { allow, env } = await read({ PIP_INDEX_URL: "http://plain.test:8081/simple" });
    expect(hosts(allow)).toEqual(["registry.npmjs.org", "plain.test:8081"]);
    expect(env).toEqual({ PIP_INDEX_URL: "http://plain.test:8081/simple/", PIP_TRUSTED_HOST: "plain.test:8081" });
  });

  it("keeps the default beside an extra index, and is off where pip's is", async () => {
    expect(hosts((await read({ PIP_EXTRA_INDEX_URL: "https://x.test" })).allow)).toEqual(
      expect.arrayContaining(["pypi.org", "files.pythonhosted.org", "x.test"]),
    );
    put("home/.pip/pip.conf", "[global]\nindex-url = https://file.test/simple\n");
    expect(hosts((await read({ PIP_CONFIG_FILE: "/dev/null" })).allow)).toContain("pypi.org");
  });
});

it("registries may be at private addresses, and one on this machine's loopback is reported", async () => {
  const { allow, warnings } = await read({ NPM_CONFIG_REGISTRY: "http://localhost:4873" });
  expect(allow.every(({ mayBePrivate }) => mayBePrivate)).toBe(true);
  expect(warnings).toEqual([expect.stringContaining("loopback")]);
});

it("one host with the same login for both gets one rule with the paths of both", async () => {
  put(
    "home/.npmrc",
    `registry=https://all.test/npm/\n//all.test/:_auth=${Buffer.from("me:same-pass").toString("base64")}\n`,
  );
  const same = await read({ PIP_INDEX_URL: "https://me:same-pass@all.test/pypi/simple" });
  expect(same.credentials).toHaveLength(1);
  expect(same.credentials[0]?.paths?.map(({ path }) => path)).toEqual(expect.arrayContaining(["/npm/*", "/pypi/*"]));
  const other = await read({ PIP_INDEX_URL: "https://me:other-pass@all.test/pypi/simple" });
  expect(other.warnings).toEqual([expect.stringContaining("more than one login")]);
});

it("what is no file is passed over", async () => {
  mkdirSync(join(root, "home/.npmrc"), { recursive: true });
  put("home/.pip/pip.conf", "\0[");
  expect(hosts((await read()).allow)).toContain("registry.npmjs.org");
});
