/** `moonwire/gridmate`: packets over TCP with GridMate's stream socket drivers. */
export type { DriverAddress } from "./DriverAddress.ts";
export type { DriverOptions } from "./DriverSizes.ts";
export { GridMateLimits } from "./GridMateLimits.ts";
export type { ReceiveResult } from "./ReceiveResult.ts";
export { Driver, FamilyType, ResultCode, ResultCodeName } from "./ResultCode.ts";
export type { SecureDesc } from "./StreamSecureSocketDriver.ts";
export { StreamSecureSocketDriver } from "./StreamSecureSocketDriver.ts";
export { StreamSecureSocketDriverDesc } from "./StreamSecureSocketDriverDesc.ts";
export { StreamSocketDriver } from "./StreamSocketDriver.ts";
export type { BusOwner } from "./StreamSocketDriverEventsBus.ts";
export { StreamSocketDriverEventsBus } from "./StreamSocketDriverEventsBus.ts";
