import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadTemplate } from "./load-template.ts";

let root: string;
let here: string;
let home: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "glovebox-template-"));
  [here, home] = [join(root, "here"), join(root, "home")];
  await mkdir(join(here, "conf"), { recursive: true });
  await mkdir(home);
  await writeFile(join(here, "conf/app.toml"), "a = 1\n");
});
afterEach(() => rm(root, { recursive: true }));

async function load(text: string, name = "glovebox.template.yaml") {
  const path = join(here, name);
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, text);
  return await loadTemplate(path, { home });
}

async function dockerfileOf(text: string): Promise<string> {
  const { base } = await load(text);
  if (base.kind !== "dockerfile") throw new Error(`a template from ${base.kind}`);
  return await readFile(base.path, "utf8");
}

/** What belongs to the user, beside a project that has a link to it. */
async function awayFrom(directory: string): Promise<void> {
  await mkdir(join(root, "away"));
  await writeFile(join(root, "away/Dockerfile"), "FROM debian\nCOPY . /stolen\n");
  await writeFile(join(root, "away/devcontainer.json"), '{ "image": "debian" }');
  await mkdir(directory, { recursive: true });
  await symlink(join(root, "away"), join(directory, "away"));
}

const secret = `sk-ant-api03-${"a1b2".repeat(10)}`;

