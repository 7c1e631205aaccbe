import type { RunDetail } from "@glovebox/client";
import { createContext, useContext } from "react";
import type { RunModel } from "../model/run-model.ts";

export interface RunContextValue {
  readonly run: RunDetail;
  readonly model: RunModel;
  /** Changes with every event: whoever draws the model's lists depends on it. */
  readonly version: number;
  /** The user may stop, resume and share it. */
  readonly isOwn: boolean;
  /** It is shown by a share link: nothing but this run can be asked for. */
  readonly isShared: boolean;
}

const RunContext = createContext<RunContextValue | undefined>(undefined);

export const RunProvider = RunContext.Provider;

/** The run whose page this is. */
export function useShownRun(): RunContextValue {
  const value = useContext(RunContext);
  if (value === undefined) throw new Error("This component belongs on a run's page");
  return value;
}
