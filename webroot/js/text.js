/** How things are said: words, times, colours. No DOM. */

const LINK = /\bhttps?:\/\/[^\s<>"']+/gu;
const TRAILING = /[.,;:!?)\]}]+$/u;
const HUES = 12;
const DAY_MS = 86_400_000;

/** Cuts a text into `{ text }` and `{ text, href }`; joined, the texts are the text. */
export function linkParts(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const link = match[0].replace(TRAILING, '');
    if (!URL.canParse(link)) {
      continue;
    }
    if (match.index > end) {
      parts.push({ text: text.slice(end, match.index) });
    }
    parts.push({ text: link, href: link });
    end = match.index + link.length;
  }
  if (end < text.length) {
    parts.push({ text: text.slice(end) });
  }
  return parts;
}

/** A user's colour, the same everywhere and always. */
export function hueOf(userId) {
  return (Math.imul(Number(userId), 0x9e3779b1) >>> 16) % HUES;
}

/** The first letter of a name, whole even where it is more than one code unit. */
export function initialOf(name) {
  return (Array.from(name.trim())[0] ?? '?').toUpperCase();
}

/** Midnight of a time's day, in the reader's zone. */
export function dayOf(at) {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** Today, Yesterday, or the date. */
export function dayName(at, now) {
  const days = Math.round((dayOf(now) - dayOf(at)) / DAY_MS);
  if (days === 0) {
    return 'Today';
  }
  if (days === 1) {
    return 'Yesterday';
  }
  const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? undefined : 'numeric';
  return new Date(at).toLocaleDateString(undefined,
    { weekday: 'long', day: 'numeric', month: 'long', year });
}

export function timeName(at) {
  return new Date(at).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
}
