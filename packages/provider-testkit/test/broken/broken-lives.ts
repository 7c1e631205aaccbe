import { randomUUID } from "node:crypto";
import { CapabilityUnsupportedError, SandboxError, SandboxNotFoundError } from "@glovebox/core/provider";
import type { BrokenVariant } from "./broken-variant.ts";
import { changed, changedSandbox, changedSpec } from "./changed.ts";

const missing = (): SandboxNotFoundError => new SandboxNotFoundError("There is none");

export const brokenLives: readonly BrokenVariant[] = [
  {
    name: "swallows the errors of list",
    caughtBy: "life/list-throws",
    breaks: (provider) =>
      changed(provider, {
        async *list(filter, options) {
          try {
            yield* provider.list(filter, options);
          } catch {}
        },
      }),
  },
  {
    name: "tells what it cannot reach as gone",
    caughtBy: "errors/unreachable",
    breaks: (provider) =>
      changed(provider, {
        connect: (id, options) => provider.connect(id, options).catch(() => Promise.reject(missing())),
      }),
  },
  {
    name: "takes an unreachable destroy for done",
    caughtBy: "life/list-throws",
    breaks: (provider) =>
      changed(provider, { destroy: (id, options) => provider.destroy(id, options).catch(() => {}) }),
  },
  {
    name: "lists the first page alone",
    caughtBy: "life/list-many",
    breaks: (provider) =>
      changed(provider, {
        async *list(filter, options) {
          let left = 5;
          for await (const info of provider.list(filter, options)) {
            yield info;
            left -= 1;
            if (left === 0) return;
          }
        },
      }),
  },
  {
    name: "lists by the first label alone",
    caughtBy: "life/list-by-labels",
    breaks: (provider) =>
      changed(provider, {
        list: ({ labels }, options) =>
          provider.list({ labels: Object.fromEntries(Object.entries(labels).slice(0, 1)) }, options),
      }),
  },
  {
    name: "destroys half",
    caughtBy: "life/destroy-twice",
    breaks: (provider) =>
      changedSandbox(changed(provider, { destroy: async () => {} }), (sandbox) => ({
        destroy: async () => {
          await sandbox.quiesce();
          await sandbox.close();
        },
      })),
  },
  {
    name: "fails to destroy what is gone",
    caughtBy: "life/destroy-twice",
    breaks: (provider) =>
      changed(provider, {
        destroy: async (id, options) => {
          const ids: string[] = [];
          for await (const info of provider.list({ labels: {} }, options)) ids.push(info.id);
          if (!ids.includes(id)) throw missing();
          await provider.destroy(id, options);
        },
      }),
  },
  {
    name: "destroys with a dead signal and calls it done",
    caughtBy: "life/destroy-after-abort",
    breaks: (provider) =>
      changedSandbox(provider, (sandbox) => ({
        destroy: async (options) => {
          if (options?.signal?.aborted) return;
          await sandbox.destroy(options);
        },
      })),
  },
  {
    name: "extends the lease on info",
    caughtBy: "life/info-never-extends",
    breaks: (provider) =>
      changedSandbox(provider, (sandbox) => ({
        info: async (options) => {
          await sandbox.extend(600_000);
          return sandbox.info(options);
        },
      })),
  },
  {
    name: "wakes on connect",
    caughtBy: "life/lease-end",
    breaks: (provider) =>
      changed(provider, { connect: (id, options) => provider.connect(id, { wakeForMs: 60_000, ...options }) }),
  },
  {
    name: "forgets the idempotency key",
    caughtBy: "life/idempotency-key",
    breaks: (provider) => changedSpec(provider, () => ({ idempotencyKey: randomUUID() })),
  },
  {
    name: "leaves behind what an aborted create has made",
    caughtBy: "life/create-aborted",
    breaks: (provider) =>
      changed(provider, {
        create: async (spec, { signal, ...options } = {}) => {
          const sandbox = await provider.create(spec, options);
          if (signal?.aborted) throw new SandboxError("aborted", "stopped");
          return sandbox;
        },
      }),
  },
  {
    name: "takes the host's environment inside",
    caughtBy: "life/environment-reads-back",
    breaks: (provider) =>
      changedSpec(provider, ({ env }) => {
        const own = Object.entries(process.env).flatMap(([name, value]) =>
          /^\w+$/.test(name) && value ? [[name, value]] : [],
        );
        return { env: { ...(Object.fromEntries(own) as Record<string, string>), ...env } };
      }),
  },
  {
    name: "destroys what it only connected to",
    caughtBy: "life/dispose",
    breaks: (provider) =>
      changed(provider, {
        connect: async (id, options) => {
          const sandbox = await provider.connect(id, options);
          return changed(sandbox, { [Symbol.asyncDispose]: () => sandbox.destroy() });
        },
      }),
  },
  {
    name: "refuses nothing in a spec",
    caughtBy: "life/wrong-spec",
    breaks: (provider) =>
      changedSpec(provider, ({ ttlMs }) => ({ ttlMs: ttlMs > 0 ? Math.min(ttlMs, 60_000) : 60_000 })),
  },
  {
    name: "accepts a limit and ignores it",
    caughtBy: "capabilities/pids-enforced",
    breaks: (provider) => changedSpec(provider, () => ({ resources: {} })),
  },
  {
    name: "accepts a limit, ignores it and says that it holds",
    caughtBy: "capabilities/tmp-enforced",
    breaks: (provider) =>
      changed(provider, {
        create: async (spec, options) => {
          const { resources = {} } = spec;
          const sandbox = await provider.create({ ...spec, resources: {} }, options);
          return changed(sandbox, { info: async (call) => ({ ...(await sandbox.info(call)), resources }) });
        },
      }),
  },
  {
    name: "accepts a mount and forgets it",
    caughtBy: "capabilities/mounts",
    breaks: (provider) => changedSpec(provider, () => ({ mounts: [] })),
  },
  {
    name: "claims stats and has none",
    caughtBy: "capabilities/stats",
    breaks: (provider) =>
      changedSandbox(provider, () => ({
        stats: () => Promise.reject(new CapabilityUnsupportedError("There are none", { providerId: provider.id })),
      })),
  },
];
