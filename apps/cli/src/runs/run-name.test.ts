import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { runName } from "./run-name.ts";

it("calls a run by the end of its id while that names no other one, also before it has a directory", () => {
  const runs = mkdtempSync(join(tmpdir(), "glovebox-run-name-"));
  onTestFinished(() => rmSync(runs, { recursive: true }));
  for (const id of ["20261120-080000-aaaaaa", "20261120-080001-bbbbbb", "bbbbbb-mine"]) mkdirSync(join(runs, id));
  const names = ["20261120-080000-aaaaaa", "20261120-080001-bbbbbb", "20261120-080002-cccccc"];
  expect(names.map((id) => runName(join(runs, id)))).toEqual(["aaaaaa", "20261120-080001-bbbbbb", "cccccc"]);
  expect(runName("/nonexistent/20261120-080000-aaaaaa")).toBe("20261120-080000-aaaaaa");
});
