import { Outbox } from './outbox.js';
import { timeOfId, Timeline } from './timeline.js';

const PAGE = 50;
const CATCH_UP_PAGE = 200;
const CATCH_UP_PAGES = 5;

/** An accepted message is in the history within a second; ask a little later than that. */
const SETTLE_MS = 1_500;

/** How long after its acknowledgement an own message may take to appear before it is looked for. */
const ECHO_MS = 3_000;

/** Clocks of browser and server may differ by this much when an own message is looked for. */
const CLOCK_SLACK_MS = 60_000;

const OP_DIRECT = 2;
const OP_ROOM = 3;
const OP_COUNT = 4;
const OP_MEMBERS = 5;

/** Rows kept while the person reads the newest ones. */
const KEEP = 500;

/** One room as one person sees it: messages, members, and what is on its way. */
export class Room {
  id;
  count = 0;
  /** Sorted by name: `{ userId, userName }`. */
  members = [];
  loading = false;
  loadError = '';
  /** Key of the first message that came while nobody looked; empty: none. */
  unreadKey = '';
  unread = 0;
  /** Whether the newest messages are on the screen. */
  watching = true;

  #me;
  #calls;
  #changed;
  #clock;
  #timeline = new Timeline();
  #outbox = new Outbox();
  #privates = [];
  #timer = null;
  #left = false;
  #membersKnown = false;

  /**
   * @param calls `history`, `sendToRoom`, `sendToUser`, `askMembers`, with token and room bound
   * @param {Function} changed called after every change
   */
  constructor(id, me, calls, changed, clock = Date.now) {
    this.id = id;
    this.#me = me;
    this.#calls = calls;
    this.#changed = changed;
    this.#clock = clock;
  }

  get hasOlder() {
    return this.#timeline.hasOlder;
  }

  /** What the stream shows, in order: kind `room`, `private` or `outgoing`. */
  items() {
    const items = this.#timeline.messages().map((message) => this.#roomItem(message));
    let i = 0;
    for (const message of this.#privates) {
      while (i < items.length && items[i].at <= message.at) {
        i++;
      }
      items.splice(i, 0, message);
    }
    return [...items, ...this.#outbox.entries().map((entry) => this.#outgoingItem(entry))];
  }

  /** The socket has joined: read what was missed, now and once more when all of it is stored. */
  joined() {
    this.#timeline.connectionOpened();
    this.#membersKnown = false;
    void this.#catchUp(false);
    this.#settleLater(SETTLE_MS);
  }

  leave() {
    this.#left = true;
    clearTimeout(this.#timer);
  }

  /** A frame of the socket, parsed. */
  receive(frame) {
    const now = this.#clock();
    if (frame.op === OP_ROOM && frame.roomId === this.id) {
      const message = this.#timeline.receive(frame, now);
      if (message) {
        this.#appeared([message], now);
      }
      if (!this.#timeline.settled) {
        this.#settleLater(SETTLE_MS);
      }
    } else if (frame.op === OP_DIRECT) {
      this.#addPrivate({ key: `private-${now}-${this.#privates.length}`, at: now, frame }, false);
    } else if (frame.op === OP_COUNT) {
      this.count = frame.count;
    } else if (frame.op === OP_MEMBERS && frame.roomId === this.id) {
      this.#setMembers(frame);
    }
    this.#changed();
  }

  async loadOlder() {
    if (this.loading || !this.hasOlder) {
      return;
    }
    await this.#load(async () => {
      const before = this.#timeline.oldestSeq;
      const page = await this.#calls.history({ before, limit: PAGE });
      this.#timeline.mergeOlder(page.messages, page.hasMore);
    });
  }

  /** @param {object | null} to the user, or null for the room */
  async send(text, to) {
    await this.#deliver(this.#outbox.add(text, to, this.#clock()));
  }

  async retry(key) {
    const entry = this.#outbox.entries().find((other) => other.key === key);
    if (entry?.state === 'failed') {
      await this.#deliver(this.#outbox.retry(entry));
    }
  }

  discard(key) {
    this.#outbox.remove({ key });
    this.#changed();
  }

  /** The person sees the newest messages, or no longer does. */
  watch(watching) {
    if (this.watching === watching) {
      return;
    }
    this.watching = watching;
    if (watching) {
      this.unread = 0;
      this.#timeline.prune(KEEP);
    } else {
      this.unreadKey = '';
    }
    this.#changed();
  }

