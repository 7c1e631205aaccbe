import { InvalidOptionsError } from "@glovebox/core/provider";

/** A component that cannot be installed as its kind. `reason` completes the sentence "It …". */
export class ComponentRefusal extends InvalidOptionsError {
  readonly reason: string;

  constructor(reason: string) {
    super(`It ${reason}`);
    this.reason = reason;
  }
}
