/**
 * Text to UTF-8 bytes and back, for everything in core that puts text on a wire.
 *
 * Neither direction can fail: a lone surrogate is written as U+FFFD, and each invalid sequence is
 * read as U+FFFD (the Encoding Standard's replacement rule), so a peer's bytes never throw. A byte
 * order mark is text like any other, kept in both directions. Sizes are bounded by the callers.
 */

/** Universal in Node.js and pages; declared here because core has neither's types. */
declare const TextEncoder: new () => {
  encode(text: string): Uint8Array<ArrayBuffer>;
  encodeInto(text: string, to: Uint8Array): { readonly read: number; readonly written: number };
};
declare const TextDecoder: new (
  label: "utf-8",
  options: { readonly ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Most bytes that one UTF-16 unit of a string takes; a surrogate pair takes 4 for its two. */
export const maxUtf8BytesPerUnit = 3;

/** The UTF-8 bytes of `text`, in an array of their own. */
export function EncodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/**
 * Writes the UTF-8 bytes of `text` to the start of `to`.
 * @param to at least `text.length * maxUtf8BytesPerUnit` bytes; with less, whole characters that
 *   fit.
 * @returns bytes written.
 */
export function EncodeUtf8Into(text: string, to: Uint8Array): number {
  return encoder.encodeInto(text, to).written;
}

/** The text of `bytes`; U+FFFD stands for what is not UTF-8. */
export function DecodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
