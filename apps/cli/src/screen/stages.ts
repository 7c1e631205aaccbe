import type { RunPhase } from "@glovebox/core";

interface Stage {
  /** While it lasts, and where it did not come to its end. */
  readonly active: string;
  readonly finished: string;
}

/** What a run's phases are called on a screen; one that is absent is not shown. */
export const stages: Partial<Record<RunPhase, Stage>> = {
  preparing: { active: "Preparing the sandbox image", finished: "Prepared the sandbox image" },
  creating: { active: "Creating the sandbox", finished: "Created the sandbox" },
  uploading: { active: "Uploading the workspace", finished: "Uploaded the workspace" },
  installing: { active: "Installing components", finished: "Installed components" },
  running: { active: "The agent is working", finished: "The agent worked" },
  collecting: { active: "Collecting the files", finished: "Collected the files" },
  destroying: { active: "Removing the sandbox", finished: "Removed the sandbox" },
};
