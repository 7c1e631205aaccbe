import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closedByName } from "./closed-sources.ts";
import { resolveMounts } from "./mounts.ts";

let directory: string;
let options: Parameters<typeof resolveMounts>[1];
const server = createServer();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "glovebox-mounts-"));
  await mkdir(join(directory, "home", ".ssh"), { recursive: true });
  await mkdir(join(directory, "home", "project", "deep", "below"), { recursive: true });
  await mkdir(join(directory, "engine", "data"), { recursive: true });
  await writeFile(join(directory, "file"), "");
  await symlink("/etc", join(directory, "link-to-etc"));
  await symlink(join(directory, "home", "project"), join(directory, "link-to-project"));
  await mkdir(join(directory, "with-socket", "below"), { recursive: true });
  await new Promise<void>((resolve) => server.listen(join(directory, "with-socket", "below", "s.sock"), resolve));
  options = {
    engineIsLocal: true,
    enginePaths: [join(directory, "engine", "data"), join(directory, "engine", "docker.sock")],
    home: join(directory, "home"),
  };
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(directory, { recursive: true, force: true });
});

const mount = (source: string, target = "/data") => ({ source, target, readOnly: true });

describe("resolveMounts: sources", () => {
  it("takes a directory and a file, links resolved", async () => {
    const project = join(directory, "home", "project");
    const resolved = await resolveMounts(
      [
        { source: join(directory, "link-to-project"), target: "/data", readOnly: false },
        { source: join(directory, "file"), target: "/workspace/file", readOnly: true },
      ],
      options,
    );
    const bind = { Type: "bind", BindOptions: { Propagation: "rprivate" } };
    expect(resolved).toEqual([
      { ...bind, Source: project, Target: "/data", ReadOnly: false },
      { ...bind, Source: join(directory, "file"), Target: "/workspace/file", ReadOnly: true },
    ]);
  });

  it.each([
    "/",
    "/etc",
    "/etc/ssl",
    "/proc",
    "/proc/self",
    "/sys",
    "/dev",
    "/dev/shm",
    "/run",
    "/var/run",
    "/var",
    "/boot",
    "/usr/bin",
    "/home",
    "/root",
    "/dev/null",
    "relative/path",
    "/var/run/docker.sock",
    homedir(),
  ])("refuses %s", async (source) => {
    const real = { ...options, home: homedir() };
    await expect(resolveMounts([mount(source)], real)).rejects.toMatchObject({ code: "invalid-options" });
  });

  it.each([
    ["a link to a system directory", "link-to-etc"],
    ["the user's keys", "home/.ssh"],
    ["the whole home", "home"],
    ["what is above the home", "."],
    ["the engine's data", "engine/data"],
    ["the directory of the engine's socket", "engine"],
    ["a directory with a socket below it", "with-socket"],
    ["a socket", "with-socket/below/s.sock"],
    ["what is not there", "missing"],
    ["a way around", "home/project/../.ssh"],
  ])("refuses %s", async (_, path) => {
    const refusal = resolveMounts([mount(`${directory}/${path}`)], options);
    await expect(refusal).rejects.toMatchObject({ code: "invalid-options", providerId: "docker" });
  });

  it("refuses key stores and files that are executed, wherever they lie, by any link, and what holds them", async () => {
    const home = join(directory, "home");
    const inHome = [
      ...".aws .kube .docker .config/gcloud .netrc .pypirc .mozilla .config/google-chrome .local/share/keyrings .zshenv".split(
        " ",
      ),
      ...".config/systemd/user .config/autostart .config/fish .cargo/bin .local/bin .profile .vscode/extensions bin .glovebox".split(
        " ",
      ),
    ];
    const elsewhere = ["other/.ssh", "other/.netrc", "other/.git/hooks", "other/.SSH", "backup/deep/.gnupg/private"];
    for (const path of [...inHome.map((name) => join(home, name)), ...elsewhere.map((name) => join(directory, name))]) {
      await mkdir(path, { recursive: true });
      const link = join(directory, "link");
      await symlink(path, link);
      for (const source of [path, link, join(path, ".")]) {
        const wish = { source, target: "/data", readOnly: false };
        await expect(resolveMounts([wish], options), source).rejects.toMatchObject({ code: "invalid-options" });
      }
      await rm(link);
    }
    await expect(resolveMounts([mount(join(directory, "other"))], options)).rejects.toThrow("a place for keys");
    const npmrc = join(directory, "plain", ".npmrc");
    await mkdir(join(directory, "plain"));
    await writeFile(npmrc, "registry=https://registry.example\n");
    await expect(resolveMounts([mount(npmrc)], options)).resolves.toHaveLength(1);
    await writeFile(npmrc, "//registry.example/:_authToken=x\n");
    await expect(resolveMounts([mount(npmrc)], options)).rejects.toThrow("a token");
  });

  it.each(["/mnt", "/mnt/c", "/mnt/c/Users", "/mnt/c/Users/me", "/mnt/d/Windows/System32", "/tmp", "/srv"])(
    "refuses the whole of %s",
    async (source) => expect(await closedByName(source, true)).toContain("too much"),
  );

  it("refuses any where the engine is on another host", async () => {
    const remote = { ...options, engineIsLocal: false };
    await expect(resolveMounts([mount(join(directory, "file"))], remote)).rejects.toMatchObject({
      code: "capability-unsupported",
    });
    expect(await resolveMounts([], remote)).toEqual([]);
  });
});

describe("resolveMounts: targets", () => {
  it.each(["/data", "/workspace/vendor", "/home/agent/.cache", "/output", "/opt/tools"])("takes %s", async (target) => {
    await expect(resolveMounts([mount(join(directory, "file"), target)], options)).resolves.toHaveLength(1);
  });

  it.each([
    "/",
    "data",
    "/data/",
    "/a/../etc",
    "/workspace",
    "/home",
    "/home/agent",
    "/opt",
    "/opt/glovebox/supervisor.cjs",
    "/run/glovebox",
    "/var/run",
    "/var",
    "/proc/1",
    "/sys/fs/cgroup",
    "/dev/x",
    "/etc/sudoers.d",
    "/usr/bin",
    "/tmp",
    "/tmp/x",
  ])("refuses %s", async (target) => {
    const refusal = resolveMounts([mount(join(directory, "file"), target)], options);
    await expect(refusal).rejects.toMatchObject({ code: "invalid-options" });
  });

  it("refuses one target twice", async () => {
    const twice = [mount(join(directory, "file")), mount(directory, "/data")];
    await expect(resolveMounts(twice, options)).rejects.toMatchObject({ code: "invalid-options" });
  });
});
