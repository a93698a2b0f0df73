import { RunContract } from "../Contract.ts";
import { NodeHarness } from "../contract/NodeHarness.ts";

RunContract(new NodeHarness(false));
