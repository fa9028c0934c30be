import { Room } from './room.js';
import { Socket } from './socket.js';

const DEFAULT_ROOM = 1;
const STORED_SESSION = 'parley.session';
const STORED_ROOM = 'parley.room';

/** A socket that was silent for this long is asked for a sign of life… */
const SILENCE_MS = 60_000;
/** …and has this long to give it. */
const SIGN_OF_LIFE_MS = 10_000;

/**
 * The whole of what the page shows, and what a person can do. Knows no DOM: the view subscribes,
 * and reads the public fields after each change.
 */
export class Chat {
  /** `starting`, `signed-out` or `signed-in`. */
  phase = 'starting';
  busy = false;
  /** What went wrong, or why the person is signed out. */
  notice = '';
  /** `{ userId, userName }`. */
  me = null;
  /** `{ state, retryAt? }`, see Socket. */
  connection = { state: 'closed' };
  room = null;
  /** Whom the composer writes to: a member, or null for the room. */
  recipient = null;

  #api;
  #wsUrl;
  #storage;
  #clock;
  #token = '';
  #socket = null;
  #network = true;
  #listeners = new Set();
  #announced = false;
  #lastFrame = 0;
  #heartbeat = null;
  #signOfLife = null;

  /**
   * @param {{api: import('./v1.js').V1Client, wsUrl: string, storage: Storage}} parts
   */
  constructor({ api, wsUrl, storage, clock = Date.now }) {
    this.#api = api;
    this.#wsUrl = wsUrl;
    this.#storage = storage;
    this.#clock = clock;
  }

  /** Calls the listener soon after each change, once for many. */
  subscribe(listener) {
    this.#listeners.add(listener);
  }

  /** Takes up the session that this browser has, if it still holds. */
  async start(wantedRoom) {
    const stored = this.#read(STORED_SESSION);
    if (!stored?.token) {
      this.#set({ phase: 'signed-out' });
      return;
    }
    try {
      const me = await this.#api.checkAuth(stored.token);
      this.#signedIn(stored.token, me, wantedRoom);
    } catch (error) {
      if (error.sessionEnded) {
        this.#forget(error.message);
      } else {
        // The server is away, the session may be fine: keep trying in the room.
        this.#signedIn(stored.token, stored.me, wantedRoom);
      }
    }
  }

  login(userName, password, wantedRoom) {
    return this.#enterWith(() => this.#api.login(userName, password), wantedRoom);
  }

  register(userName, password, wantedRoom) {
    return this.#enterWith(() => this.#api.register(userName, password), wantedRoom);
  }

  async logout() {
    const token = this.#token;
    this.#forget('');
    try {
      await this.#api.logout(token);
    } catch {
      // Without its owner the session ends by itself; nothing is left here to tell.
    }
  }

  /** Another tab logged in or out. */
  storedSessionChanged(wantedRoom) {
    const stored = this.#read(STORED_SESSION);
    if (stored?.token === this.#token) {
      return;
    }
    this.#leave();
    if (stored?.token) {
      this.#signedIn(stored.token, stored.me, wantedRoom);
    } else {
      this.#set({ phase: 'signed-out', notice: 'You logged out in another tab.' });
    }
  }

  enterRoom(roomId) {
    if (this.phase !== 'signed-in' || this.room?.id === roomId) {
      return;
    }
    this.room?.leave();
    this.recipient = null;
    this.room = new Room(roomId, this.me, this.#callsOf(roomId), () => this.#announce(),
      this.#clock);
    this.#write(STORED_ROOM, roomId);
    if (this.connection.state === 'online') {
      this.#join();
    }
    this.#announce();
  }

  writeTo(member) {
    this.#set({ recipient: member });
  }

  /** Sends to the recipient or the room; false when it cannot be tried now. */
  send(text) {
    if (this.connection.state !== 'online') {
      return false;
    }
    void this.room.send(text, this.recipient);
    return true;
  }

  /** The network is back, or the person is impatient. */
  reconnectNow() {
    if (this.phase === 'signed-in') {
      this.#socket.connect();
      this.#lookAlive();
    }
  }

  /** The browser says that it has a network, or none. */
  network(there) {
    this.#network = there;
    if (there) {
      this.reconnectNow();
    } else {
      this.#socket?.restart();
    }
    this.#announce();
  }

  /** `connecting`, `online`, `waiting` or `offline`. */
  get status() {
    const { state } = this.connection;
    return this.#network || state === 'online' ? state : 'offline';
  }

  async #enterWith(open, wantedRoom) {
    this.#set({ busy: true, notice: '' });
    try {
      const token = await open();
      const me = await this.#api.checkAuth(token);
      this.#write(STORED_SESSION, { token, me });
      this.#signedIn(token, me, wantedRoom);
    } catch (error) {
      this.#set({ notice: error.message });
    }
    this.#set({ busy: false });
  }

