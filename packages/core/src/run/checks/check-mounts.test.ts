import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { checkMounts } from "./check-mounts.ts";

const root = realpathSync(mkdtempSync(join(tmpdir(), "glovebox-mounts-")));
const home = join(root, "state");
mkdirSync(join(home, "runs"), { recursive: true });
mkdirSync(join(root, "state-of-mind"));
symlinkSync(join(home, "runs"), join(root, "link"));
afterAll(() => rmSync(root, { recursive: true }));

const check = (source: string) => () => checkMounts({ home, mounts: [{ source, target: "/data", readOnly: true }] });

it.each([home, join(home, "runs"), root, join(root, "link")])("refuses a mount of Glovebox's own state: %s", (source) =>
  expect(check(source)).toThrow("Glovebox's own state"),
);

it("refuses an added directory that is Glovebox's own state, too", () => {
  expect(() => checkMounts({ home, addedDirectories: [join(root, "link")] })).toThrow("Glovebox's own state");
});

it("takes a directory beside the state directory", () => expect(check(join(root, "state-of-mind"))).not.toThrow());
