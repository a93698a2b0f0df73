/** A place for drivers on the in-process network; a tick is a virtual millisecond. */
import { afterEach } from "vitest";
import type { MemoryNetworkOptions } from "../../../networking/backends/memory/MemoryNetwork.ts";
import { World } from "../backends/memory/World.ts";
import { Drivers } from "./Drivers.ts";
import type { DriverPlace } from "./Drivers.ts";

export class MemoryPlace implements DriverPlace {
  readonly World: World;
  readonly ServerBackend;
  readonly ClientBackend;
  readonly ServerIp = "10.0.0.2";

  constructor(options: MemoryNetworkOptions = {}) {
    this.World = new World(options);
    this.ServerBackend = this.World.Server;
    this.ClientBackend = this.World.Client;
  }

  Pass(): Promise<void> {
    this.World.Network.Advance(1);
    return Promise.resolve();
  }
}

/** Drivers in a world of their own for each test; after it the network holds nothing. */
export function UseMemoryDrivers(): (options?: MemoryNetworkOptions) => MemoryDrivers {
  const made: MemoryDrivers[] = [];
  afterEach(() => {
    for (const drivers of made.splice(0)) {
      drivers.End();
      drivers.World.ExpectGivenBack();
    }
  });
  return (options) => {
    const drivers = new MemoryDrivers(new MemoryPlace(options));
    made.push(drivers);
    return drivers;
  };
}

export class MemoryDrivers extends Drivers {
  readonly World: World;

  constructor(place: MemoryPlace) {
    super(place);
    this.World = place.World;
  }
}