  #signedIn(token, me, wantedRoom) {
    this.#token = token;
    this.#set({ phase: 'signed-in', notice: '', me });
    this.#socket = new Socket(this.#wsUrl, {
      onState: (connection) => this.#set({ connection }),
      onOpen: () => this.#join(),
      onFrame: (data) => this.#received(data),
    });
    this.enterRoom(wantedRoom || this.#read(STORED_ROOM) || DEFAULT_ROOM);
    this.#socket.connect();
    this.#heartbeat = setInterval(() => this.#lookAlive(), SILENCE_MS / 2);
  }

  #join() {
    this.#lastFrame = this.#clock();
    if (this.#socket.send({ authToken: this.#token, roomId: this.room.id })) {
      this.room.joined();
    }
  }

  #received(data) {
    this.#lastFrame = this.#clock();
    clearTimeout(this.#signOfLife);
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      return;
    }
    if (frame && typeof frame === 'object') {
      this.room.receive(frame);
    }
  }

  /** A connection can be dead without a word: who is silent is asked something. */
  #lookAlive() {
    const asked = this.#lastFrame;
    if (this.connection.state !== 'online' || this.#clock() - asked < SILENCE_MS) {
      return;
    }
    clearTimeout(this.#signOfLife);
    this.#callsOf(this.room.id).askCount().then(() => {
      this.#signOfLife = setTimeout(() => {
        if (this.#lastFrame === asked) {
          this.#socket.restart();
        }
      }, SIGN_OF_LIFE_MS);
    }, () => {});
  }

  /** The calls of a room; one that finds the session ended signs the person out. */
  #callsOf(roomId) {
    const token = this.#token;
    const guarded = (call) => call.catch((error) => {
      if (error.sessionEnded && token === this.#token) {
        this.#forget(error.message);
      }
      throw error;
    });
    return {
      history: (range) => guarded(this.#api.history(token, roomId, range)),
      sendToRoom: (message) => guarded(this.#api.sendToRoom(token, roomId, message)),
      sendToUser: (userId, message) =>
        guarded(this.#api.sendToUser(token, roomId, userId, message)),
      // Answered by socket; an empty room is no failure worth a word.
      askMembers: () => guarded(this.#api.askMembers(token, roomId)).catch(() => {}),
      askCount: () => guarded(this.#api.askCount(token, roomId)),
    };
  }

  #forget(notice) {
    this.#leave();
    this.#storage.removeItem(STORED_SESSION);
    this.#set({ phase: 'signed-out', notice });
  }

  #leave() {
    this.#token = '';
    clearInterval(this.#heartbeat);
    clearTimeout(this.#signOfLife);
    this.room?.leave();
    this.#socket?.close();
    this.#set({ room: null, me: null, recipient: null });
  }

  #set(change) {
    Object.assign(this, change);
    this.#announce();
  }

  #announce() {
    if (this.#announced) {
      return;
    }
    this.#announced = true;
    queueMicrotask(() => {
      this.#announced = false;
      this.#listeners.forEach((listener) => listener());
    });
  }

  #read(key) {
    try {
      return JSON.parse(this.#storage.getItem(key));
    } catch {
      return null;
    }
  }

  #write(key, value) {
    this.#storage.setItem(key, JSON.stringify(value));
  }
}
