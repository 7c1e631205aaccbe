import { StringDecoder } from "node:string_decoder";
import { plainText } from "@glovebox/core/text";
import type { Output } from "../output.ts";

/** Prints bytes from a sandbox: a program gets them as they are, a terminal gets nothing that could control it. */
export function bytePrinter(output: Output): (bytes: Uint8Array) => Promise<void> {
  if (!output.isTTY) return (bytes) => output.bytes(bytes);
  const decoder = new StringDecoder("utf8");
  return async (bytes) => output.write(plainText(decoder.write(Buffer.from(bytes))));
}
