/** `moonwire new`: makes the folder of a new game. */
import { Command } from "commander";
import { MakeProject, ProjectProblem } from "./Project.ts";

interface Flags {
  readonly moonwire?: string;
}

const examples = `
Example:
  moonwire new my-game
      a server, a page to play on and a test; then, in my-game:
      npm install && npm start, or npm install && npm test`;

export function NewCommand(): Command {
  return new Command("new")
    .description("make a folder with a game server, a page and a test that work")
    .argument("<folder>", "a new or empty folder; its name becomes the package's")
    .option("--moonwire <source>", "where npm gets Moonwire: a version, a tarball, a folder")
    .addHelpText("after", examples)
    .action(run);
}

function run(folder: string, { moonwire = "" }: Flags, command: Command): void {
  const problem = ProjectProblem(folder);
  if (problem !== null) command.error(problem, { exitCode: 2 });
  MakeProject(folder, moonwire);
  process.stdout.write(`${folder} is there. Now:

  cd ${folder}
  npm install && npm start     # the server, and the page to play on
  npm install && npm test
`);
}