  async #deliver(entry) {
    this.#changed();
    const message = { text: entry.text, clientMessageId: entry.key, resend: entry.resend };
    try {
      if (entry.to) {
        await this.#calls.sendToUser(entry.to.userId, message);
        this.#outbox.remove(entry);
        this.#addPrivate({ key: entry.key, at: this.#clock(), entry }, true);
      } else {
        await this.#calls.sendToRoom(message);
        this.#outbox.sent(entry, this.#clock());
        this.#lookFor(entry);
      }
    } catch (error) {
      this.#outbox.failed(entry, error.message);
    }
    this.#changed();
  }

  /** An own message comes back by socket; where it does not, the history has it. */
  #lookFor(entry) {
    setTimeout(() => {
      const waiting = this.#outbox.entries().some((other) => other.key === entry.key);
      if (waiting && !this.#left) {
        this.#settleLater(0);
      }
    }, ECHO_MS);
  }

  #settleLater(delay) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#catchUp(true), delay);
  }

  /** Reads the newest messages, down to the ones that are here, within reason. */
  async #catchUp(settled) {
    await this.#load(async () => {
      const since = this.#clock();
      if (settled && !this.#membersKnown) {
        void this.#calls.askMembers();
      }
      const newest = this.#timeline.newestSeq;
      const messages = [];
      let page;
      let before = 0;
      do {
        page = await this.#calls.history({ before, limit: before ? CATCH_UP_PAGE : PAGE });
        messages.push(...page.messages);
        before = page.messages.at(-1)?.seq ?? 0;
      } while (page.hasMore && newest > 0 && before > newest + 1
        && messages.length < CATCH_UP_PAGES * CATCH_UP_PAGE);
      const fresh = this.#timeline.mergeNewest(messages, page.hasMore, settled);
      this.#appeared(newest === 0 ? [] : fresh, since);
      this.#forgetArrived(fresh);
      if (settled) {
        this.#outbox.settled(since);
      }
    });
  }

  async #load(read) {
    this.loading = true;
    this.loadError = '';
    this.#changed();
    try {
      await read();
    } catch (error) {
      this.loadError = error.message;
    }
    this.loading = false;
    if (!this.#left) {
      this.#changed();
    }
  }

  /** Messages that nobody has seen yet. */
  #appeared(messages) {
    for (const { key, frame } of messages) {
      const own = frame.fromUserId === this.#me.userId;
      if (own) {
        this.#outbox.arrived(frame.msg);
      } else if (!this.watching) {
        this.unreadKey ||= key;
        this.unread++;
      }
    }
    if (this.watching) {
      this.unreadKey = '';
      this.#timeline.prune(2 * KEEP);
    }
  }

  #forgetArrived(messages) {
    const oldest = this.#outbox.entries()[0]?.at ?? Infinity;
    for (const { frame } of messages) {
      if (frame.fromUserId === this.#me.userId
        && timeOfId(frame.id) > oldest - CLOCK_SLACK_MS) {
        this.#outbox.arrived(frame.msg);
      }
    }
  }

  #addPrivate({ key, at, frame, entry }, own) {
    const item = {
      key, at, own, kind: 'private',
      text: own ? entry.text : frame.msg,
      userId: own ? this.#me.userId : frame.fromUserId,
      userName: own ? this.#me.userName : frame.fromUserName,
      toName: own ? entry.to.userName : '',
    };
    // After everything that is on the screen now, whatever the server's clock says.
    item.at = Math.max(at, this.#timeline.messages().at(-1)?.at ?? 0);
    this.#privates.push(item);
    if (!own && !this.watching) {
      this.unreadKey ||= key;
      this.unread++;
    }
  }

  #setMembers(frame) {
    this.#membersKnown = true;
    this.count = frame.count;
    this.members = Object.entries(frame.roomUserInfo ?? {})
      .map(([userId, userName]) => ({ userId: Number(userId), userName }))
      .sort((a, b) => a.userName.localeCompare(b.userName));
  }

  #roomItem({ key, at, seq, frame }) {
    return {
      key, at, seq, kind: 'room',
      own: frame.fromUserId === this.#me.userId,
      text: frame.msg, userId: frame.fromUserId, userName: frame.fromUserName,
    };
  }

  #outgoingItem(entry) {
    return {
      key: entry.key, at: entry.at, kind: 'outgoing', own: true, text: entry.text,
      userId: this.#me.userId, userName: this.#me.userName,
      toName: entry.to?.userName ?? '', state: entry.state, error: entry.error,
    };
  }
}
