/** In which order the addresses of one name are tried. */

/**
 * Families in turn, beginning with the family of the resolver's first choice (RFC 8305 section 4),
 * so that one family that does not work costs one attempt and not all of them.
 * @param addresses in the resolver's order (RFC 6724), which holds within each family.
 */
export function FamiliesInTurn<T>(addresses: readonly T[], isIpv4: (address: T) => boolean): T[] {
  const firstFamily = addresses.slice(0, 1).some(isIpv4);
  const first = addresses.filter((address) => isIpv4(address) === firstFamily);
  const second = addresses.filter((address) => isIpv4(address) !== firstFamily);
  const order: T[] = [];
  for (let i = 0; i < Math.max(first.length, second.length); i++) {
    order.push(...first.slice(i, i + 1), ...second.slice(i, i + 1));
  }
  return order;
}
