import { describe, expect, it } from "vitest";
import { ApiError } from "../api-error.ts";
import type { BuildStep } from "./build-request.ts";
import { stepOf, writeDockerfile } from "./dockerfile.ts";
import { firstContext } from "./template-context.ts";

const hash = "a".repeat(64);
const step = (type: string, args: string[], more: Partial<BuildStep> = {}): BuildStep => ({ type, args, ...more });
const write = (...steps: BuildStep[]) =>
  writeDockerfile({
    from: "base:1",
    isReady: true,
    start: firstContext,
    steps,
    forceKey: "once",
    envd: { file: "envd.js", path: "/opt/envd.js" },
  });
const lines = (...steps: BuildStep[]) => write(...steps).text.split("\n");

describe("a template's steps", () => {
  it("run in a login shell as the user, with the variables of the steps before", () => {
    const found = lines(
      step("ENV", ["A", "1", "B", "$A-$HOME\nx"]),
      step("RUN", ["echo $B"]),
      step("RUN", ["id", "root"]),
    );
    expect(found).toContain(
      `RUN ${JSON.stringify(["/usr/bin/env", "E2B_BUILD_STEP=1", "USER=user", "A=1", "B=-/home/user\nx", "/bin/bash", "-l", "-c", "echo $B"])}`,
    );
    const asRoot = found.findIndex((line) => line.includes("E2B_BUILD_STEP=2"));
    expect([found[asRoot - 1], found[asRoot + 1]]).toEqual(["USER root", "USER user"]);
  });

  it("leave the user, the directory and the variables that a sandbox starts with", () => {
    const { context } = write(
      step("WORKDIR", ["app"]),
      step("WORKDIR", ["sub"]),
      step("USER", ["bob"]),
      step("ENV", ["PATH", "/x:$PATH"]),
    );
    expect(context).toMatchObject({ user: "bob", workdir: "/home/user/app/sub" });
    expect(context.envVars.PATH).toMatch(/^\/x:.*\/usr\/bin/);
  });

  it("copy what was uploaded from a stage of its own, owned by the user or by whom they name", () => {
    const { text, filesHashes } = write(
      step("COPY", ["src/**/*.ts", "/app", "", ""], { filesHash: hash }),
      step("COPY", ["a b.txt", "dir/", "root", "0600"], { filesHash: hash }),
    );
    expect(text).toContain(`FROM scratch AS e2b-step-0\nADD files/${hash}.tar /`);
    expect(text).toContain('COPY --from=e2b-step-0 --chown=user:user ["/src","/app"]');
    expect(text).toContain('COPY --from=e2b-step-1 --chown=root:root --chmod=0600 ["/a b.txt","dir/"]');
    expect(filesHashes).toEqual([hash]);
  });

  it("are built again from the first forced one on", () => {
    const found = lines(step("RUN", ["a"]), step("RUN", ["b"], { force: true }), step("RUN", ["c"], { force: true }));
    const at = (word: string) => found.findIndex((line) => line.includes(word));
    expect(at("E2B_BUILD_FORCE=once")).toBeGreaterThan(at("E2B_BUILD_STEP=0"));
    expect(at("E2B_BUILD_FORCE=once")).toBeLessThan(at("E2B_BUILD_STEP=1"));
    expect(found.filter((line) => line.includes("E2B_BUILD_FORCE"))).toHaveLength(1);
  });

  it("are recognized in the builder's output by their marks", () => {
    expect(stepOf('RUN ["/usr/bin/env","E2B_BUILD_STEP=12","USER=user"]')).toBe(12);
    expect(stepOf("COPY --from=e2b-step-3 --chown=user:user /a /b")).toBe(3);
    expect(stepOf("WORKDIR /app")).toBeUndefined();
  });

  it.each([
    ["an unknown type", step("HEALTHCHECK", ["x"])],
    ["no argument", step("RUN", [])],
    ["a user that writes further instructions", step("USER", ["root\nRUN evil"])],
    ["a user of a command likewise", step("RUN", ["id", "root\nRUN evil"])],
    ["an owner likewise", step("COPY", ["a", "/a", "x y"], { filesHash: hash })],
    ["a mode likewise", step("COPY", ["a", "/a", "", "777\nRUN evil"], { filesHash: hash })],
    ["a directory with a line end", step("WORKDIR", ["/a\nRUN evil"])],
    ["an invalid variable name", step("ENV", ["A B", "1"])],
    ["names without a value", step("ENV", ["A"])],
    ["files that were not uploaded", step("COPY", ["a", "/a"])],
  ])("are refused with %s", (_what, wrong) => {
    expect(() => write(wrong)).toThrow(ApiError);
  });
});
