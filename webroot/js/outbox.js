/** What the person sent and the room's stream does not show yet. */
export class Outbox {
  #entries = [];
  #newId;

  constructor({ newId = () => crypto.randomUUID() } = {}) {
    this.#newId = newId;
  }

  /** In the order of sending: `{ key, text, at, to, state, error }`. */
  entries() {
    return this.#entries;
  }

  /**
   * @param {object | null} to the user, or null for the room
   */
  add(text, to, now) {
    const entry = {
      key: this.#newId(), text, to, at: now, state: 'sending', error: '', resend: false,
    };
    this.#entries.push(entry);
    return entry;
  }

  sent(entry, now) {
    this.#change(entry, { state: 'sent', sentAt: now });
  }

  failed(entry, error) {
    this.#change(entry, { state: 'failed', error });
  }

  retry(entry) {
    this.#change(entry, { state: 'sending', error: '', resend: true });
    return this.#entries.find((other) => other.key === entry.key);
  }

  remove(entry) {
    this.#entries = this.#entries.filter((other) => other.key !== entry.key);
  }

  /** An own message has appeared in the room: the first entry with its text has arrived. */
  arrived(text) {
    const entry = this.#entries.find((other) => other.to === null && other.text === text);
    if (entry) {
      this.remove(entry);
    }
  }

  /** A history read at `since` has everything that had been accepted a second before. */
  settled(since) {
    this.#entries = this.#entries.filter(
      (entry) => entry.state !== 'sent' || entry.sentAt > since - 1_000);
  }

  clear() {
    this.#entries = [];
  }

  #change(entry, change) {
    this.#entries = this.#entries.map(
      (other) => (other.key === entry.key ? { ...other, ...change } : other));
  }
}
