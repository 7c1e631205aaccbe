import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resolveMounts } from "./mounts.ts";

let folder: string;
let options: Parameters<typeof resolveMounts>[1];
const server = createServer();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "glovebox-mounts-"));
  await mkdir(join(folder, "home", ".ssh"), { recursive: true });
  await mkdir(join(folder, "home", "project", "deep", "below"), { recursive: true });
  await mkdir(join(folder, "engine", "data"), { recursive: true });
  await writeFile(join(folder, "file"), "");
  await symlink("/etc", join(folder, "link-to-etc"));
  await symlink(join(folder, "home", "project"), join(folder, "link-to-project"));
  await mkdir(join(folder, "with-socket", "below"), { recursive: true });
  await new Promise<void>((resolve) => server.listen(join(folder, "with-socket", "below", "s.sock"), resolve));
  options = {
    engineIsLocal: true,
    enginePaths: [join(folder, "engine", "data"), join(folder, "engine", "docker.sock")],
    home: join(folder, "home"),
  };
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

const mount = (source: string, target = "/data") => ({ source, target, readOnly: true });

describe("resolveMounts: sources", () => {
  it("takes a folder and a file, links resolved", async () => {
    const project = join(folder, "home", "project");
    const resolved = await resolveMounts(
      [
        { source: join(folder, "link-to-project"), target: "/data", readOnly: false },
        { source: join(folder, "file"), target: "/workspace/file", readOnly: true },
      ],
      options,
    );
    const bind = { Type: "bind", BindOptions: { Propagation: "rprivate" } };
    expect(resolved).toEqual([
      { ...bind, Source: project, Target: "/data", ReadOnly: false },
      { ...bind, Source: join(folder, "file"), Target: "/workspace/file", ReadOnly: true },
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
    ["a link to a system folder", "link-to-etc"],
    ["the person's keys", "home/.ssh"],
    ["the whole home", "home"],
    ["what is above the home", "."],
    ["the engine's data", "engine/data"],
    ["the folder of the engine's socket", "engine"],
    ["a folder with a socket below it", "with-socket"],
    ["a socket", "with-socket/below/s.sock"],
    ["what is not there", "missing"],
    ["a way around", "home/project/../.ssh"],
  ])("refuses %s", async (_, path) => {
    const refusal = resolveMounts([mount(`${folder}/${path}`)], options);
    await expect(refusal).rejects.toMatchObject({ code: "invalid-options", providerId: "docker" });
  });

  it("refuses any where the engine is on another host", async () => {
    const remote = { ...options, engineIsLocal: false };
    await expect(resolveMounts([mount(join(folder, "file"))], remote)).rejects.toMatchObject({
      code: "capability-unsupported",
    });
    expect(await resolveMounts([], remote)).toEqual([]);
  });
});

describe("resolveMounts: targets", () => {
  it.each(["/data", "/workspace/vendor", "/home/agent/.cache", "/output", "/opt/tools"])("takes %s", async (target) => {
    await expect(resolveMounts([mount(join(folder, "file"), target)], options)).resolves.toHaveLength(1);
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
    const refusal = resolveMounts([mount(join(folder, "file"), target)], options);
    await expect(refusal).rejects.toMatchObject({ code: "invalid-options" });
  });

  it("refuses one target twice", async () => {
    const twice = [mount(join(folder, "file")), mount(folder, "/data")];
    await expect(resolveMounts(twice, options)).rejects.toMatchObject({ code: "invalid-options" });
  });
});
