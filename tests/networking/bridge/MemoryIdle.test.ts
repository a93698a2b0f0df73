/** What streams cost that nobody uses: no more of their rings is resident than bytes went by. */
import { expect, test } from "vitest";
import { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import { MuxLimits } from "../../../networking/mux/MuxLimits.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { BridgeProcess } from "./BridgeProcess.ts";
import { mib } from "./FlowEnds.ts";
import { FlowPage } from "./FlowPage.ts";
import { MwxClient } from "./UseBridge.ts";

const network = UseNetwork();
const pages = 3;
const streams = 200;

test("600 idle streams with full windows take a third of their rings' size at most", async () => {
  // A budget in which nobody has to be content with the floor.
  const bridge = await BridgeProcess.Start(network, { sessionWindowBytes: 2 ** 28 });
  const target = await network.PlainServer();
  const openAll = async (count: number): Promise<void> => {
    const page = new FlowPage(await MwxClient(bridge));
    const opened = Array.from({ length: count }, () => {
      return page.Open(target.Port, MuxLimits.windowFloorBytes);
    });
    await Promise.all(opened);
  };
  await openAll(streams / 4); // its first steps cost a process memory of their own
  const memoryMiB = bridge.MemoryMiB();
  for (let page = 0; page < pages; page++) await openAll(streams);
  const ringsMiB = (pages * streams * 2 * BridgeLimits.streamWindowBytes) / mib;
  expect(bridge.MemoryMiB() - memoryMiB).toBeLessThan(ringsMiB / 3);
}, 60_000);
