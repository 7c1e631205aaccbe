import { sandboxUser } from "@glovebox/core/provider";

/** Codex's own directory in the sandbox: outside of the workspace, so that no project brings its files. */
export const codexHome = `${sandboxUser.home}/.codex`;
