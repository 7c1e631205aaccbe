import { NotFoundError, Sandbox } from "e2b";
import { beforeAll, expect, test } from "vitest";
import { sdkFixture } from "./sdk-fixture.ts";

const fixture = sdkFixture();
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await fixture.keep({ envs: { OF_SANDBOX: "yes" } });
});

const encode = (text: string) => new TextEncoder().encode(text);

/** What a terminal has shown so far. */
class Screen {
  text = "";
  readonly #decoder = new TextDecoder();
  readonly onData = (data: Uint8Array): void => {
    this.text += this.#decoder.decode(data, { stream: true });
  };

  shows(pattern: RegExp): Promise<void> {
    return expect.poll(() => this.text, { timeout: 20_000 }).toMatch(pattern);
  }
}

test("a login shell with its variables, to its end", async () => {
  const screen = new Screen();
  const terminal = await sandbox.pty.create({ cols: 80, rows: 24, onData: screen.onData, envs: { ABC: "123" } });
  await sandbox.pty.sendInput(terminal.pid, encode('echo "<$ABC $OF_SANDBOX $TERM $LANG $(whoami) $PWD>"\nexit\n'));
  const { exitCode } = await terminal.wait();
  expect(exitCode).toBe(0);
  expect(screen.text).toContain("<123 yes xterm-256color C.UTF-8 user /home/user>");
});

test("another exit code throws", async () => {
  const terminal = await sandbox.pty.create({ cols: 80, rows: 24, onData: () => {} });
  await sandbox.pty.sendInput(terminal.pid, encode("exit 7\n"));
  await expect(terminal.wait()).rejects.toMatchObject({ exitCode: 7 });
});

test("has the size that was asked for, and the one it is given later", async () => {
  const screen = new Screen();
  const terminal = await sandbox.pty.create({ cols: 81, rows: 25, onData: screen.onData });
  await sandbox.pty.sendInput(terminal.pid, encode("echo size=$(stty size)\n"));
  await screen.shows(/size=25 81/);
  await sandbox.pty.resize(terminal.pid, { cols: 132, rows: 50 });
  await sandbox.pty.sendInput(terminal.pid, encode("echo size=$(stty size) tput=$(tput cols)\n"));
  await screen.shows(/size=50 132 tput=132/);
  expect(await terminal.kill()).toBe(true);
  await terminal.wait().catch(() => {});
});

test("passes control characters: Ctrl-C interrupts, Ctrl-D ends", async () => {
  const screen = new Screen();
  const terminal = await sandbox.pty.create({ cols: 80, rows: 24, onData: screen.onData });
  await sandbox.pty.sendInput(terminal.pid, encode("echo before; sleep 600\n"));
  await screen.shows(/^before/m);
  await sandbox.pty.sendInput(terminal.pid, encode("\u0003"));
  await sandbox.pty.sendInput(terminal.pid, encode("echo after=$?\n"));
  await screen.shows(/after=130/);
  await sandbox.pty.sendInput(terminal.pid, encode("true\n\u0004"));
  expect((await terminal.wait()).exitCode).toBe(0);
});

test("another client connects and continues", async () => {
  const first = new Screen();
  const terminal = await sandbox.pty.create({ cols: 80, rows: 24, onData: first.onData, envs: { FOO: "bar" } });
  await sandbox.pty.sendInput(terminal.pid, encode("echo first=$FOO\n"));
  await first.shows(/first=bar/);
  await terminal.disconnect();

  const second = new Screen();
  const other = await Sandbox.connect(sandbox.sandboxId);
  const connected = await other.pty.connect(terminal.pid, { onData: second.onData });
  expect(connected.pid).toBe(terminal.pid);
  await other.pty.sendInput(terminal.pid, encode("echo second=$FOO\nexit\n"));
  expect((await connected.wait()).exitCode).toBe(0);
  expect(second.text).toContain("second=bar");
  expect(first.text).not.toContain("second=bar");
});

test("kill ends it, and says so once", async () => {
  const terminal = await sandbox.pty.create({ cols: 80, rows: 24, onData: () => {} });
  expect((await sandbox.commands.list()).map(({ pid }) => pid)).toContain(terminal.pid);
  expect(await sandbox.pty.kill(terminal.pid)).toBe(true);
  await terminal.wait().catch(() => {});
  expect(await sandbox.pty.kill(terminal.pid)).toBe(false);
});

test("as root, in a directory", async () => {
  const screen = new Screen();
  const terminal = await sandbox.pty.create({ cols: 80, rows: 24, onData: screen.onData, user: "root", cwd: "/tmp" });
  await sandbox.pty.sendInput(terminal.pid, encode("echo who=$(id -u) where=$PWD; exit\n"));
  await terminal.wait();
  expect(screen.text).toContain("who=0 where=/tmp");
});

test("ids of nothing are not found", async () => {
  await expect(sandbox.pty.connect(4_000_000)).rejects.toBeInstanceOf(NotFoundError);
  await expect(sandbox.pty.sendInput(4_000_000, encode("x"))).rejects.toBeInstanceOf(NotFoundError);
  await expect(sandbox.pty.resize(4_000_000, { cols: 1, rows: 1 })).rejects.toBeInstanceOf(NotFoundError);
});
