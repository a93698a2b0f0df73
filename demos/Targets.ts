/** What the bridge behind this page offers to connect to. */
export interface Target {
  readonly Name: string;
  readonly Port: number;
}

export type TargetList =
  | { readonly Targets: readonly Target[] }
  /** A sentence for people: why there is no list. */
  | { readonly Problem: string };

/** What to tell a person when there is no bridge. */
export const NoBridge = "No bridge answers at this address. Start everything with: npm start";

const address = "/bridge/targets.json";
const timeoutMs = 5_000;

/** Asks the bridge; never throws. */
export async function FetchTargets(): Promise<TargetList> {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(timeoutMs) });
    if (answer.status === 403) return { Problem: "The bridge does not serve this page's address." };
    const list: unknown = answer.ok ? await answer.json() : null;
    if (Array.isArray(list)) return { Targets: list.filter(isTarget) };
  } catch {
    // No answer, or one that is no list: both mean that no bridge is there.
  }
  return { Problem: NoBridge };
}

function isTarget(value: unknown): value is Target {
  if (typeof value !== "object" || value === null) return false;
  const { Name, Port } = value as Partial<Record<keyof Target, unknown>>;
  return typeof Name === "string" && typeof Port === "number";
}
