import { resolve } from "node:path";
import { createBatchStore, formatBatchReport, type ReportFormat, readBatchReport } from "@glovebox/batch";
import { replaceFile, stateDirectory } from "@glovebox/core/state";
import { safeName } from "@glovebox/core/text";
import type { Terminal } from "../../terminal.ts";

export interface ReportOptions {
  readonly format: ReportFormat;
  readonly output?: string;
}

/** `glovebox batch report`. */
export async function reportBatch(
  reference: string,
  { format, output }: ReportOptions,
  { env, cwd, stdout, stderr }: Terminal,
): Promise<number> {
  const home = stateDirectory(env);
  const report = await readBatchReport({ batches: createBatchStore(home), id: reference, home });
  const text = formatBatchReport(report, format);
  if (output === undefined) stdout.write(text);
  else {
    const file = resolve(cwd, output);
    await replaceFile(file, text);
    stderr.line(`The report of ${safeName(report.id)} is in ${safeName(file)}`);
  }
  return 0;
}
