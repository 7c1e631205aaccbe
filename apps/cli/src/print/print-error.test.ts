import { PassThrough } from "node:stream";
import { InvalidOptionsError, SandboxAbortedError } from "@glovebox/core/provider";
import { expect, it } from "vitest";
import { Output } from "../output.ts";
import { printError } from "./print-error.ts";

function shown(error: unknown): string {
  const stream = new PassThrough();
  printError(error, new Output(stream, {}), {});
  return String(stream.read());
}

it("shows what went wrong, then what to do about it", () => {
  expect(shown(new InvalidOptionsError("no such key", { hint: "List them." }))).toBe(
    "error: No such key\nhint: List them.\n",
  );
});

it("does not call it an error that the user has cancelled", () => {
  expect(shown(new SandboxAbortedError("Cancelled"))).toBe("Cancelled\n");
});
