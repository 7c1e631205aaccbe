/** Thrown by a case when the harness refuses by name what the case is about: it is then reported as unsupported. */
export class NotClaimed extends Error {}
