import type {
  Sandbox,
  SandboxFiles,
  SandboxProcess,
  SandboxProvider,
  SandboxSpec,
  SpawnOptions,
} from "@glovebox/core/provider";

/** The same object but for what is changed. Its methods still run on the object itself. */
export function changed<T extends object>(target: T, changes: Partial<T>): T {
  return new Proxy(target, {
    get(_, key) {
      if (Object.hasOwn(changes, key)) return Reflect.get(changes, key);
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** Every sandbox that the provider gives. */
export function changedSandbox(
  provider: SandboxProvider,
  change: (sandbox: Sandbox) => Partial<Sandbox>,
): SandboxProvider {
  const apply = (sandbox: Sandbox): Sandbox => changed(sandbox, change(sandbox));
  return changed(provider, {
    create: async (spec, options) => apply(await provider.create(spec, options)),
    connect: async (id, options) => apply(await provider.connect(id, options)),
  });
}

export function changedSpec(
  provider: SandboxProvider,
  change: (spec: SandboxSpec) => Partial<SandboxSpec>,
): SandboxProvider {
  return changed(provider, {
    create: (spec, options) => provider.create({ ...spec, ...change(spec) }, options),
  });
}

export function changedFiles(
  provider: SandboxProvider,
  change: (files: SandboxFiles) => Partial<SandboxFiles>,
): SandboxProvider {
  return changedSandbox(provider, ({ files }) => ({ files: changed(files, change(files)) }));
}

/** Every process that is started. */
export function changedProcess(
  provider: SandboxProvider,
  change: (process: SandboxProcess) => Partial<SandboxProcess>,
): SandboxProvider {
  return changedSandbox(provider, (sandbox) => ({
    spawn: async (argv, options) => {
      const process = await sandbox.spawn(argv, options);
      return changed(process, change(process));
    },
  }));
}

export function changedSpawn(
  provider: SandboxProvider,
  change: (options: SpawnOptions) => SpawnOptions,
): SandboxProvider {
  return changedSandbox(provider, (sandbox) => ({
    spawn: (argv, options = {}) => sandbox.spawn(argv, change(options)),
  }));
}
