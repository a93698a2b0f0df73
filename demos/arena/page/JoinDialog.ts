/** Asks for the pilot's name, once per visit; the last one is remembered by the browser. */
import { Find } from "../../Page.ts";
import { CleanName } from "../PilotName.ts";

const storageKey = "moonwire.arena.name";

/** Shows the dialog. @returns the name when the person has decided. */
export function AskName(dialog: HTMLDialogElement): Promise<string> {
  const input = Find("input", HTMLInputElement, dialog);
  input.value = recall();
  input.select();
  // There is no game behind it yet, so Escape has nothing to go back to.
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.showModal();
  return new Promise((resolve) => {
    const onClose = (): void => {
      const name = CleanName(input.value);
      remember(name);
      resolve(name);
    };
    dialog.addEventListener("close", onClose, { once: true });
  });
}

/** A browser that keeps nothing (private windows, blocked storage) throws here. */
function recall(): string {
  try {
    return localStorage.getItem(storageKey) ?? "";
  } catch {
    return "";
  }
}

function remember(name: string): void {
  try {
    localStorage.setItem(storageKey, name);
  } catch {
    // The name is asked for again on the next visit.
  }
}
