import { Backoff } from './backoff.js';

/** A connection that has lived this long was a good one: the next loss starts from a short wait. */
const HELD_MS = 5_000;

/** The server stops, and another one is there (RFC 6455's registry of close codes). */
const SERVICE_RESTART = 1012;

/** How long a connection may take to open. */
const OPEN_DEADLINE_MS = 10_000;

/**
 * A WebSocket that comes back. Reports `{ state }`, which is one of `connecting`, `online`,
 * `waiting` (with `retryAt`, milliseconds of the clock) and `closed`.
 *
 * Never gives a frame of an earlier connection after `onOpen` of the next one.
 */
export class Socket {
  #url;
  #listener;
  #open;
  #backoff;
  #clock;
  #current = null;
  #timer = null;
  #heldTimer = null;

  /**
   * @param {string} url
   * @param {{onState: Function, onOpen: Function, onFrame: Function}} listener
   */
  constructor(url, listener, {
    open = (address) => new WebSocket(address), backoff = new Backoff(), clock = Date.now,
  } = {}) {
    this.#url = url;
    this.#listener = listener;
    this.#open = open;
    this.#backoff = backoff;
    this.#clock = clock;
  }

  /** Connects now, whatever the wait; does nothing while a connection is there or on its way. */
  connect() {
    if (this.#current) {
      return;
    }
    clearTimeout(this.#timer);
    this.#listener.onState({ state: 'connecting' });
    const socket = this.#open(this.#url);
    this.#current = socket;
    this.#timer = setTimeout(() => this.#lost(socket), OPEN_DEADLINE_MS);
    socket.onopen = () => this.#opened(socket);
    socket.onmessage = (event) => {
      if (socket === this.#current) {
        this.#listener.onFrame(event.data);
      }
    };
    socket.onclose = (event) => this.#lost(socket, event?.code);
  }

  /** @returns {boolean} whether the frame was handed to an open connection */
  send(frame) {
    if (this.#current?.readyState !== 1) {
      return false;
    }
    this.#current.send(JSON.stringify(frame));
    return true;
  }

  /** Gives up a connection that does not answer, and makes a new one. */
  restart() {
    if (this.#current) {
      this.#lost(this.#current);
      this.connect();
    }
  }

  /** Ends for good, until connect() is called. */
  close() {
    clearTimeout(this.#timer);
    clearTimeout(this.#heldTimer);
    const socket = this.#current;
    this.#current = null;
    this.#backoff.reset();
    socket?.close();
    this.#listener.onState({ state: 'closed' });
  }

  #opened(socket) {
    if (socket !== this.#current) {
      return;
    }
    clearTimeout(this.#timer);
    this.#heldTimer = setTimeout(() => this.#backoff.reset(), HELD_MS);
    this.#listener.onState({ state: 'online' });
    this.#listener.onOpen();
  }

  #lost(socket, code) {
    if (socket !== this.#current) {
      return;
    }
    this.#current = null;
    clearTimeout(this.#timer);
    clearTimeout(this.#heldTimer);
    socket.close();
    const wait = code === SERVICE_RESTART ? this.#backoff.moved() : this.#backoff.next();
    this.#timer = setTimeout(() => this.connect(), wait);
    this.#listener.onState({ state: 'waiting', retryAt: this.#clock() + wait });
  }
}
