import { expect, it } from "vitest";
import { shownMessage } from "./shown-message.ts";

it.each([
  ["docker cannot enforce the limit diskMiB here", "Docker cannot enforce the limit --disk here"],
  ["The limit memoryMiB is 64; it must be more", "The limit --memory in MiB is 64; it must be more"],
  ["The limit pids is 1; it must be more", "The limit --pids is 1; it must be more"],
  ["unknown command 'rnu'", "Unknown command 'rnu'"],
  ["memory, processes and time", "Memory, processes and time"],
  ["--label x: reserved", "--label x: reserved"],
  ["glovebox.config.json may not set it", "glovebox.config.json may not set it"],
  ["memoryMiB alone is a name", "memoryMiB alone is a name"],
  ["a\u001b[2Jb c", "Ab c"],
])("%s", (text, shown) => expect(shownMessage(text)).toBe(shown));
