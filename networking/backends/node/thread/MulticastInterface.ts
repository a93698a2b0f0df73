/** Which interface a multicast group is joined on, from what people call it to what Node wants. */
import { isIPv6 } from "node:net";
import { networkInterfaces } from "node:os";

/**
 * @param name the system's name of an interface, or one of its addresses; "" for the system's
 *   choice.
 * @returns for an IPv4 group an address of the interface, for an IPv6 group "::%name"; undefined
 *   for the system's choice; null when this machine has no such interface of the group's family.
 */
export function MulticastInterface(group: string, name: string): string | null | undefined {
  if (name === "") return undefined;
  for (const [known, entries = []] of Object.entries(networkInterfaces())) {
    if (known !== name && !entries.some((entry) => entry.address === name)) continue;
    if (isIPv6(group)) return `::%${known}`;
    const ipv4 = entries.filter((entry) => entry.family === "IPv4");
    return (ipv4.find((entry) => entry.address === name) ?? ipv4[0])?.address ?? null;
  }
  return null;
}
