import { HttpFailure } from "../http-failure.ts";

export type Encoding = "gzip" | "identity";

/** How a request's body is encoded. Throws 400 for what cannot be read. */
export function bodyEncoding(header: string | undefined): Encoding {
  const encoding = (header ?? "identity").split(";", 1)[0]?.trim().toLowerCase() || "identity";
  if (encoding === "gzip" || encoding === "identity") return encoding;
  throw new HttpFailure(
    400,
    `error decompressing request body: unsupported Content-Encoding: ${header}, supported: [gzip]`,
  );
}

/**
 * How an answer is encoded. A header that names several codings is what clients send by themselves, and packing costs more
 * than it saves this near: only who asks for gzip alone gets it. Throws 406 when nothing would do.
 */
export function answerEncoding(header: string | undefined): Encoding {
  const weights = new Map<string, number>();
  for (const part of (header ?? "").toLowerCase().split(",")) {
    const [coding = "", ...parameters] = part.split(";").map((text) => text.trim());
    const weight = Number(parameters.find((text) => text.startsWith("q="))?.slice(2) ?? 1);
    if (coding !== "") weights.set(coding, Number.isNaN(weight) ? 1 : weight);
  }
  const gzip = weights.get("gzip") ?? weights.get("*") ?? 0;
  const identity = weights.get("identity") ?? 1;
  if (identity > 0 && !(weights.size === 1 && weights.has("gzip") && gzip > 0)) return "identity";
  if (gzip > 0) return "gzip";
  throw new HttpFailure(406, "no acceptable encoding found, supported: [identity, gzip]");
}
