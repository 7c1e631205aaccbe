import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { type Capabilities, SandboxUnavailableError, TemplateError } from "@glovebox/core/provider";
import { defineProvider, supervisedCapabilities } from "@glovebox/provider-kit";
import { hardLimit, LocalStore } from "@glovebox/provider-kit/local";
import { z } from "zod";
import { bubblewrapPreflight } from "./bubblewrap-preflight.ts";
import { bubblewrapSandbox, makeOwnDirectories, removeOwnDirectories } from "./bubblewrap-sandbox.ts";
import { isTemplate, prepareTemplate } from "./bubblewrap-template.ts";

const defaultStateDir = () => join(resolve(process.env.GLOVEBOX_HOME || join(homedir(), ".glovebox")), "bubblewrap");
const absolutePath = z.string().startsWith("/", "must be an absolute path");

const settings = z.object({
  /** Where sandboxes and templates are kept; `bubblewrap` below `$GLOVEBOX_HOME` or `~/.glovebox` by default. */
  stateDir: absolutePath.optional(),
  /** The system that sandboxes see, read-only: a directory with `usr`, as debootstrap makes it; this host's by default. */
  rootfs: absolutePath.optional(),
  /** The program; `bwrap` from the PATH by default. */
  bwrap: z.string().min(1).optional(),
});

export type BubblewrapSettings = z.input<typeof settings>;

/** What the provider's parts work with: the settings with their defaults, and the state directory. */
export interface Bubblewrap extends Required<{ readonly [Key in keyof BubblewrapSettings]: string }> {
  readonly store: LocalStore;
}

/** What is false is not enforced: no control group limits memory, processes or processor time. */
const capabilities: Capabilities = {
  ...supervisedCapabilities,
  resources: { ...supervisedCapabilities.resources, openFiles: true, tmpMiB: true, shmMiB: true },
  wake: true,
  ...{ stats: false, pty: false, endpoint: false, watch: false },
};

/** Sandboxes by bubblewrap on this host. */
export const { create: createBubblewrapProvider, plugin: provider } = defineProvider({
  id: "bubblewrap",
  capabilities,
  settings,
  bounds: { openFiles: [1, hardLimit("open files")] },
  open({ stateDir = defaultStateDir(), rootfs = "/", bwrap = "bwrap" }): Bubblewrap {
    const empty = (directory: string) => removeOwnDirectories({ rootfs, bwrap }, directory);
    return { stateDir, rootfs, bwrap, store: new LocalStore({ directory: stateDir, prefix: "bw", empty }) };
  },
  preflight: async (bubblewrap) => ({ findings: await bubblewrapPreflight(bubblewrap) }),
  prepare: prepareTemplate,
  async create(bubblewrap, { spec }) {
    if (!isTemplate(spec.template.reference)) throw new TemplateError("The template does not exist any more");
    const local = bubblewrap.store.ofKey(spec.idempotencyKey);
    const sandbox = bubblewrapSandbox(bubblewrap, local);
    if (await bubblewrap.store.make(local, spec, (path) => makeOwnDirectories(bubblewrap, path))) return { sandbox };
    const existing = local.info();
    if (existing !== undefined) return { sandbox, existing };
    throw new SandboxUnavailableError("The sandbox of this key is being removed");
  },
  async find(bubblewrap, id) {
    const local = bubblewrap.store.ofId(id);
    const info = local?.info();
    return local && info && { sandbox: bubblewrapSandbox(bubblewrap, local), info };
  },
  list: async ({ store }) => store.all().flatMap((local) => local.info() ?? []),
});
