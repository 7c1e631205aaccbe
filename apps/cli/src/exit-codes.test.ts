import { InvalidOptionsError, SandboxQuotaError, SandboxUnavailableError } from "@glovebox/core/provider";
import { expect, it } from "vitest";
import { exitCodeForError } from "./exit-codes.ts";

it("a command that threw ends with the code of what it threw", () => {
  expect(exitCodeForError(new SandboxQuotaError("The disk of the state folder is full"))).toBe(4);
  expect(exitCodeForError(new InvalidOptionsError("x"))).toBe(2);
  expect(exitCodeForError(new SandboxUnavailableError("x"))).toBe(3);
  expect(exitCodeForError(new Error("x"))).toBe(1);
});
