/** Finds the elements that index.html promises; a missing one is a mistake in the page. */
export function Find<Type extends Element>(
  selector: string,
  type: abstract new (...args: never[]) => Type,
  inside: ParentNode = document,
): Type {
  const element = inside.querySelector(selector);
  if (element instanceof type) return element;
  throw new TypeError(`The page needs a ${type.name} at "${selector}".`);
}
