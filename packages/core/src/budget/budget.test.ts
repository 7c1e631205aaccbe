import { describe, expect, it } from "vitest";
import type { ExpectedSpend, KnownSpend } from "../provider/cost-budget.ts";
import { budget } from "./budget.ts";

const { signal } = new AbortController();

/** A request that costs this at most, in dollars, and ten times as much in tokens. */
function most(usd: number, expectedUsd = usd): ExpectedSpend {
  const worst = { usd, tokens: usd * 10 };
  return { expected: { usd: expectedUsd, tokens: expectedUsd * 10 }, most: worst, worst };
}

function known(usd: number, worstUsd = usd): KnownSpend {
  return { spent: { usd, tokens: usd * 10 }, worst: { usd: worstUsd, tokens: worstUsd * 10 }, isKnown: true };
}

describe("budget", () => {
  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("rejects a limit of %s", (amount) => {
    const invalid = expect.objectContaining({ code: "invalid-options" });
    expect(() => budget({ usd: amount })).toThrow(invalid);
    expect(() => budget({ usd: 1, tokens: amount })).toThrow(invalid);
  });

  it("rejects no limit, and a negative amount that was spent before", () => {
    expect(() => budget({})).toThrow(expect.objectContaining({ code: "invalid-options" }));
    expect(() => budget({ usd: 1, spentUsd: -1 })).toThrow(expect.objectContaining({ code: "invalid-options" }));
  });

  it("reserves the most that a request can cost, and gives back what it did not use", async () => {
    const shared = budget({ usd: 1 });
    const request = {};
    expect(await shared.admit(request, most(0.75), signal)).toBeUndefined();
    expect(shared).toMatchObject({ spentUsd: 0, reservedUsd: 0.75, remainingUsd: 0.25 });
    shared.reconcile(request, known(0.25));
    shared.reconcile(request, known(0.25));
    expect(shared).toMatchObject({ spentUsd: 0.25, reservedUsd: 0, remainingUsd: 0.75 });
  });

  it("counts what is reserved as spent when nobody knows what a request has cost", async () => {
    const shared = budget({ usd: 1 });
    const request = {};
    await shared.admit(request, most(0.75), signal);
    shared.reconcile(request);
    expect(shared.spentUsd).toBe(0.75);
  });

  it("makes a request wait for what others hold, in the order in which they came", async () => {
    const shared = budget({ usd: 1 });
    const [first, large, small] = [{}, {}, {}];
    await shared.admit(first, most(0.5), signal);
    const admitted: string[] = [];
    const waiting = [
      shared.admit(large, most(0.75), signal).then(() => admitted.push("large")),
      shared.admit(small, most(0.25), signal).then(() => admitted.push("small")),
    ];
    await Promise.resolve();
    expect(admitted).toEqual([]);
    shared.reconcile(first, known(0));
    await Promise.all(waiting);
    expect(admitted).toEqual(["large", "small"]);
  });

  it("refuses what can no longer fit, and admits a smaller request", async () => {
    const shared = budget({ usd: 1 });
    const request = {};
    await shared.admit(request, most(0.5), signal);
    shared.reconcile(request, known(0.5));
    expect(await shared.admit({}, most(0.75), signal)).toMatchObject({ unit: "usd", spentUsd: 0.5, maxUsd: 1 });
    expect(await shared.admit({}, most(0.5), signal)).toBeUndefined();
  });

  it("is exhausted when even the smallest request does not fit", async () => {
    const shared = budget({ usd: 1 });
    const request = {};
    expect(shared.exhausted).toBeUndefined();
    await shared.admit(request, most(0.75), signal);
    expect(shared.exhausted).toBeUndefined();
    shared.reconcile(request, known(0.5));
    expect(shared.exhausted).toMatchObject({ kind: "shared", unit: "usd" });
  });

  it("lets a reservation grow only while it fits", async () => {
    const shared = budget({ usd: 1 });
    const [one, other] = [{}, {}];
    await shared.admit(one, most(0.5), signal);
    await shared.admit(other, most(0.25), signal);
    expect(shared.reserve(one, known(0, 0.75))).toBeUndefined();
    expect(shared.reserve(one, known(0.125, 0.875))).toMatchObject({ unit: "usd", spentUsd: 0.125 });
    expect(shared.reserve(one, known(0, 0.25))).toBeUndefined();
    expect(shared.remainingUsd).toBe(0.5);
  });

  it("stops waiting when the signal is aborted, and lets the next one pass", async () => {
    const shared = budget({ usd: 1 });
    const stop = new AbortController();
    await shared.admit({}, most(0.5), signal);
    const stuck = shared.admit({}, most(0.75), stop.signal);
    const next = shared.admit({}, most(0.5), signal);
    stop.abort(new Error("left"));
    await expect(stuck).rejects.toThrow("left");
    expect(await next).toBeUndefined();
  });

  it("limits tokens beside dollars", async () => {
    const shared = budget({ usd: 100, tokens: 10 });
    const request = {};
    await shared.admit(request, most(0.5), signal);
    shared.reconcile(request, known(0.5));
    expect(await shared.admit({}, most(0.75), signal)).toMatchObject({ unit: "tokens", spentTokens: 5, maxTokens: 10 });
  });

  it("counts what was spent before, and reports its totals after each request", async () => {
    const totals: unknown[] = [];
    const shared = budget({ usd: 1, spentUsd: 0.75, spentTokens: 7, onSpend: (one) => totals.push(one) });
    expect(await shared.admit({}, most(0.5), signal)).toMatchObject({ unit: "usd", spentUsd: 0.75 });
    const request = {};
    await shared.admit(request, most(0.25), signal);
    shared.reconcile(request, known(0.125));
    expect(totals).toEqual([{ kind: "shared", name: "", spentUsd: 0.875, maxUsd: 1, spentTokens: 8.25 }]);
  });

  it("that is not strict reserves what is expected, and is exceeded by what was in flight", async () => {
    const shared = budget({ usd: 1, strict: false });
    const [one, other] = [{}, {}];
    await shared.admit(one, most(0.5, 0.25), signal);
    await shared.admit(other, most(0.5, 0.25), signal);
    expect(shared.reservedUsd).toBe(0.5);
    expect(shared.reserve(one, known(0.5, 2))).toBeUndefined();
    expect(shared.reserve(other, known(0.75, 2))).toMatchObject({ unit: "usd", spentUsd: 0.75 });
    shared.reconcile(one, known(0.5));
    shared.reconcile(other, known(0.75));
    expect(shared.spentUsd).toBe(1.25);
  });

  it("that is not strict lets requests of unknown cost pass one at a time where their most does not fit", async () => {
    const shared = budget({ usd: 1, strict: false });
    const [one, other] = [{}, {}];
    await shared.admit(one, most(5, 0.25), signal);
    let isAdmitted = false;
    const waiting = shared.admit(other, most(5, 0.25), signal).then(() => {
      isAdmitted = true;
    });
    await Promise.resolve();
    expect(isAdmitted).toBe(false);
    expect(shared.reserve(one, known(0.125))).toBeUndefined();
    await waiting;
  });
});

