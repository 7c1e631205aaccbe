import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { installFiles } from "../src/files/install/install-files.ts";
import { FileTrip } from "./file-trip.ts";

let trip: FileTrip;
beforeEach(() => {
  trip = new FileTrip();
});
afterEach(() => trip.dispose());

const file = (path: string, text: string, mode = 0o644) => ({ path, mode, bytes: Buffer.from(text) });

async function install(files: readonly ReturnType<typeof file>[], hasHistory = false): Promise<void> {
  mkdirSync(trip.runDirectory, { recursive: true });
  const { runDirectory } = trip;
  await installFiles(trip.sandbox.asSandbox(), {
    files,
    runDirectory,
    hasHistory,
    signal: new AbortController().signal,
  });
}

describe("what is installed", () => {
  it("is there with its bytes and mode, and comes back only where the agent changed it", async () => {
    await install([
      file(".claude/agents/kept.md", "kept"),
      file(".claude/agents/edited.md", "before"),
      file(".claude/hooks/run.sh", "#!/bin/sh\n", 0o755),
      file(".claude/hooks/made-executable.sh", "x"),
      file(".claude/skills/gone/SKILL.md", "gone"),
      file(".mcp.json", "{}"),
    ]);
    const inside = (path: string) => join(trip.sandbox.workspace, path);
    expect(statSync(inside(".claude/hooks/run.sh")).mode & 0o777).toBe(0o755);
    writeFileSync(inside(".claude/agents/edited.md"), "after");
    chmodSync(inside(".claude/hooks/made-executable.sh"), 0o755);
    rmSync(inside(".claude/skills"), { recursive: true });
    trip.writeInside({ ".claude/agents/new.md": "new", "result.txt": "done" });
    const { created, changed, deleted, unchanged, files } = await trip.collect({ workspace: null });
    expect({ changed, deleted, unchanged }).toEqual({ changed: [], deleted: [], unchanged: [] });
    expect(created).toEqual([
      ".claude",
      ".claude/agents",
      ".claude/agents/edited.md",
      ".claude/agents/new.md",
      ".claude/hooks",
      ".claude/hooks/made-executable.sh",
      "result.txt",
    ]);
    for (const path of [".claude/agents/kept.md", ".claude/hooks/run.sh", ".mcp.json"])
      expect(existsSync(join(trip.out, path))).toBe(false);
    expect(readFileSync(join(trip.out, ".claude/agents/edited.md"), "utf8")).toBe("after");
    expect(files.bytes).toBe("after".length + "x".length + "new".length + "done".length);
  });

  it("leaves no empty directory behind", async () => {
    await install([file(".claude/skills/pdf/scripts/a.py", "a"), file(".claude/skills/pdf/SKILL.md", "b")]);
    const { files } = await trip.collect({ workspace: null });
    expect(files.manifest).toEqual([]);
    expect(existsSync(join(trip.out, ".claude"))).toBe(false);
  });

  it("over a file of the project's is no change, nor in the patch; what the agent adds to it is", async () => {
    trip.write({ ".mcp.json": "own\n", ".claude/settings.local.json": "own settings\n", "a.txt": "a\n" });
    trip.git("init", "-q");
    trip.commitAll();
    await trip.upload();
    const merged = [file(".mcp.json", "own and more\n"), file(".claude/settings.local.json", "both\n")];
    await install([...merged, file(".claude/agents/x.md", "x")], true);
    expect(trip.gitInside("status", "--porcelain")).toBe("");
    trip.writeInside({ ".claude/settings.local.json": "both, and the agent's\n" });
    const { created, changed, deleted, files } = await trip.collect();
    expect({ created, changed, deleted }).toEqual({
      created: [],
      changed: [".claude/settings.local.json"],
      deleted: [],
    });
    const patch = readFileSync(files.patch ?? "", "utf8");
    expect(patch).toContain("-own settings\n+both, and the agent's\n");
    expect(patch).not.toContain("mcp.json");
    expect(patch).not.toContain("agents/x.md");
  });

  it("is not committed with everything else", async () => {
    trip.write({ ".mcp.json": "own\n" });
    trip.git("init", "-q");
    trip.commitAll();
    await trip.upload();
    await install([file(".mcp.json", "merged\n"), file(".claude/agents/[odd] name!.md", "x")], true);
    trip.writeInside({ "work.txt": "work\n" });
    trip.gitInside("add", "-A");
    trip.gitInside("commit", "-q", "-a", "-m", "work");
    expect(trip.gitInside("show", "--name-only", "--format=", "HEAD")).toBe("work.txt");
    await trip.collect();
  });

  it("that cannot be read as a record is reported, and everything comes back", async () => {
    await install([file(".mcp.json", "{}")]);
    writeFileSync(join(trip.runDirectory, "installed.json"), "{");
    const { created } = await trip.collect({ workspace: null });
    expect(created).toEqual([".mcp.json"]);
    expect(trip.warnings).toEqual(["baseline"]);
  });
});
