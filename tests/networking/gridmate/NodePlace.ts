/** A place for drivers on real sockets of this machine; a tick is a turn of the event loop. */
import { afterEach } from "vitest";
import type { Network } from "../../Support/Network.ts";
import { NextRun } from "../../Support/WaitFor.ts";
import { Drivers } from "./Drivers.ts";
import type { DriverPlace } from "./Drivers.ts";

/** Drivers for each test of a file that uses `network`; plain ones, unless `make` says otherwise. */
export function UseNodeDrivers(network: Network, make?: DriverPlace["Make"]): () => Drivers {
  const made: Drivers[] = [];
  afterEach(() => {
    for (const drivers of made.splice(0)) drivers.End();
  });
  return () => {
    const drivers = new Drivers({
      ServerBackend: network.Backend,
      ClientBackend: network.Backend,
      ServerIp: "127.0.0.1",
      Pass: () => NextRun(1),
      ...(make === undefined ? {} : { Make: make }),
    });
    made.push(drivers);
    return drivers;
  };
}
