/** Ports and addresses to bind to: which are refused, who is reached there, which bar each other. */
import { SocketError } from "../../../../networking/core/SocketError.ts";

const home = "127.0.0.1";
const { SUCCESS, ADDRESS_IN_USE, INVALID_PARAMETER, INVALID_IP_ADDRESS } = SocketError;

/** What is wrong, the place, and what is said about it. */
export const WrongPlaces: [string, number, string, SocketError][] = [
  ["port -1", -1, home, INVALID_PARAMETER],
  ["port 65536", 65_536, home, INVALID_PARAMETER],
  ["port 1.5", 1.5, home, INVALID_PARAMETER],
  ["port NaN", NaN, home, INVALID_PARAMETER],
  ["no address", 0, "", INVALID_IP_ADDRESS],
  ["a name", 0, "localhost", INVALID_IP_ADDRESS],
  ["a short address", 0, "1.2.3", INVALID_IP_ADDRESS],
  ["a broken address", 0, "127.0.0.256", INVALID_IP_ADDRESS],
];

/** Where somebody is bound, where another knocks or sends to, and whether that arrives. */
export const Reaches: [string, string, boolean][] = [
  ["*", home, true],
  ["*", "::1", true],
  ["0.0.0.0", home, true],
  ["0.0.0.0", "::1", false],
  ["::", "::1", true],
  ["::", home, false],
  [home, home, true],
  [home, "::1", false],
  ["::1", "::1", true],
  ["::1", home, false],
];

/** Two at one port: the addresses, and what the second one hears. */
export const TwoAtOnce: [string, string, SocketError][] = [
  ["*", "*", ADDRESS_IN_USE],
  [home, home, ADDRESS_IN_USE],
  [home, "*", ADDRESS_IN_USE],
  ["*", home, ADDRESS_IN_USE],
  ["0.0.0.0", home, ADDRESS_IN_USE],
  ["::", "::1", ADDRESS_IN_USE],
  [home, "::1", SUCCESS],
  ["0.0.0.0", "::", SUCCESS],
];
