import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseRequests } from "../src/index.ts";
import { TestDirectory } from "./catalog-directory.ts";
import { fileText, OpenSample } from "./open-sample.ts";

let sample: OpenSample;
beforeAll(async () => {
  sample = await OpenSample.create();
});
afterAll(() => sample[Symbol.asyncDispose]());

describe("names as they are given", () => {
  it("adds up lists with commas and repeated flags, each name once", () => {
    const requests = parseRequests({ agent: ["a,b/c", " b/c , d"], hook: ["x"] });
    expect(requests.map(({ kind, name }) => `${kind} ${name}`)).toEqual(["agent a", "agent b/c", "agent d", "hook x"]);
  });

  it.each([
    ["../../etc/passwd"],
    ["security/../../secret"],
    ["/etc/../passwd,..\\x"],
    ["a\\b"],
    ["a//b"],
    ["C:/x"],
    ["a\u0000b"],
    ["./a\u0000b"],
    ["a\nb"],
    ["sample:../x"],
  ])("refuses %j, which could leave the catalog or a line", async (name) => {
    const naming = async () => sample.plan({ agent: [name] });
    await expect(naming()).rejects.toMatchObject({ code: expect.stringMatching(/^(invalid-options|not-found)$/) });
  });

  it("refuses a flag that names nothing", () => {
    expect(() => parseRequests({ skill: [" , "] })).toThrow("--skill names nothing");
  });
});

describe("what a name means", () => {
  it.each([
    ["frontend-developer", "development-team/frontend-developer"],
    ["development-team/frontend-developer", "development-team/frontend-developer"],
    ["sample:development-team/frontend-developer", "development-team/frontend-developer"],
    ["nested/reviewer", "quality/deep/nested/reviewer"],
    ["quality/deep/nested/reviewer", "quality/deep/nested/reviewer"],
    ["quality/reviewer", "quality/reviewer"],
    ["übersetzer", "unicode/übersetzer"],
  ])("finds %s", async (name, found) => {
    const plan = await sample.plan({ agent: [name] });
    expect(plan.components.map((component) => component.name)).toEqual([found]);
  });

  it("lists every component that a bare name fits", async () => {
    await expect(sample.plan({ agent: ["reviewer"] })).rejects.toMatchObject({
      code: "invalid-options",
      message: "--agent reviewer fits several: quality/deep/nested/reviewer, quality/reviewer, security/reviewer",
    });
  });

  it("names the nearest of an unknown one, and one of another kind that is called so", async () => {
    await expect(sample.plan({ agent: ["development-team/fronted-developr"] })).rejects.toMatchObject({
      code: "not-found",
      hint: expect.stringContaining("agent development-team/frontend-developer"),
    });
    await expect(sample.plan({ agent: ["testing/generate-tests"] })).rejects.toMatchObject({
      hint: expect.stringContaining("command testing/generate-tests"),
    });
  });

  it("tells upper from lower case, and one source from another", async () => {
    await expect(sample.plan({ agent: ["Frontend-Developer"] })).rejects.toMatchObject({ code: "not-found" });
    await expect(sample.plan({ agent: ["other:frontend-developer"] })).rejects.toMatchObject({
      message: "--agent other:frontend-developer names a source that is not configured",
      hint: "Sources: sample",
    });
  });

  it("installs nothing when one of several names is unknown", async () => {
    await expect(sample.plan({ agent: ["frontend-developer", "nobody"] })).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("a path", () => {
  it("is a file or, for a skill, a directory of this machine", async () => {
    await using own = await TestDirectory.create({
      "mine.md": "---\nname: mine\ndescription: My own\n---\nbody\n",
      "own-skill/SKILL.md": "---\nname: x\ndescription: A skill\n---\n",
      "own-skill/run.sh!": "#!/bin/sh\n",
      "hook.json": JSON.stringify({
        hooks: { Stop: [{ hooks: [{ type: "command", command: ".claude/hooks/go.sh" }] }] },
      }),
      "go.sh": "echo go\n",
    });
    const plan = await sample.plan(
      { agent: ["./mine.md"], skill: ["./own-skill"], hook: ["./hook.json"] },
      { cwd: own.path },
    );
    expect(plan.files.map((file) => [file.path, file.mode.toString(8)])).toEqual([
      [".claude/agents/mine.md", "644"],
      [".claude/hooks/go.sh", "755"],
      [".claude/settings.local.json", "644"],
      [".claude/skills/own-skill/SKILL.md", "644"],
      [".claude/skills/own-skill/run.sh", "755"],
    ]);
    expect(plan.lock.components).toEqual([]);
    expect(fileText(plan, ".claude/agents/mine.md")).toContain("My own");
  });

  it("that leads nowhere, or to something else, is refused", async () => {
    await using own = await TestDirectory.create({ "notes.txt": "x", "directory/x.md": "x" });
    await expect(sample.plan({ agent: ["./nothing.md"] }, { cwd: own.path })).rejects.toMatchObject({
      code: "not-found",
    });
    await expect(sample.plan({ agent: ["./notes.txt"] }, { cwd: own.path })).rejects.toThrow("is no .md file");
    await expect(sample.plan({ skill: ["./directory"] }, { cwd: own.path })).rejects.toThrow("There is no SKILL.md");
  });
});

describe("several wrong names", () => {
  it("are all listed in one error", async () => {
    const planning = sample.plan({ agent: ["ghost-one", "reviewer"], skill: ["ghost-two"] });
    await expect(planning).rejects.toThrow(
      /no agent called "ghost-one"; .*reviewer fits several.*; .*no skill called "ghost-two"/,
    );
    await expect(sample.plan({ agent: ["ghost-one", "ghost-two"] })).rejects.toMatchObject({ code: "not-found" });
  });
});