describe("loadTemplate", () => {
  it("makes a Dockerfile of packages, files, commands and variables, in which no builder reads anything", async () => {
    const text = await dockerfileOf(`
name: web
packages: { debian: [redis-server], npm: ["@acme/tool@1.2.3"], pip: ["pytest==8.4.2"] }
files: [{ from: conf, to: /etc/web }, { from: conf/app.toml, to: /etc/app.toml }]
setup: ['echo "$HOME \\\\ x"']
env: { STAGE: 'a"$b' }
`);
    expect(text.split("\n")).toEqual([
      "ARG GLOVEBOX_BASE",
      `FROM \${GLOVEBOX_BASE}`,
      "USER root",
      'ENV STAGE="a\\"\\$b"',
      expect.stringContaining("install -y --no-install-recommends 'redis-server'"),
      expect.stringContaining("npm install --global --no-audit --no-fund --no-update-notifier '@acme/tool@1.2.3'"),
      expect.stringContaining("pip install --no-cache-dir 'pytest==8.4.2'"),
      'COPY ["files/0/","/etc/web"]',
      'COPY ["files/1/app.toml","/etc/app.toml"]',
      `RUN ${JSON.stringify(["/bin/sh", "-c", 'echo "$HOME \\\\ x"'])}`,
      expect.stringContaining("chown -R 1000:1000 /home/agent"),
      "",
    ]);
  });

  it("gives the same content the same id, and every change another one", async () => {
    const text = "name: web\nfiles: [{ from: conf, to: /etc/web }]\n";
    const { id, base } = await load(text);
    await utimes(join(here, "conf/app.toml"), 1, 1);
    expect(await load(`# a comment\n${text}`)).toMatchObject({ id, base });
    const ids = new Set([id]);
    for (const more of [
      "env: { A: b }",
      "setup: [true]".replace("true", '"true"'),
      "agent: { claude-code: 1.2.3 }",
      "start: { command: x }",
    ]) {
      ids.add((await load(`${text}${more}\n`)).id);
    }
    await writeFile(join(here, "conf/app.toml"), "a = 2\n");
    ids.add((await load(text)).id);
    expect(ids.size).toBe(6);
    expect([...ids].every((one) => /^web-[0-9a-f]{12}$/.test(one))).toBe(true);
  });

  it("copies files with modes that do not depend on the user's umask, and leaves nothing aside", async () => {
    await writeFile(join(here, "conf/run.sh"), "#!/bin/sh\n", { mode: 0o700 });
    await symlink("app.toml", join(here, "conf/link"));
    const { base } = await load("name: web\nfiles: [{ from: conf, to: /etc/web }]\n");
    const directory = join(base.kind === "dockerfile" ? base.path : "", "../files/0");
    const modes = await Promise.all(
      ["", "app.toml", "run.sh"].map(async (name) => (await stat(join(directory, name))).mode & 0o777),
    );
    expect(modes).toEqual([0o755, 0o644, 0o755]);
    expect(await readdir(directory)).toEqual(["app.toml", "link", "run.sh"]);
    expect(await readdir(join(home, "templates"))).toHaveLength(1);
  });

  it.each([
    ["an unknown key", "colour: red", "colour"],
    ["a name with capitals", "name: Web", '"name"'],
    ["two bases", "image: a\ndockerfile: b", "exclude each other"],
    ["steps beside a Dockerfile", 'dockerfile: Dockerfile\nsetup: ["x"]', "write it into the Dockerfile"],
    ["a package with a command in it", 'packages: { debian: ["a; rm -rf /"] }', "Debian package"],
    ["a relative target", "files: [{ from: conf, to: etc }]", "absolute path"],
    ["a port out of range", "start: { command: x, ready: { port: 0 } }", "start.ready"],
    ["a version that is not exact", "agent: { claude-code: latest }", "exact version"],
    ["a file that is missing", "files: [{ from: none, to: /x }]", "none cannot be read"],
    ["a file above its directory", "files: [{ from: ../other, to: /x }]", "outside"],
    ["a link to above its directory", "files: [{ from: out, to: /x }]", "outside"],
    ["a directory with a link to above it", "files: [{ from: links, to: /x }]", "leads out"],
    ["a Dockerfile above its directory", "dockerfile: ../away/Dockerfile", "outside"],
    ["a Dockerfile by a link to above its directory", "dockerfile: away/Dockerfile", "outside"],
    ["a devcontainer.json by a link to above its directory", "devcontainer: away/devcontainer.json", "outside"],
    ["an .env by a link with another name", "files: [{ from: plain, to: /x }]", ".env is a place for secrets"],
    ["a directory of secrets by a link", "files: [{ from: cloud, to: /x }]", ".aws is a place for secrets"],
    ["an .env", "files: [{ from: .env, to: /x }]", ".env is a place for secrets"],
    ["a private key", "files: [{ from: keys, to: /x }]", "contains a key"],
    ["a secret variable by its name", "env: { API_TOKEN: abcdefgh }", "looks like a secret"],
    ["a secret variable by its form", `env: { WORD: ${secret} }`, "looks like a secret"],
    ["a command with a token in it", `setup: ["curl -H 'x-api-key: ${secret}' x"]`, "a key or a token"],
  ])("refuses %s with one line that never repeats a secret", async (_what, text, problem) => {
    await writeFile(join(root, "other"), "x");
    await symlink(join(root, "other"), join(here, "out"));
    await mkdir(join(here, "links"));
    await symlink("../../other", join(here, "links/a"));
    await writeFile(join(here, ".env"), "A=1");
    await symlink(".env", join(here, "plain"));
    await mkdir(join(here, ".aws"));
    await writeFile(join(here, ".aws/config"), "x");
    await symlink(".aws", join(here, "cloud"));
    await awayFrom(here);
    await mkdir(join(here, "keys"));
    await writeFile(join(here, "keys/a.txt"), "-----BEGIN OPENSSH PRIVATE KEY-----\n");
    const named = text.startsWith("name:") ? text : `name: web\n${text}`;
    const error = await load(named).then(
      () => new Error("it was taken"),
      (thrown: Error) => thrown,
    );
    expect(error).toMatchObject({ code: "invalid-options", message: expect.stringContaining(problem) });
    expect(error.message).not.toContain("\n");
    expect(error.message).not.toContain(secret);
    expect(await readdir(join(home, "templates")).catch(() => [])).toEqual([]);
  });

  it("takes a Dockerfile with its context, and refuses one that would hand a secret on", async () => {
    await writeFile(join(here, ".dockerignore"), "*.log\n");
    await writeFile(join(here, "debug.log"), "x");
    const first = await load("FROM debian\nCOPY . /app\n", "Dockerfile");
    expect(first).toMatchObject({ name: "here", base: { kind: "dockerfile" } });
    await writeFile(join(here, "debug.log"), "y");
    expect((await load("FROM debian\nCOPY . /app\n", "Dockerfile")).id).toBe(first.id);
    // The context is kept: a template that is named means what was built.
    expect(await readdir(join(first.base.kind === "dockerfile" ? first.base.path : "", ".."))).toEqual([
      ".dockerignore",
      "Dockerfile",
      "conf",
    ]);
    await writeFile(join(here, "conf/id_ed25519"), "x");
    await expect(load("FROM debian\nCOPY . /app\n", "Dockerfile")).rejects.toThrow("conf/id_ed25519");
    await rm(join(here, "conf/id_ed25519"));
    await expect(load(`FROM debian\nENV A=${secret}\n`, "Dockerfile")).rejects.toThrow("key or a token");
  });

  it("takes a devcontainer.json without features as its image or Dockerfile", async () => {
    const text = `{ // a comment
      "image": "debian:13", "containerEnv": { "A": "b", "HOME_OF": "\${containerEnv:HOME}" },
      "postCreateCommand": "npm i", "customizations": {} }`;
    expect(await load(text, ".devcontainer/devcontainer.json")).toMatchObject({
      name: "here",
      base: { kind: "image", reference: "debian:13" },
      env: { A: "b" },
      notices: ["postCreateCommand of devcontainer.json have no effect in a sandbox"],
    });
    await writeFile(join(here, ".devcontainer/Dockerfile"), "FROM debian\n");
    const built = await load(
      '{ "build": { "dockerfile": "Dockerfile", "args": { "V": "1" } } }',
      ".devcontainer/devcontainer.json",
    );
    expect(built.base).toMatchObject({ kind: "dockerfile", buildArgs: { V: "1" } });
    expect(built.devcontainer).toBeUndefined();
    const featured = await load(
      '{ "image": "debian", "features": { "ghcr.io/a/b:1": {} } }',
      ".devcontainer/devcontainer.json",
    );
    expect(featured.base).toEqual({ kind: "image", reference: featured.devcontainer?.reference });
  });

  it.each([
    ["Docker Compose", '"dockerComposeFile": "a.yml"', "Compose"],
    ["options of docker build", '"build": { "dockerfile": "Dockerfile", "options": ["--output=/"] }', "build.options"],
    [
      "variables of this machine",
      `"build": { "dockerfile": "Dockerfile", "args": { "A": "\${localEnv:HOME}" } }`,
      "variables of this machine",
    ],
    [
      "variables of this machine by their other name, in features",
      `"image": "a", "features": { "x/y/z": { "A": "\${env:HTTPS_PROXY}" } }`,
      "variables of this machine",
    ],
    [
      "a context above the project by a link",
      '"build": { "dockerfile": "Dockerfile", "context": "away" }, "features": { "x/y/z": {} }',
      "outside",
    ],
    ["a Dockerfile above the project by a link", '"build": { "dockerfile": "away/Dockerfile" }', "outside"],
    ["a context above the project", '"build": { "dockerfile": "Dockerfile", "context": "../.." }', "outside"],
  ])("refuses %s of a devcontainer.json", async (_what, text, problem) => {
    await awayFrom(join(here, ".devcontainer"));
    await expect(load(`{ ${text} }`, ".devcontainer/devcontainer.json")).rejects.toThrow(problem);
  });
});
