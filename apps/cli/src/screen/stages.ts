import type { RunPhase } from "@glovebox/core";

/** What a run's phases are called on a screen; one that is absent is not shown. */
export const stages: Partial<Record<RunPhase, string>> = {
  preparing: "Preparing the sandbox image",
  creating: "Creating the sandbox",
  uploading: "Uploading the workspace",
  installing: "Installing components",
  running: "The agent is working",
  collecting: "Collecting the files",
  destroying: "Removing the sandbox",
};
