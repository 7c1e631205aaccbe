import type { SandboxProvider } from "@glovebox/core/provider";

/** The same provider, but that something is done before each sandbox is created: if that fails, none is. */
export function beforeCreate(provider: SandboxProvider, prepare: () => Promise<void>): SandboxProvider {
  const create: SandboxProvider["create"] = async (...args) => {
    await prepare();
    return await provider.create(...args);
  };
  return new Proxy(provider, {
    get(target, key) {
      if (key === "create") return create;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