describe("a tree of budgets", () => {
  const run = { kind: "run", strict: true } as const;

  it("reserves at every node above, or at none", async () => {
    const batch = budget({ usd: 1 });
    const [a, b] = [batch.child({ ...run, name: "a", usd: 0.75 }), batch.child({ ...run, name: "b", usd: 0.75 })];
    const request = {};
    await a.admit(request, most(0.5), signal);
    const waiting = b.admit({}, most(0.75), signal);
    await Promise.resolve();
    expect([a.reservedUsd, b.reservedUsd, batch.reservedUsd]).toEqual([0.5, 0, 0.5]);
    a.reconcile(request, known(0.25));
    expect(await waiting).toBeUndefined();
    expect([a.spentUsd, b.reservedUsd, batch.spentUsd, batch.reservedUsd]).toEqual([0.25, 0.75, 0.25, 0.75]);
    expect(b.totals.map(({ kind, name }) => `${kind} ${name}`)).toEqual(["run b", "shared "]);
  });

  it("returns the node that refuses", async () => {
    const batch = budget({ usd: 1 });
    const one = batch.child({ ...run, name: "a", usd: 0.5 });
    expect(await one.admit({}, most(0.75), signal)).toMatchObject({ kind: "run", name: "a" });
    const wide = batch.child({ ...run, name: "b", usd: 5 });
    expect(await wide.admit({}, most(2), signal)).toMatchObject({ kind: "shared" });
  });

  it("lets a request that waits for its own run hold back nobody else's", async () => {
    const batch = budget({ usd: 10 });
    const [a, b] = [batch.child({ ...run, name: "a", usd: 1 }), batch.child({ ...run, name: "b", usd: 1 })];
    const request = {};
    await a.admit(request, most(0.75), signal);
    const order: string[] = [];
    const waiting = [
      a.admit({}, most(0.75), signal).then(() => order.push("a large")),
      a.admit({}, most(0.25), signal).then(() => order.push("a small")),
    ];
    expect(await b.admit({}, most(0.75), signal)).toBeUndefined();
    expect(order).toEqual([]);
    a.reconcile(request, known(0));
    await Promise.all(waiting);
    expect(order).toEqual(["a large", "a small"]);
  });

  it("limits each agent beside the run, and counts a thousand of them at most by themselves", async () => {
    const one = budget({ usd: 100 }).child({ ...run, name: "a", perAgent: { usd: 1 } });
    const agent = one.forAgent("x");
    expect(one.forAgent("x")).toBe(agent);
    expect(await agent.admit({}, most(2), signal)).toMatchObject({ kind: "agent", name: "x", maxUsd: 1 });
    expect(await one.admit({}, most(2), signal)).toBeUndefined();
    const nodes = new Set(Array.from({ length: 5000 }, (_, index) => one.forAgent(`agent-${index}`)));
    expect(nodes.size).toBe(1000);
    const free = budget({ usd: 1 });
    expect(free.forAgent("x")).toBe(free);
  });

  it.each([1, 2, 3])(
    "never exceeds a strict limit, whatever happens to hundreds of requests (seed %i)",
    async (seed) => {
      const random = randomFrom(seed);
      const batch = budget({ usd: 20, tokens: 150 });
      const runs = Array.from({ length: 20 }, (_, index) =>
        batch.child({ ...run, name: `${index}`, usd: 2, perAgent: { usd: 1 } }),
      );
      const nodes = runs.flatMap((one) => [one, one.forAgent("x"), one.forAgent("y")]);
      const check = (leaf: (typeof nodes)[number]): void => {
        for (const [index, node] of leaf.path.entries()) {
          const { maxUsd = Number.POSITIVE_INFINITY, maxTokens = Number.POSITIVE_INFINITY } = leaf.totals[index] ?? {};
          expect(node.spentUsd + node.reservedUsd).toBeLessThanOrEqual(maxUsd + 1e-9);
          expect(node.spentTokens).toBeLessThanOrEqual(maxTokens + 1e-9);
        }
      };
      let ended = 0;
      const requests = Array.from({ length: 400 }, async () => {
        const node = nodes[Math.floor(random() * nodes.length)] ?? batch;
        const request = {};
        const worst = random() / 2;
        const stop = new AbortController();
        if (random() < 0.1) setImmediate(() => stop.abort(new Error("left")));
        const refused = await node.admit(request, most(worst), stop.signal).catch(() => "left");
        ended += 1;
        if (refused !== undefined) return;
        for (let step = 0; step < 3; step += 1) {
          await new Promise((resolve) => setImmediate(resolve));
          node.reserve(request, known((worst * step) / 3, worst));
          check(node);
        }
        // Some end without a word, and some were cut.
        if (random() < 0.2) node.reconcile(request);
        else node.reconcile(request, known(worst * random(), worst));
        check(node);
      });
      await Promise.all(requests);
      expect(ended).toBe(400);
      expect(batch.reservedUsd).toBe(0);
      expect(nodes.every(({ reservedUsd }) => reservedUsd === 0)).toBe(true);
      expect(batch.spentUsd).toBeGreaterThan(5);
    },
  );
});

/** Mulberry32: the same numbers for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
