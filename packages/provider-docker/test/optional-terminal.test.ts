import type { SandboxTerminal } from "@glovebox/core/provider";
import { expect, it } from "vitest";
import { sandboxFixture, shell } from "./sandbox-fixture.ts";

const fixture = sandboxFixture();
const size = { columns: 80, rows: 24 };

it("a shell in a terminal has job control, and what it runs is interrupted", async () => {
  await using sandbox = await fixture.create();
  const terminal = await sandbox.pty(["bash", "--norc", "-i"], { ...size, env: { PS1: "$ " } });
  const screen = readScreen(terminal);
  const type = (text: string): Promise<void> => terminal.write(Buffer.from(text));
  await screen.until("$ ");
  expect(screen.text).not.toContain("no job control");
  await type("sleep 1000\r");
  await screen.until("sleep 1000\r\n");
  await type("\x03");
  await screen.until("^C");
  await type("echo code $?; sleep 1000 & jobs; stty size\r");
  await screen.until("code 130\r\n");
  await screen.until("Running");
  await screen.until("24 80\r\n");
  await terminal.closeInput();
  expect(await terminal.exit).toMatchObject({ reason: "exited" });
});

it("an image without what opens a terminal is reported as such, with what to do", async () => {
  await using sandbox = await fixture.create({ rootInside: true });
  expect((await shell(sandbox, "su -c 'rm /usr/bin/script'")).exitCode).toBe(0);
  await expect(sandbox.pty(["bash"], size)).rejects.toMatchObject({
    code: "capability-unsupported",
    message: expect.stringContaining("script"),
    hint: expect.stringContaining("util-linux"),
  });
});

interface Screen {
  readonly text: string;
  until(words: string): Promise<void>;
}

function readScreen(terminal: SandboxTerminal): Screen {
  const chunks = terminal.output[Symbol.asyncIterator]();
  const screen = {
    text: "",
    async until(words: string): Promise<void> {
      while (!screen.text.includes(words)) {
        const { done, value } = await chunks.next();
        if (done) throw new Error(`The terminal ended without ${words}: ${screen.text}`);
        if ("bytes" in value) screen.text += Buffer.from(value.bytes).toString();
      }
    },
  };
  return screen;
}
