/** What is known of the page's backend, wherever the suite runs it: from Node.js or in a page. */
import type { Traits } from "./Harness.ts";

export const WebTraits: Traits = Object.freeze({
  Name: "web",
  Capabilities: {
    Blocking: false,
    SynchronousListen: false,
    Listen: true,
    Bind: false,
    Udp: false,
    Tls: true,
    LocalAddresses: false,
  },
  CountsDropped: false,
  LongWaits: false,
  ConnectTimeouts: [
    { OptionMs: 1, ExpectedMs: 1 },
    { OptionMs: 150, ExpectedMs: 150 },
  ],
  UnknownName: "no-such-host.invalid",
});
