import { expect, test } from "vitest";
import { exitStatus, terminalExitStatus } from "./exit-status.ts";

test("an exit is reported as E2B's envd does", () => {
  expect(exitStatus(0, null)).toEqual({ exitCode: 0, exited: true, status: "exit status 0" });
  expect(exitStatus(2, null)).toEqual({ exitCode: 2, exited: true, status: "exit status 2", error: "exit status 2" });
  expect(exitStatus(null, "SIGKILL")).toMatchObject({ exitCode: -1, exited: false, error: "signal: killed" });
  expect(exitStatus(null, "SIGWINCH").status).toBe("signal: signal 28");
});

test("a program in a terminal that was sent a signal has ended by it", () => {
  expect(terminalExitStatus(137, null, "SIGKILL").status).toBe("signal: killed");
  expect(terminalExitStatus(137, null, undefined).status).toBe("exit status 137");
  expect(terminalExitStatus(7, null, "SIGTERM").exitCode).toBe(7);
});
