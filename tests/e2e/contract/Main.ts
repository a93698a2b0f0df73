/** The page that runs the contract suite; bundled with its stand-in for vitest. */
import { RunContract } from "../../networking/backends/Contract.ts";
import { FarCall } from "./FarCall.ts";
import { PageHarness } from "./PageHarness.ts";
import { CaseNames, EndCases, RunCase } from "./Vitest.ts";

/** What Node.js calls, through the page. */
export interface ContractPage {
  CaseNames(): string[];
  /** @returns what went wrong, or "". */
  RunCase(index: number): Promise<string>;
  EndCases(): Promise<void>;
}

declare global {
  var moonwireContract: ContractPage | undefined;
}

const farUrl = new URLSearchParams(globalThis.location?.search).get("far") ?? "";
RunContract(new PageHarness(new FarCall(farUrl)));
globalThis.moonwireContract = { CaseNames, EndCases, RunCase };
