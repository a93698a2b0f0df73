/**
 * Just enough colour for the sample: comments, strings, keywords and calls, as spans with
 * classes.
 */
const keywords =
  "class|const|export|extends|from|if|import|new|override|readonly|return|this|type|void";
const tokens = new RegExp(
  [
    String.raw`(?<comment>/\*[^]*?\*/|//.*)`,
    String.raw`(?<string>"[^"\n]*")`,
    String.raw`(?<keyword>\b(?:${keywords})\b)`,
    String.raw`(?<call>\b[A-Za-z]\w*(?=\())`,
  ].join("|"),
  "g",
);

/** Puts `source` into `element`, coloured. */
export function ShowCode(element: Element, source: string): void {
  const parts: (Node | string)[] = [];
  let end = 0;
  for (const match of source.matchAll(tokens)) {
    const [text] = match;
    const kind = Object.entries(match.groups ?? {}).find(([, found]) => found !== undefined);
    const span = document.createElement("span");
    span.className = kind?.[0] ?? "";
    span.textContent = text;
    parts.push(source.slice(end, match.index), span);
    end = match.index + text.length;
  }
  element.replaceChildren(...parts, source.slice(end));
}
