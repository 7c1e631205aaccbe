import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const racer = fileURLToPath(new URL("./lock-racer.ts", import.meta.url));
const count = 2000;

function start(root: string, startAt: number): ChildProcess {
  const args = ["--conditions=@glovebox/source", racer, root, String(startAt), String(count)];
  return spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
}

async function firstLine(child: ChildProcess): Promise<string> {
  let text = "";
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    if (text.includes("\n")) break;
  }
  return text;
}

it("gives each run to exactly one of several processes that reach for it at once", async () => {
  const root = mkdtempSync(join(tmpdir(), "glovebox-race-"));
  const startAt = Date.now() + 1500;
  const children = Array.from({ length: 4 }, () => start(root, startAt));
  try {
    const taken = await Promise.all(children.map(async (child) => JSON.parse(await firstLine(child)) as number[]));
    expect(taken.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index));
  } finally {
    for (const child of children) {
      child.stdin?.end();
      if (child.exitCode === null) await once(child, "exit");
    }
    rmSync(root, { recursive: true });
  }
});
