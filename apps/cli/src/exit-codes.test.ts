import {
  InvalidOptionsError,
  SandboxQuotaError,
  SandboxTimeoutError,
  SandboxUnavailableError,
} from "@glovebox/core/provider";
import { expect, it } from "vitest";
import { exitCodeForError } from "./exit-codes.ts";

it("a command that threw ends with the code of what it threw", () => {
  expect(exitCodeForError(new SandboxQuotaError("The disk of the state directory is full"))).toBe(4);
  expect(exitCodeForError(new InvalidOptionsError("x"))).toBe(2);
  expect(exitCodeForError(new SandboxUnavailableError("x"))).toBe(3);
  // 124 is for a time limit of the user's.
  expect(exitCodeForError(new SandboxTimeoutError("x"))).toBe(4);
  expect(exitCodeForError(new Error("x"))).toBe(1);
});
