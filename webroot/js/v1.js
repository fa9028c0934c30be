/** The HTTP API, version 1. Every call ends: with data, or with an ApiError within the deadline. */

const SESSION_ERROR = 40_000;

/** Texts of the wire that a person should not have to read. */
const FRIENDLIER = new Map([
  ['this user name already have , please login !!!',
    'That name is taken. Log in, or choose another one.'],
  ['no this user or password error!', 'Name or password is wrong.'],
]);

export class ApiError extends Error {
  /**
   * @param {string} message for the person
   * @param {{sessionEnded?: boolean, unreachable?: boolean}} [what]
   */
  constructor(message, { sessionEnded = false, unreachable = false } = {}) {
    super(message);
    this.name = 'ApiError';
    this.sessionEnded = sessionEnded;
    this.unreachable = unreachable;
  }
}

export class V1Client {
  #base;
  #fetch;
  #deadlineMs;

  constructor(base, { fetch = globalThis.fetch, deadlineMs = 12_000 } = {}) {
    this.#base = base.replace(/\/+$/, '');
    this.#fetch = fetch;
    this.#deadlineMs = deadlineMs;
  }

  register(userName, passWord) {
    return this.#post('/user/register', { userName, passWord });
  }

  login(userName, passWord) {
    return this.#post('/user/login', { userName, passWord });
  }

  /** @returns {Promise<{userId: number, userName: string}>} */
  checkAuth(authToken) {
    return this.#post('/user/checkAuth', { authToken });
  }

  logout(authToken) {
    return this.#post('/user/logout', { authToken });
  }

  /**
   * @param message its `clientMessageId` stays the same however often it is sent again, and makes
   *     all of the attempts one message
   */
  sendToRoom(authToken, roomId, { text, clientMessageId, resend }) {
    return this.#post('/push/pushRoom',
      { authToken, msg: text, roomId, clientMessageId, resend });
  }

  sendToUser(authToken, roomId, toUserId, { text, clientMessageId, resend }) {
    return this.#post('/push/push',
      { authToken, msg: text, toUserId: String(toUserId), roomId, clientMessageId, resend });
  }

  /** The figure comes by socket. */
  askCount(authToken, roomId) {
    return this.#post('/push/count', { authToken, roomId });
  }

  /** The list comes by socket. */
  askMembers(authToken, roomId) {
    return this.#post('/push/getRoomInfo', { authToken, roomId });
  }

  /** @returns {Promise<{messages: object[], hasMore: boolean}>} newest first */
  history(authToken, roomId, { before = 0, limit = 50 } = {}) {
    return this.#post('/push/history', { authToken, roomId, before, limit });
  }

  async #post(path, body) {
    let answer;
    try {
      const response = await this.#fetch.call(globalThis, this.#base + path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
        credentials: 'omit',
        cache: 'no-store',
        signal: AbortSignal.timeout(this.#deadlineMs),
      });
      answer = await response.json();
    } catch {
      throw new ApiError('The server cannot be reached. Please try again.', { unreachable: true });
    }
    if (answer?.code === 0) {
      return answer.data;
    }
    if (answer?.code === SESSION_ERROR) {
      throw new ApiError('Your session has ended. Please log in again.', { sessionEnded: true });
    }
    const text = String(answer?.message ?? 'The server gave no reason.');
    throw new ApiError(FRIENDLIER.get(text) ?? text);
  }
}
