import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import type { Cli } from "../cli.ts";
import { Output } from "../output.ts";
import { createProgram } from "../program.ts";
import { complete } from "./complete.ts";
import { completionScripts } from "./completion-scripts.ts";

const output = new Output(new PassThrough(), {});
const cli: Cli = {
  terminal: { env: {}, cwd: "/", stdin: process.stdin, stdout: output, stderr: output },
  passedThrough: [],
  act: () => async () => {},
};
const values = {
  runs: () => ["20261130-a", "20261130-b"],
  batches: () => ["20261130-c"],
  providers: () => ["docker", "e2b"],
  harnesses: () => ["x"],
};
const found = (...words: string[]) => complete(createProgram(cli), words, values).map(({ text }) => text);

it("completes commands and their subcommands", () => {
  expect(found("ru")).toEqual(["run"]);
  expect(found("config", "")).toEqual(expect.arrayContaining(["get", "set", "list"]));
  expect(found("help", "dem")).toEqual(["demo"]);
});

it("completes options, but not those that the help does not list", () => {
  expect(found("run", "--idle")).toEqual(["--idle-timeout"]);
  expect(found("run", "--sandb")).toEqual([]);
});

it("completes the values of an option, however it is written", () => {
  expect(found("run", "--network", "se")).toEqual(["sealed"]);
  expect(found("run", "--network=se")).toEqual(["--network=sealed"]);
  // As bash splits it.
  expect(found("run", "--network", "=", "se")).toEqual(["sealed"]);
  expect(found("run", "--network", "=")).toEqual(["none", "sealed", "standard", "open"]);
  expect(found("run", "--provider", "e")).toEqual(["e2b"]);
  expect(found("completion", "")).toEqual(["bash", "zsh", "fish", "pwsh"]);
});

it("has a script for PowerShell that asks the hidden command, and closes what it opens", () => {
  const { pwsh } = completionScripts;
  expect(pwsh).toContain("\nRegister-ArgumentCompleter -Native -CommandName glovebox -ScriptBlock {\n");
  expect(pwsh).toContain("& glovebox '__complete' '--' @words 2>$null |");
  expect(pwsh).not.toMatch(/undefined|`|\\/);
  for (const [open, close] of ["{}", "()", "[]"].map((pair) => [...pair] as [string, string]))
    expect(pwsh.split(open).length).toBe(pwsh.split(close).length);
});

it("completes batches where a command takes one", () => {
  expect(found("batch", "stop", "2026")).toEqual(["20261130-c"]);
  expect(found("batch", "show", "")).toEqual(["20261130-c"]);
});

it("completes runs where a command takes them, and leaves texts and files to the shell", () => {
  expect(found("logs", "2026")).toEqual(["20261130-a", "20261130-b"]);
  expect(found("rm", "20261130-a", "")).toEqual(["20261130-a", "20261130-b"]);
  expect(found("run", "fix")).toEqual([]);
  expect(found("run", "--output", "")).toEqual([]);
});
