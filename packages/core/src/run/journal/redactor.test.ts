import { describe, expect, it } from "vitest";
import type { RunEventBody } from "../../events/run-event.ts";
import { Secret } from "../../provider/secret.ts";
import { Redactor } from "./redactor.ts";

const redactor = () => new Redactor([new Secret("API_KEY", "sk-very-secret"), new Secret("PIN", "1234")]);
const delta = (text: string, messageId = "m"): RunEventBody => ({ type: "text.delta", messageId, text });

function shown(events: readonly RunEventBody[]): string {
  return events.map((event) => (event.type === "text.delta" ? event.text : "")).join("");
}

describe("Redactor", () => {
  it("takes a value out of every text of an event, keys included", () => {
    const [event] = redactor().event({
      type: "tool.start",
      callId: "1",
      name: "Bash",
      input: { "sk-very-secret": ["echo sk-very-secret"] },
    });
    expect(event).toEqual({
      type: "tool.start",
      callId: "1",
      name: "Bash",
      input: { "[API_KEY]": ["echo [API_KEY]"] },
    });
  });

  it("catches a value that is cut at any place between two deltas, and at every place at once", () => {
    const text = "before sk-very-secret after";
    for (let cut = 1; cut < text.length; cut++) {
      const subject = redactor();
      const events = [
        ...subject.event(delta(text.slice(0, cut))),
        ...subject.event(delta(text.slice(cut))),
        ...subject.flush(),
      ];
      expect(shown(events)).toBe("before [API_KEY] after");
    }
    const subject = redactor();
    const events = [...text].flatMap((character) => subject.event(delta(character)));
    expect(shown([...events, ...subject.flush()])).toBe("before [API_KEY] after");
  });

  it("releases what only looked like a beginning, before the message ends, and keeps messages apart", () => {
    const subject = redactor();
    expect(shown(subject.event(delta("a sk-ve")))).toBe("a ");
    expect(shown(subject.event(delta("ry-secret", "other")))).toBe("ry-secret");
    const events = subject.event({ type: "message.end", messageId: "m", role: "assistant", text: "a sk-ve" });
    expect(events.map((event) => event.type)).toEqual(["text.delta", "message.end"]);
    expect(shown(events)).toBe("sk-ve");
  });

  it("leaves values alone that are too short to be reported from words", () => {
    expect(redactor().text("1234")).toBe("1234");
  });
});
