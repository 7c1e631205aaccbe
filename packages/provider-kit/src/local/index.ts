/**
 * What providers share that run sandboxes as processes of this machine.
 *
 * @module @glovebox/provider-kit/local
 */
export { closeInherited } from "./close-inherited.ts";
export { etcFiles } from "./etc-files.ts";
export { hardLimit } from "./hard-limit.ts";
export { type InstallLayersOptions, installLayers, type LayerScript } from "./install-layers.ts";
export type { LocalRecord, LocalSandbox } from "./local-sandbox.ts";
export { LocalStore, type LocalStoreOptions } from "./local-store.ts";
export { seccompFilter } from "./seccomp-filter.ts";
export { agentIds, mapUsers } from "./user-namespace.ts";
