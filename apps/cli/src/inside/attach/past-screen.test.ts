import { expect, it } from "vitest";
import { PastScreen } from "./past-screen.ts";

it("the screen of a terminal that claims to be huge is bounded, and is drawn", async () => {
  const screen = new PastScreen({ columns: 99_999, rows: 99_999 });
  await screen.take({ stream: "stdout", bytes: Buffer.from("hello"), offset: 0 });
  expect(screen.draw()).toBe("hello");
  screen.dispose();
});
