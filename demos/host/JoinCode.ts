/**
 * A host's port as a word that people can say to each other: three syllables of a consonant and a
 * vowel, "bodema". Ports from 1,024 on have one.
 */
const consonants = "bdklmnrst";
const vowels = "aeiou";
const syllables = consonants.length * vowels.length;
const firstPort = 1_024;
const lastPort = 65_535;

/** @param port 1,024..65,535 */
export function CodeOf(port: number): string {
  let rest = port - firstPort;
  let code = "";
  for (let i = 0; i < 3; i++) {
    const syllable = rest % syllables;
    rest = Math.floor(rest / syllables);
    const consonant = consonants[Math.floor(syllable / vowels.length)] ?? "";
    code += consonant + (vowels[syllable % vowels.length] ?? "");
  }
  return code;
}

/** @param text as somebody typed it, or a port's number. @returns the port, or null. */
export function PortOf(text: string): number | null {
  const code = text.trim().toLowerCase();
  if (/^\d+$/.test(code)) return inRange(Number(code));
  if (code.length !== 6) return null;
  let port = 0;
  for (let i = 4; i >= 0; i -= 2) {
    const consonant = consonants.indexOf(code[i] ?? "");
    const vowel = vowels.indexOf(code[i + 1] ?? "");
    if (consonant < 0 || vowel < 0) return null;
    port = port * syllables + consonant * vowels.length + vowel;
  }
  return inRange(port + firstPort);
}

function inRange(port: number): number | null {
  return port >= firstPort && port <= lastPort ? port : null;
}
