/**
 * What kind of place an address is, judged by its bytes and never by its spelling.
 *
 * "public"    on the internet
 * "loopback"  this machine
 * "private"   somebody's own network, or set aside by a registry: only where a rule names it
 * "never"     nowhere that a page may go, whatever the rules say: addresses that mean something
 *             else than they show (unspecified, multicast, IPv4 inside IPv6), and the metadata
 *             services of clouds, which give out keys to whoever asks
 *
 * IANA IPv4 and IPv6 special-purpose registries, by way of ipaddr.js.
 */
import ipaddr from "ipaddr.js";
import type { IpAddress } from "../core/IpAddress.ts";

export type AddressKind = "public" | "loopback" | "private" | "never";

const metadata = ["169.254.169.254", "fd00:ec2::254", "168.63.129.16"].map((text) =>
  ipaddr.parse(text).toNormalizedString(),
);
const globalUnicast = ipaddr.IPv6.parseCIDR("2000::/3");
/** Ranges of IPv6 in which an IPv4 address hides; ipaddr.js knows the others by name. */
const embeddings = ["::/96", "64:ff9b:1::/48"].map((text) => ipaddr.IPv6.parseCIDR(text));

/** @param address valid; an IPv4-mapped one is an IPv4 address. An invalid one is "never". */
export function JudgeAddress(address: IpAddress): AddressKind {
  const bytes = address.GetIpv4() ?? address.GetIpv6();
  if (bytes === null) return "never";
  const parsed = ipaddr.fromByteArray([...bytes]);
  if (metadata.includes(parsed.toNormalizedString())) return "never";
  return parsed.kind() === "ipv4"
    ? judgeRange(parsed.range())
    : judgeIpv6(parsed as InstanceType<typeof ipaddr.IPv6>);
}

function judgeIpv6(address: InstanceType<typeof ipaddr.IPv6>): AddressKind {
  const kind = judgeRange(address.range());
  if (kind === "loopback" || kind === "never") return kind;
  if (embeddings.some((range) => address.match(range))) return "never";
  return kind === "public" && !address.match(globalUnicast) ? "private" : kind;
}

function judgeRange(range: string): AddressKind {
  switch (range) {
    case "unicast":
      return "public";
    case "loopback":
      return "loopback";
    case "unspecified":
    case "broadcast":
    case "multicast":
    case "ipv4Mapped":
    case "rfc6145":
    case "rfc6052":
    case "6to4":
    case "teredo":
      return "never";
    default:
      return "private";
  }
}
