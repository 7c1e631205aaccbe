import { z } from "zod";

/** An array of names, or what a flag gives: `one,two`. */
export const words = z.union([
  z.array(z.string().min(1)),
  z.string().transform((text) => text.split(",").flatMap((word) => word.trim() || [])),
]);
