/** Asks for a name, and whether to host a game or to join one by its code. */
import { Find } from "../../Page.ts";
import { CleanName } from "../../arena/PilotName.ts";
import { PortOf } from "../JoinCode.ts";

export type Choice =
  | { readonly Kind: "host"; readonly Name: string }
  | { readonly Kind: "join"; readonly Name: string; readonly Port: number };

/** Shows the dialog. A code in the page's address (`#bodema`) is filled in. */
export function AskHow(dialog: HTMLDialogElement): Promise<Choice> {
  const name = Find("[name=name]", HTMLInputElement, dialog);
  const code = Find("[name=code]", HTMLInputElement, dialog);
  const join = Find("[value=join]", HTMLButtonElement, dialog);
  const problem = Find("[role=alert]", HTMLElement, dialog);
  code.value = location.hash.slice(1);
  // There is no game behind it yet, so Escape has nothing to go back to.
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.showModal();
  (code.value === "" ? name : join).focus();
  return new Promise((resolve) => {
    const decide = (kind: Choice["Kind"]): void => {
      const Name = CleanName(name.value);
      const Port = PortOf(code.value);
      problem.hidden = kind === "host" || Port !== null;
      if (kind === "host") resolve({ Kind: "host", Name });
      else if (Port !== null) resolve({ Kind: "join", Name, Port });
      else {
        code.focus();
        return;
      }
      dialog.close();
    };
    join.addEventListener("click", () => decide("join"));
    code.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      decide("join");
    });
    Find("form", HTMLFormElement, dialog).addEventListener("submit", (event) => {
      event.preventDefault();
      decide("host");
    });
  });
}
