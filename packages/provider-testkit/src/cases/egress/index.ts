import type { ConformanceCase } from "../../conformance-case.ts";
import { audit } from "./audit.ts";
import { credentialHost } from "./credential-host.ts";
import { hosts } from "./hosts.ts";
import { metering } from "./metering.ts";
import { modelRoute } from "./model-route.ts";
import { noneIsShut } from "./none-is-shut.ts";
import { privateAddresses } from "./private-addresses.ts";
import { sealedIsShut } from "./sealed-is-shut.ts";
import { takenOver } from "./taken-over.ts";

export const egressCases: readonly ConformanceCase[] = [
  noneIsShut,
  sealedIsShut,
  modelRoute,
  hosts,
  privateAddresses,
  credentialHost,
  audit,
  takenOver,
  metering,
];
