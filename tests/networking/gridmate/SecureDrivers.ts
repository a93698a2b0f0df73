/** Secure drivers for tests: a server with the CA's certificate, clients that trust the CA. */
import type { NetBackend } from "../../../networking/core/NetBackend.ts";
import { FamilyType } from "../../../networking/gridmate/ResultCode.ts";
import type { SecureDesc } from "../../../networking/gridmate/StreamSecureSocketDriver.ts";
import { StreamSecureSocketDriver } from "../../../networking/gridmate/StreamSecureSocketDriver.ts";
import type { Certified } from "../../Support/Certificates.ts";
import { Certificates } from "../../Support/Certificates.ts";
import { Ok } from "./Drivers.ts";
import type { DriverArguments } from "./Drivers.ts";

/** The certificate and the key of it, as a descriptor has them. */
export function Showing({ Certificate, PrivateKey }: Certified): SecureDesc {
  return { certificatePEM: Certificate, privateKeyPEM: PrivateKey };
}

/** The CA of the tests, as a descriptor has it. */
export function Trusting(authority: Certified = Certificates().Ca): SecureDesc {
  return { certificateAuthorityPEM: authority.Certificate };
}

/** An initialised secure driver. */
export function SecureDriver(
  desc: SecureDesc,
  backend: NetBackend,
  sizes: DriverArguments = [],
): StreamSecureSocketDriver {
  const [connections, packet, inbound, outbound] = sizes;
  const options = { Backend: backend };
  const driver = new StreamSecureSocketDriver(connections, packet, inbound, outbound, options);
  Ok(driver.InitializeSecurity(FamilyType.BSD_AF_INET, "127.0.0.1", 0, 65_536, 65_536, desc));
  return driver;
}

/** For `UseNodeDrivers`. */
export function MakeSecure(
  isServer: boolean,
  sizes: DriverArguments,
  backend: NetBackend,
): StreamSecureSocketDriver {
  return SecureDriver(isServer ? Showing(Certificates().Server) : Trusting(), backend, sizes);
}
