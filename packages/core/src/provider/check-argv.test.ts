import { describe, expect, it } from "vitest";
import { SandboxError } from "../errors/index.ts";
import { checkArgv } from "./check-argv.ts";

function refusal(argv: unknown): SandboxError | undefined {
  try {
    checkArgv(argv);
    return undefined;
  } catch (error) {
    if (SandboxError.isInstance(error)) return error;
    throw error;
  }
}

describe("checkArgv", () => {
  it("accepts a program with arguments, empty ones included", () => {
    expect(refusal(["printf", "%s", ""])).toBeUndefined();
  });

  it("shows how to split a command line, and how to give it to a shell", () => {
    expect(refusal("ls -la")).toMatchObject({
      code: "invalid-options",
      message: "`argv` must be an array of strings, not a command line",
      hint: 'Pass each argument on its own: ["ls", "-la"]. For a shell\'s syntax: ["sh", "-c", "ls -la"].',
    });
  });

  it("does not split what only a shell understands", () => {
    expect(refusal("cat *.ts | wc -l")?.hint).toBe(
      'Pass each argument on its own: ["ls", "-la"]. For a shell\'s syntax: ["sh", "-c", "cat *.ts | wc -l"].',
    );
  });

  it("does not repeat a long script", () => {
    expect(refusal("echo x;".repeat(1000))?.hint).toContain('["sh", "-c", commandLine]');
  });

  it.each([[undefined], [[]], [["ls", 1]], [{ 0: "ls" }]])("refuses %j", (argv) => {
    expect(refusal(argv)).toMatchObject({ code: "invalid-options" });
  });
});
