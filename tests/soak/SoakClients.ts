/**
 * Some clients of the soak, as a program:
 *
 *     SoakClients.ts <seed> <count> <echo port> <flaky port> <closed port>
 */
import { Random } from "../../networking/backends/memory/Random.ts";
import { Client } from "./Client.ts";
import { Program } from "./Program.ts";

const [seed = 0, count = 0, Echo = 0, Flaky = 0, Closed = 0] = process.argv.slice(2).map(Number);
const random = new Random(seed);
const clients: Client[] = [];
const program = new Program(() => clients.filter(({ IsBusy }) => IsBusy).length);
for (let i = 0; i < count; i++) {
  const client = new Client(program, random, { Echo, Flaky, Closed });
  clients.push(client);
  program.Tree.Root.AddChild(client);
}
program.Run();
