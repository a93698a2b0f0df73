import { RunContract } from "../Contract.ts";
import { MemoryHarness } from "../contract/MemoryHarness.ts";

RunContract(new MemoryHarness());
