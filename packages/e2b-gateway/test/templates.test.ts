import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SandboxProvider } from "@glovebox/core/provider";
import { createDockerProvider, createEngine, resolveEngineEndpoint } from "@glovebox/provider-docker";
import { BuildError, type LogEntry, Sandbox, Template } from "e2b";
import { Template as OldTemplate } from "e2b-2-45";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningGateway, startGateway } from "./sdk/running-gateway.ts";

const root = mkdtempSync(join(tmpdir(), "glovebox-e2b-templates-"));
const context = join(root, "context");
const state = join(root, "state");
let gateway: RunningGateway;
const connection = () => ({ apiKey: gateway.apiKey, apiUrl: gateway.url, sandboxUrl: gateway.url });
const unique = (name: string) => `${name}-${process.pid}`;

beforeAll(async () => {
  mkdirSync(join(context, "dir/deep"), { recursive: true });
  writeFileSync(join(context, "dir/a.txt"), "a");
  writeFileSync(join(context, "dir/deep/b.txt"), "b");
  symlinkSync("a.txt", join(context, "dir/link"));
  writeFileSync(join(context, "run.sh"), "#!/bin/sh\necho ran\n", { mode: 0o755 });
  gateway = await startGateway({ stateDir: state });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  rmSync(root, { recursive: true });
});

async function output(template: string, command: string): Promise<string[]> {
  const sandbox = await Sandbox.create(template, connection());
  try {
    return (await sandbox.commands.run(command)).stdout.trim().split("\n");
  } finally {
    await sandbox.kill();
  }
}

describe("a template", () => {
  it("has the files, the user, the directory and the variables of its steps", async () => {
    const template = Template({ fileContextPath: context })
      .fromBaseImage()
      .copy("dir", "tree")
      .copy("dir/*.txt", "/opt/flat", { user: "root", mode: 0o640 })
      .copy("run.sh", "bin/", { user: "user" })
      .setEnvs({ GREETING: "hello world", LINES: "one\ntwo" })
      .setUser("bob")
      .setWorkdir("/srv/app")
      .runCmd(['echo "$GREETING" > made', "cat <<EOF >> made\n$(whoami)\nEOF"]);
    const name = unique("steps");
    await Template.build(template, name, connection());
    const found = await output(
      name,
      'whoami; pwd; cat made; echo "$LINES"; cd /home/user; find tree | sort; readlink tree/link; stat -c "%U %a" /opt/flat/a.txt; bin/run.sh',
    ).catch((error: Error) => [error.message]);
    expect(found).toEqual([
      ...["bob", "/srv/app", "hello world", "bob", "one", "two"],
      ...["tree", "tree/a.txt", "tree/deep", "tree/deep/b.txt", "tree/link", "a.txt", "root 640", "ran"],
    ]);
  });

  it("is based on another, with all that it has", async () => {
    const parent = unique("parent");
    const first = Template()
      .fromBaseImage()
      .setEnvs({ FROM: "parent" })
      .setWorkdir("/srv/parent")
      .runCmd("echo 1 > one");
    await Template.build(first, `${parent}:v1`, connection());
    const child = Template().fromTemplate(`${parent}:v1`).runCmd('echo "$FROM $(cat one)" > two');
    await Template.build(child, unique("child"), connection());
    expect(await output(unique("child"), "cat two; pwd; echo $FROM")).toEqual(["parent 1", "/srv/parent", "parent"]);
  });

  it("is built from a Dockerfile", async () => {
    const dockerfile = [
      "FROM e2bdev/base",
      "ENV PLACE=/data",
      "WORKDIR $PLACE",
      "COPY dir/a.txt ./",
      "RUN echo dockerfile > b.txt",
      "USER user",
    ].join("\n");
    const template = Template({ fileContextPath: context }).fromDockerfile(dockerfile);
    await Template.build(template, unique("dockerfile"), connection());
    expect(await output(unique("dockerfile"), "pwd; cat a.txt b.txt; whoami")).toEqual([
      "/data",
      "adockerfile",
      "user",
    ]);
  });

  it("is found by name, id and tag, and by none that it does not have", async () => {
    const name = unique("tagged");
    const built = await Template.build(Template().fromBaseImage().runCmd("true"), `${name}:v1`, {
      ...connection(),
      tags: ["stable"],
    });
    expect(built.tags?.toSorted()).toEqual(["stable", "v1"]);
    const tagged = await Template.assignTags(`${name}:v1`, ["production", "latest"], connection());
    expect(tagged).toMatchObject({ buildId: built.buildId, tags: ["production", "latest"] });
    await Template.removeTags(name, "latest", connection());
    const tags = await Template.getTags(built.templateId, connection());
    expect(tags.map(({ tag }) => tag).toSorted()).toEqual(["production", "stable", "v1"]);
    expect(await output(`${name}:production`, "echo found")).toEqual(["found"]);
    await expect(Sandbox.create(`${name}:latest`, connection())).rejects.toThrow(/404|not found|no build/i);
    await expect(Template.assignTags(`${name}:v1`, ":wrong", connection())).rejects.toThrow(/tag/i);
    await expect(Template.removeTags("no-such-template", "v1", connection())).rejects.toThrow(/not found/i);
    expect(await Template.exists(name, connection())).toBe(true);
    expect(await Template.exists("base", connection())).toBe(true);
    const { status } = await fetch(`${gateway.url}/templates/${built.templateId}`, {
      method: "DELETE",
      headers: { "x-api-key": gateway.apiKey },
    });
    expect([status, await Template.exists(name, connection())]).toEqual([204, false]);
  });

  it("is built by SDK 2.45 too", async () => {
    const template = OldTemplate({ fileContextPath: context })
      .fromBaseImage()
      .copy("run.sh", "run.sh")
      .runCmd("./run.sh > out");
    await OldTemplate.build(template, unique("old"), connection());
    expect(await output(unique("old"), "cat out")).toEqual(["ran"]);
  });

  it("is made again where its image was removed", async () => {
    const name = unique("removed");
    const inner = createDockerProvider();
    let image = "";
    const provider: SandboxProvider = {
      ...inner,
      prepare: async (spec, options) => {
        const template = await inner.prepare(spec, options);
        image = template.reference;
        return template;
      },
    };
    await using other = await startGateway({ provider });
    const options = { apiKey: other.apiKey, apiUrl: other.url, sandboxUrl: other.url };
    await Template.build(Template().fromBaseImage().runCmd("echo again > again"), name, options);
    const first = await Sandbox.create(name, options);
    await first.kill();
    const engine = createEngine(await resolveEngineEndpoint());
    // Under another name its layers stay: without them the engine would take long to remove it.
    await engine.getImage(image).tag({ repo: "glovebox-test/kept", tag: name });
    await engine.getImage(image).remove();
    const second = await Sandbox.create(name, options);
    expect(await second.files.read("again")).toBe("again\n");
    await engine.getImage(`glovebox-test/kept:${name}`).remove();
  });

  it("is there after the gateway was started again", async () => {
    const name = unique("kept");
    const built = await Template.build(Template().fromBaseImage().runCmd("echo kept > kept"), name, connection());
    await gateway[Symbol.asyncDispose]();
    gateway = await startGateway({ stateDir: state });
    expect(await output(name, "cat kept")).toEqual(["kept"]);
    expect(await Template.getBuildStatus(built, connection())).toMatchObject({ status: "ready" });
  });
});

