export type OutputName = "stdout" | "stderr";
