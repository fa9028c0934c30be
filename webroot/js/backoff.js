/**
 * How long to wait before the next attempt: exponential, with jitter, so that clients that lost
 * their server together do not come back together.
 */
export class Backoff {
  #attempts = 0;
  #firstMs;
  #longestMs;
  #random;

  constructor({ firstMs = 1_000, longestMs = 30_000, random = Math.random } = {}) {
    this.#firstMs = firstMs;
    this.#longestMs = longestMs;
    this.#random = random;
  }

  /** Milliseconds until the next attempt: between half and all of the step's length. */
  next() {
    const step = Math.min(this.#longestMs, this.#firstMs * 2 ** Math.min(this.#attempts, 20));
    this.#attempts++;
    return Math.round(step * (0.5 + this.#random() / 2));
  }

  /**
   * Milliseconds until an attempt at a moment of the server's choice, which tells its clients to
   * move a few at a time: any moment of the first step. Later attempts wait as after a loss.
   */
  moved() {
    this.#attempts = 1;
    return Math.round(this.#firstMs * this.#random());
  }

  /** Start over: an attempt has held. */
  reset() {
    this.#attempts = 0;
  }
}
