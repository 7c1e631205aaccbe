import { expect, it } from "vitest";
import { parseInside } from "./measure-inside.ts";

const mark = "c0ffee";

function stat(
  pid: number,
  name: string,
  more: { parent?: number; ticks?: number; pages?: number | string } = {},
): string {
  const { parent = 1, ticks = 10, pages = 100 } = more;
  const before = `${parent} 5 5 0 -1 4194304 1 0 0 0`;
  return `${pid} (${name}) S ${before} ${ticks} ${ticks} 3 2 20 0 1 0 777 1000 ${pages} 18446744073709551615 ${"0 ".repeat(26)}0`;
}

function printed(stats: readonly string[], more: Readonly<Record<string, string>> = {}): string {
  const sections = { self: "50", page: "4096", owner: "", stat: stats.join("\n"), memory: "", disk: "", ...more };
  return Object.entries(sections)
    .map(([name, text]) => `\n${mark} ${name}\n${text}\n`)
    .join("");
}

it("reads the processes of the sandbox's user, without those of root and its own", () => {
  const stats = [stat(1, "node"), stat(7, "claude", { ticks: 25 }), stat(50, "sh"), stat(51, "cat", { parent: 50 })];
  const usage = parseInside(
    printed(stats, { owner: "0 /proc/1\n1000 /proc/7", disk: "4096 1000 250", memory: "12345" }),
    mark,
  );
  expect(usage.processes).toEqual([{ pid: 7, startTicks: 777, name: "claude", cpuMs: 500, memoryBytes: 409_600 }]);
  expect(usage).toMatchObject({
    cpuMs: 550,
    memoryBytes: 12_345,
    disk: { usedBytes: 3_072_000, totalBytes: 4_096_000 },
  });
});

it("adds up the processes' memory where no control group counts it", () => {
  expect(parseInside(printed([stat(7, "a"), stat(8, "b")]), mark).memoryBytes).toBe(819_200);
});

it("keeps names apart from numbers whatever a process calls itself", () => {
  const names = ["a) S 1 2 3 4 5", "\n9 (x) R 1 1", "))((", "\u001b[2J\u0007", `\nbeef disk\n1 1`];
  const { processes } = parseInside(printed(names.map((name, at) => stat(10 + at, name))), mark);
  expect(processes.map(({ name }) => name)).toEqual(names);
});

it("drops absurd numbers", () => {
  const usage = parseInside(
    printed([stat(7, "ok"), stat(8, "huge", { pages: "999999999999999" })], {
      ...{ memory: "9".repeat(40), disk: "99999999999999 99999999999999 1", page: "-1" },
    }),
    mark,
  );
  expect(usage.processes.map(({ name }) => name)).toEqual(["ok"]);
  expect(usage).toEqual({ processes: usage.processes, cpuMs: 250, memoryBytes: 409_600 });
});

it.each(["", "sh: not found", printed([])])("rejects output without processes: %j", (text) =>
  expect(() => parseInside(text, mark)).toThrow(expect.objectContaining({ code: "unavailable" })),
);