describe("a build that fails", () => {
  it("names the command, its exit code and what it said, at the line that asked for it", async () => {
    const logs: LogEntry[] = [];
    const template = Template().fromBaseImage().runCmd("true").runCmd("echo said before; exit 7");
    const building = Template.build(template, unique("fails"), {
      ...connection(),
      onBuildLogs: (log) => logs.push(log),
    });
    const error = await building.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(BuildError);
    expect((error as BuildError).message).toContain("failed to run command 'echo said before; exit 7': exit status 7");
    expect((error as BuildError).stack).toContain("templates.test.ts");
    expect(logs.map(({ message }) => message)).toEqual(
      expect.arrayContaining([expect.stringMatching(/builder 2\/2.*said before/)]),
    );
    await expect(Sandbox.create(unique("fails"), connection())).rejects.toThrow(/no build/);
  });

  it("tells nothing of where the gateway builds", async () => {
    const template = Template({ fileContextPath: context }).fromBaseImage().copy("run.sh", "/etc/passwd/run.sh");
    const failed = await Template.build(template, unique("untold"), connection()).catch(String);
    expect(failed).toContain("failed to execute COPY run.sh /etc/passwd/run.sh");
    expect(failed).not.toContain("/build-");
  });

  it("from what is no image, or no template, says so", async () => {
    await expect(Template.build(Template().fromImage("not a name"), unique("wrong"), connection())).rejects.toThrow(
      /Not an image's name/,
    );
    await expect(Template.build(Template().fromTemplate("no-such"), unique("wrong"), connection())).rejects.toThrow(
      /not found/i,
    );
  });
});
