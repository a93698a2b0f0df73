import { RunContract } from "../Contract.ts";
import { WebHarness } from "../contract/WebHarness.ts";

RunContract(await WebHarness.Start());
