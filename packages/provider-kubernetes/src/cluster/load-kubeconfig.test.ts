import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type KubeconfigOptions, loadKubeconfig } from "./load-kubeconfig.ts";

const token = "t0ken-that-nobody-sees";
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "glovebox-kubeconfig-"));
});
afterEach(() => rmSync(root, { recursive: true }));

interface Entry {
  readonly name: string;
  readonly namespace?: string;
  readonly user?: Readonly<Record<string, unknown>>;
  readonly cluster?: Readonly<Record<string, unknown>>;
}

function kubeconfig(current: string, entries: readonly Entry[]): string {
  return JSON.stringify({
    "current-context": current,
    clusters: entries.map(({ name, cluster }) => ({ name, cluster: { server: `https://${name}.test`, ...cluster } })),
    users: entries.map(({ name, user }) => ({ name, user: { token, ...user } })),
    contexts: entries.map(({ name, namespace }) => ({ name, context: { cluster: name, user: name, namespace } })),
  });
}

function write(name: string, text: string): string {
  const path = join(root, name);
  writeFileSync(path, text);
  return path;
}

const load = (options: KubeconfigOptions, env: NodeJS.ProcessEnv = {}) =>
  loadKubeconfig(options, { HOME: root, ...env });

describe("the kubeconfig", () => {
  it("is the setting's, else that of KUBECONFIG, else the one in the home directory", async () => {
    mkdirSync(join(root, ".kube"));
    const home = write(".kube/config", kubeconfig("home", [{ name: "home" }]));
    const named = write("named", kubeconfig("named", [{ name: "named" }]));
    const set = write("set", kubeconfig("set", [{ name: "set", namespace: "own" }]));
    const sources = [
      await load({ kubeconfig: set }, { KUBECONFIG: named }),
      await load({}, { KUBECONFIG: named }),
      await load({}, { KUBECONFIG: "" }),
    ].map(({ source, context, server, namespace }) => [source, context, server.host, namespace]);
    expect(sources).toEqual([
      [set, "set", "set.test", "own"],
      [named, "named", "named.test", "default"],
      [home, "home", "home.test", "default"],
    ]);
  });

  it("may be several files: a missing one is left out, and of each name the first counts", async () => {
    const first = write("first", kubeconfig("", [{ name: "a", namespace: "first" }]));
    const second = write("second", kubeconfig("b", [{ name: "a", namespace: "second" }, { name: "b" }]));
    const KUBECONFIG = [first, join(root, "missing"), "", write("empty", "\n"), second].join(delimiter);
    expect(await load({}, { KUBECONFIG })).toMatchObject({ context: "b" });
    expect(await load({ context: "a" }, { KUBECONFIG })).toMatchObject({ context: "a", namespace: "first" });
    expect(await load({ context: "a", namespace: "mine" }, { KUBECONFIG })).toMatchObject({ namespace: "mine" });
  });

  it("may name files, from its own directory, which are read with it", async () => {
    write("ca.pem", "certificate");
    write("key.pem", "key");
    write("token", `${token}\n`);
    const user = { token: undefined, tokenFile: "token", "client-key": "key.pem", "client-certificate": "ca.pem" };
    const entry = { name: "a", user, cluster: { "certificate-authority": "ca.pem" } };
    const { config } = await load({ kubeconfig: write("config", kubeconfig("a", [entry])) });
    const base64 = (text: string): string => Buffer.from(text).toString("base64");
    expect(config.getCurrentCluster()).toMatchObject({ caData: base64("certificate") });
    expect(config.getCurrentUser()).toMatchObject({
      certData: base64("certificate"),
      keyData: base64("key"),
      authProvider: { config: { tokenFile: join(root, "token") } },
    });
  });
});

describe("a kubeconfig that cannot be used is invalid-options, in one line without a word of its secrets:", () => {
  const good = kubeconfig("prod", [{ name: "prod" }, { name: "test" }]);

  it.each<[string, (path: string) => void, KubeconfigOptions, string, string]>([
    ["missing", () => {}, {}, "does not exist", "KUBECONFIG"],
    ["a directory", (path) => mkdirSync(path), {}, "a directory", "KUBECONFIG"],
    ["a named pipe", (path) => execFileSync("mkfifo", [path]), {}, "a named pipe", "KUBECONFIG"],
    ["huge", (path) => writeFileSync(path, Buffer.alloc(5 * 1024 * 1024, "a")), {}, "larger than", "KUBECONFIG"],
    ["not text", (path) => writeFileSync(path, Buffer.from([0x80, 0, 1])), {}, "UTF-8", "UTF-8"],
    [
      "not YAML",
      (path) => writeFileSync(path, `a: 1\nb: "${token}`),
      {},
      "is not valid YAML (line",
      "kubectl config view",
    ],
    ["a list", (path) => writeFileSync(path, `[${token}]`), {}, "is not a kubeconfig", "kubectl config view"],
    ["a text", (path) => writeFileSync(path, token), {}, "is not a kubeconfig", "kubectl config view"],
    [
      "without a server",
      (path) => writeFileSync(path, '{"clusters":[{"name":"a","cluster":{"x":1}}]}'),
      {},
      "server is missing",
      "kubectl config view",
    ],
    ["without a context", (path) => writeFileSync(path, "{}"), {}, "has no current context", "names no context"],
    [
      "without a current one",
      (path) => writeFileSync(path, good.replace('"prod"', '""')),
      {},
      "has no current context",
      "prod, test",
    ],
    [
      "without the one that was asked for",
      (path) => writeFileSync(path, good),
      { context: "prot" },
      "has no context prot",
      "Did you mean prod?",
    ],
    [
      "without the context's cluster",
      (path) => writeFileSync(path, good.replace('"cluster":"prod"', '"cluster":"gone"')),
      {},
      "names a cluster that does not exist: gone",
      "Correct",
    ],
    [
      "without the context's user",
      (path) => writeFileSync(path, good.replace('"user":"prod"', '"user":"gone"')),
      {},
      "names a user that does not exist: gone",
      "Correct",
    ],
  ])("%s", async (_, make, options, message, hint) => {
    const path = join(root, "config");
    make(path);
    const error: unknown = await load({ kubeconfig: path, ...options }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "invalid-options", providerId: "kubernetes" });
    const { message: said, hint: hinted } = error as { readonly message: string; readonly hint: string };
    expect(said).toContain(message);
    expect(said).not.toContain("\n");
    expect(hinted).toContain(hint);
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain(token);
  });

  it.each(["certificate-authority", "client-key", "tokenFile"])("it names a pipe as %s", async (field) => {
    execFileSync("mkfifo", [join(root, "pipe")]);
    const named = { [field]: "pipe" };
    const entry = field.startsWith("cert")
      ? { name: "a", cluster: named }
      : { name: "a", user: { ...named, token: "" } };
    const path = write("config", kubeconfig("a", [entry]));
    await expect(load({ kubeconfig: path })).rejects.toMatchObject({
      code: "invalid-options",
      message: expect.stringContaining("a named pipe"),
    });
  });
});
